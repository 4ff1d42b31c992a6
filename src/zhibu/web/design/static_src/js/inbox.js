// 待我办: j and k go from row to row, 1 and 2 press its buttons, h opens 放一放 for it. Off in inputs, while an input
// method composes, and when switched off on this device (WCAG 2.1.4). Only that page loads this file.
import { off, setOff } from "./switch.js";

const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const rows = [...document.querySelectorAll("[data-inbox-row]")];

document.addEventListener("keydown", (event) => {
  if (off() || event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest(FIELDS)) return;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  if (event.key === "j" || event.key === "k") go(event, here + (event.key === "j" ? 1 : -1));
  else if (here >= 0 && event.key === "h") later(event, here);
  else if (here >= 0) press(event, rows[here]);
});

function go(event, to) {
  const row = rows[Math.max(0, Math.min(to, rows.length - 1))];
  if (!row) return;
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

// The list of 放一放 has the rows in their order.
function later(event, here) {
  const which = document.getElementById("snooze-key");
  event.preventDefault();
  which.closest("details").open = true;
  which.selectedIndex = here;
  document.getElementById("snooze-until").focus();
}

const button = document.querySelector("[data-keys-switch]");
if (button) {
  const name = () => { button.textContent = off() ? "打开快捷键" : "关掉快捷键"; };
  button.addEventListener("click", () => { setOff(!off()); name(); });
  name();
}
