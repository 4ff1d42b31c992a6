"""The payloads of `payloads.txt`, and what a page that ran one, or let one become markup, looks like from inside."""

from __future__ import annotations

from pathlib import Path

CANARY = "canary.invalid"
FILE = Path(__file__).with_name("payloads.txt")
PAYLOADS = [
    line.replace("CANARY", CANARY)
    for line in FILE.read_text("utf-8").splitlines()
    if line.strip() and not line.startswith(("# ", "## "))
]
SQUARED = str(1337 * 1337)  # what {{1337*1337}} would give

# Runs before any script of a page: whatever calls alert, or is stopped by the policy, is remembered.
WATCH = """
window.__ran = []; window.__violations = [];
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = (...told) => { window.__ran.push(name); };
document.addEventListener("securitypolicyviolation", (event) => {
  window.__violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
}, true);
"""
# What no page of ours has in it: elements, handlers, and addresses of elsewhere.
LOOK = """(squared) => {
  const never = new Set(("iframe object embed applet base frame frameset portal math marquee style video audio xmp"
    + " plaintext listing isindex keygen font animate set foreignobject image x hx-partial area").split(" "));
  const places = new Set(("href src action formaction xlink:href data poster background ping srcset hx-get hx-post"
    + " hx-put hx-delete data-hx-get data-hx-post data-draft-url").split(" "));
  const scheme = /^\\s*(?!https?:|mailto:|tel:)[a-z][a-z\\s]*:/i, elsewhere = /^\\s*[\\\\/]{2}|canary\\.invalid/i;
  const found = [...window.__ran.map((one) => `ran ${one}`), ...window.__violations.map((one) => `policy ${one}`)];
  for (const element of document.querySelectorAll("*")) {
    if (never.has(element.localName)) found.push(`<${element.localName}>`);
    if (element.localName === "img" && !/^\\/|^data:image/.test(element.getAttribute("src"))) found.push("<img>");
    if (element.localName === "script" && !element.src) found.push("<script> without an address");
    if (element.localName === "meta" && element.httpEquiv) found.push("<meta http-equiv>");
    for (const { name, value } of element.attributes) {
      if (/^on|^hx-on|^hx-ext$|^style$|^srcdoc$|^ng-|^v-/i.test(name)) found.push(`${element.localName} ${name}`);
      if (!places.has(name) || value.startsWith("data:image/")) continue;
      if (scheme.test(value) || elsewhere.test(value.split("?")[0])) found.push(`${name}=${value}`);
    }
  }
  if (document.body && document.body.textContent.includes(squared)) found.push("a template was run");
  return [...new Set(found)];
}"""
# Fills every field of the forms of the page's main part, whatever its limits, and sends the one asked for.
FILL = """([number, texts]) => {
  const ours = (form) => form.method === "post" && !/logout|\\/size\\//.test(form.action);
  const form = [...document.querySelectorAll("main form")].filter(ours)[number];
  if (!form) return false;
  const chosen = ["checkbox", "radio"], other = ["hidden", "file", "submit", "button"];
  let next = 0;
  for (const control of form.elements) {
    if (chosen.includes(control.type)) control.checked = true;
    else if (["input", "textarea"].includes(control.localName) && !other.includes(control.type)) {
      control.removeAttribute("maxlength");
      if (control.localName === "input") control.type = "text";
      control.value = texts[next++ % texts.length];
    }
  }
  HTMLFormElement.prototype.submit.call(form);
  return true;
}"""
