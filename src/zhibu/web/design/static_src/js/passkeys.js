// <form data-passkey="get|create" data-options="…">: the button asks the browser for a passkey, puts its answer as JSON into the
// hidden field and sends the form. `data-options` are the server's, bytes as base64url; [data-passkey-line] says what went
// wrong. Loaded by the pages that have such a form; without script they offer another way.
import { make } from "./say.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const WORDS = {
  NotAllowedError: "没有完成，可能是取消了或等得太久。再点一次按钮，或换一种办法",
  InvalidStateError: "这台设备已经添加过了",
  SecurityError: "现在的网址不能用通行密钥，换一种办法",
};

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  const field = form.querySelector('input[type="hidden"][name$="passkey"]');
  const line = form.querySelector("[data-passkey-line]") || form.appendChild(make("p", "field-error", ""));
  form.addEventListener("submit", async (event) => {
    if (field.value) return;
    event.preventDefault();
    line.textContent = "";
    try {
      field.value = JSON.stringify(await ask(form.dataset.passkey, JSON.parse(form.dataset.options)));
      form.submit();
    } catch (error) {
      line.textContent = WORDS[error.name] || "这个浏览器不能用通行密钥，换一种办法";
    }
  });
});

async function ask(what, options) {
  options.challenge = bytes(options.challenge);
  if (what === "create") {
    options.user.id = bytes(options.user.id);
    (options.excludeCredentials || []).forEach((one) => { one.id = bytes(one.id); });
    return written(await navigator.credentials.create({ publicKey: options }));
  }
  (options.allowCredentials || []).forEach((one) => { one.id = bytes(one.id); });
  return written(await navigator.credentials.get({ publicKey: options }));
}

function written(key) {
  const answer = key.response;
  const response = { clientDataJSON: text(answer.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[name]) response[name] = text(answer[name]);
  }
  if (answer.getTransports) response.transports = answer.getTransports();
  return { id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: key.getClientExtensionResults() };
}
