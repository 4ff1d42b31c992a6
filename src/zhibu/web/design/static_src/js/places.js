// Boxes that name an organisation (`data-places`: where to ask) suggest as one types. Without this file they take a name
// or a code as they stand. The list is a listbox of the box, a combobox: arrows, Enter, Escape, or a tap.
import { make } from "./say.js";

const PAUSE = 250;
let lists = 0;

export function places() {
  ready();
  document.addEventListener("htmx:after:swap", ready);
}

function ready() {
  for (const box of document.querySelectorAll("[data-places]:not([data-ready])")) {
    box.dataset.ready = "1";
    if (box.tagName === "TEXTAREA") adding(box);
    else offer(box, box.dataset.places, (words) => put(box, words));
  }
}

function put(box, words) {
  box.value = words;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

// A list of many, one a line: a box of its own below it adds a line.
function adding(area) {
  const box = make("input", "form-control");
  box.type = "text";
  box.id = `${area.id}-add`;
  const label = make("label", "field-hint mt-3", "加一个：名称、代码或拼音首字母");
  label.htmlFor = box.id;
  area.after(label, box);
  offer(box, area.dataset.places, (words) => {
    put(area, `${area.value.replace(/\s+$/, "")}\n${words}\n`.trimStart());
    box.value = "";
  });
}

function offer(box, url, choose) {
  const list = make("ul", "picks");
  const told = make("div", "visually-hidden");
  const frame = make("div", "pick");
  let timer = 0;
  let active = -1;
  list.id = `picks-${++lists}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "可选的党组织");
  told.setAttribute("role", "status");
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
  })) box.setAttribute(name, value);
  frame.append(list, told);
  box.after(frame);

  function hide() {
    clearTimeout(timer);
    list.hidden = true;
    move(-1);
    box.setAttribute("aria-expanded", "false");
  }

  function move(to) {
    active = to;
    [...list.children].forEach((one, place) => one.setAttribute("aria-selected", String(place === to)));
    if (to < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", list.children[to].id);
    list.children[to].scrollIntoView({ block: "nearest" });
  }

  function show(found) {
    list.replaceChildren(...found.map((one, place) => {
      const line = make("li", "pick-one", one.name);
      line.id = `${list.id}-${place}`;
      line.setAttribute("role", "option");
      line.dataset.words = one.words;
      line.append(make("span", "pick-note", one.note));
      return line;
    }));
    hide();
    told.textContent = found.length ? `${found.length} 个党组织，用上下键选` : "没有相近的党组织";
    if (!found.length) return;
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
  }

  async function ask() {
    const asked = box.value.trim();
    if (!asked) return hide();
    try {
      const answer = await fetch(`${url}&q=${encodeURIComponent(asked)}`, { credentials: "same-origin" });
      const { found } = await answer.json();
      if (asked === box.value.trim() && document.activeElement === box) show(found);
    } catch { hide(); } // signed out or no network: what is typed still counts
  }

  function later(event) {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }

  function take(line) {
    choose(line.dataset.words);
    hide();
    told.textContent = `已选 ${line.firstChild.textContent}`;
  }

  box.addEventListener("input", later);
  box.addEventListener("compositionend", later);
  box.addEventListener("blur", hide);
  box.addEventListener("keydown", (event) => {
    const lines = list.children;
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") move((active + 1) % lines.length);
    else if (event.key === "ArrowUp") move((active < 1 ? lines.length : active) - 1);
    else if (event.key === "Enter" && active >= 0) take(lines[active]);
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const line = event.target.closest("li");
    if (line) take(line);
  });
}
