// `/` goes to the search box; Ctrl+Enter presses the form's first button. Neither while an input method composes.
import { off } from "./switch.js";

export function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) press(event);
    else if (event.key === "/" && !off() && !event.ctrlKey && !event.altKey && !event.metaKey) search(event);
  });
}

function press(event) {
  const form = event.target.closest && event.target.closest("form");
  const button = form && form.querySelector("button[type=submit]:not([disabled]), button:not([type]):not([disabled])");
  if (!button || event.target.tagName === "BUTTON") return;
  event.preventDefault();
  button.click();
}

function search(event) {
  if (event.target.closest && event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("[data-search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
}
