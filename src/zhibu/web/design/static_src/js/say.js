// Notices: one at a time, in a live region, staying until the next act or a tap on the cross.

export function say(text, acts = []) {
  const region = document.getElementById("notices");
  if (!region) return;
  region.replaceChildren();
  const box = make("div", "notice notice-warn");
  const words = make("div", "notice-text", text);
  box.append(words);
  for (const [word, act] of [...acts, ["知道了", () => {}]]) {
    const button = make("button", "btn btn-plain", word);
    button.type = "button";
    button.addEventListener("click", () => { box.remove(); act(); });
    box.append(button);
  }
  region.append(box);
}

export function make(name, css, text = "") {
  const element = document.createElement(name);
  element.className = css;
  element.textContent = text;
  return element;
}

export function clock(date = new Date()) {
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}
