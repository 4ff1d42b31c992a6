// Attendance: one tap for the rest.
//   <button type="button" data-set-rest="#absent" data-value="leave" data-js hidden>一并设为“请假”</button>
//     fills the selects inside #absent that are still empty;
//   <input type="checkbox" data-check-all="#present"> ticks or clears all boxes inside;
//   <details data-kinds="general_meeting"> is there while one of these boxes of #id_types is ticked;
//   <output data-count="#present" data-of="到会 {n} / 应到 {all}"></output> counts the ticked boxes;
//   <output data-sheet="#attendance"></output> counts the states chosen there, `rest` for the others;
//   <span data-length="#id_content"></span> says how long a text is.

export function together() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-set-rest]");
    if (!button) return;
    for (const select of inside(button.dataset.setRest, "select")) {
      if (!select.value) change(select, () => { select.value = button.dataset.value; });
    }
  });
  document.addEventListener("change", (event) => {
    const all = event.target.dataset && event.target.dataset.checkAll;
    if (all) {
      for (const box of boxes(all)) if (!box.disabled && box !== event.target) change(box, () => { box.checked = event.target.checked; });
    }
    count();
    kinds();
    sheet();
  });
  document.addEventListener("input", lengths);
  count();
  kinds();
  sheet();
  lengths();
}

// 已到 31 / 应到 38，还有 2 人没有记. As the server counts: who is not asked or not expected is in neither.
function sheet() {
  for (const output of document.querySelectorAll("[data-sheet]")) {
    const rest = (inside(output.dataset.sheet, "input[name=rest]:checked")[0] || {}).value || "";
    const states = inside(output.dataset.sheet, "select").map((select) => select.value || rest);
    const those = (...words) => states.filter((state) => words.includes(state)).length;
    const open = those("");
    say(output, `已到 ${those("present")} / 应到 ${states.length - those("excused", "out")}${open ? `，${open} 人没有记` : ""}`);
  }
}

function lengths() {
  for (const output of document.querySelectorAll("[data-length]")) {
    say(output, [...document.querySelector(output.dataset.length).value.trim()].length);
  }
}

function say(output, text) {
  if (output.textContent !== String(text)) output.textContent = text;
}

// What only some kinds of activity ask. Nothing typed is lost by hiding it: the server keeps what the kinds ticked ask.
function kinds() {
  const ticked = new Set(inside("#ticks", "input[name=types]:checked").map((box) => box.value));
  for (const part of document.querySelectorAll("details[data-kinds]")) {
    const asked = part.dataset.kinds.split(" ").some((kind) => ticked.has(kind));
    if (asked && part.hidden) part.open = true;
    part.hidden = !asked;
  }
}

function change(control, act) {
  act();
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

function inside(selector, what) {
  const area = document.querySelector(selector);
  return area ? [...area.querySelectorAll(what)] : [];
}

const boxes = (selector) => inside(selector, "input[type=checkbox]:not([data-check-all])");

function count() {
  for (const output of document.querySelectorAll("[data-count]")) {
    const all = boxes(output.dataset.count);
    const ticked = all.filter((box) => box.checked).length;
    say(output, (output.dataset.of || "{n} / {all}").replace("{n}", ticked).replace("{all}", all.length));
  }
}
