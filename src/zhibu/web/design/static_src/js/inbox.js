// 待我办: j and k go from row to row, 1 and 2 press its buttons. Off in inputs and while an input method composes.

const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";

export function inbox() {
  const rows = [...document.querySelectorAll("[data-inbox-row]")];
  if (!rows.length) return;
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest(FIELDS)) return;
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    if (event.key === "j" || event.key === "k") go(event, rows, here + (event.key === "j" ? 1 : -1));
    else if (here >= 0) press(event, rows[here]);
  });
}

function go(event, rows, to) {
  const row = rows[Math.max(0, Math.min(to, rows.length - 1))];
  event.preventDefault();
  row.querySelector("[data-inbox-open]").focus();
  row.scrollIntoView({ block: "nearest" });
}

function press(event, row) {
  const button = row.querySelector(`[data-inbox-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
}
