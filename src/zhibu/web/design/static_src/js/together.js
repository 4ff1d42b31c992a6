// Attendance: one tap for the rest.
//   <button type="button" data-set-rest="#absent" data-value="leave" data-js hidden>一并设为“请假”</button>
//     fills the selects inside #absent that are still empty;
//   <input type="checkbox" data-check-all="#present"> ticks or clears all boxes inside;
//   <details data-kinds="general_meeting"> is there while one of these boxes of #id_types is ticked;
//   <output data-count="#present" data-of="到会 {n} / 应到 {all}"></output> counts the ticked boxes.

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
  });
  count();
  kinds();
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
    const text = (output.dataset.of || "{n} / {all}").replace("{n}", ticked).replace("{all}", all.length);
    if (output.textContent !== text) output.textContent = text;
  }
}
