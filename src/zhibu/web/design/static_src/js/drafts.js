// Drafts of <form data-draft="key" [data-draft-url="/…"]>: on this device 2 s after a pause, on the server
// when a field is left and every 15 s. Never submits. Files are not kept. `data-draft-line` names the element
// that says 「草稿已存 20:14」; the form makes one when there is none. <form data-guard> only warns on leaving.
//
// On this device means localStorage under user and form, dropped on sign-out (<form data-sign-out>), after a
// submission that led on to another page, and after a week.
import { clock, make, say } from "./say.js";

const PREFIX = "zhibu:draft:";
const SENT = "zhibu:sent";
const WEEK = 7 * 24 * 3600 * 1000;
const user = () => document.body.dataset.user || "";

export function drafts() {
  forgetSent();
  forgetOld();
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sign-out]")) forgetAll();
  });
  document.querySelectorAll("form[data-draft]").forEach(keep);
  document.querySelectorAll("form[data-guard]:not([data-draft])").forEach(guard);
}

function keep(form) {
  const key = PREFIX + user() + ":" + form.dataset.draft;
  const url = form.dataset.draftUrl;
  const line = (form.dataset.draftLine && document.querySelector(form.dataset.draftLine)) || addLine(form);
  const first = read(form);
  let saved = first; // on this device
  let sent = first; // on the server
  let pause = 0;
  let busy = false;
  let gone = false;
  let out = false; // signed out meanwhile

  function local() {
    clearTimeout(pause);
    const now = read(form);
    if (now === saved) return;
    if (put(key, JSON.stringify({ at: Date.now(), data: now }))) {
      saved = now;
      if (!url || !navigator.onLine) told("草稿已存本机");
    }
  }
  async function remote() {
    const now = read(form);
    if (!url || busy || gone || out || now === sent || !navigator.onLine) return;
    busy = true;
    try {
      answered(await post(now), now);
    } catch (error) {
      offline(true);
      told("草稿已存本机");
    }
    busy = false;
  }
  function post(now) {
    const body = new URLSearchParams(now);
    const token = form.querySelector("[name=csrfmiddlewaretoken]");
    if (token) body.set("csrfmiddlewaretoken", token.value);
    return fetch(url, { method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { "X-Draft": "1" } });
  }
  // A redirect leads to the sign-in page: the session is over. Nothing is called saved that is not.
  function answered(answer, now) {
    offline(false);
    told(answer.ok ? "草稿已存" : "还没有存到系统，已存本机");
    if (answer.ok) {
      sent = now;
      document.dispatchEvent(new Event("zhibu:kept"));
    } else if (answer.type === "opaqueredirect") {
      out = true;
      say("停留太久，已退出。写的都在本机。", [["重新登录", () => { local(); gone = true; location.reload(); }]]);
    } else if (answer.status === 409) {
      gone = true;
      say("这份草稿在别处也改过。这里写的仍在本机。", [["看两份，选一份", () => form.querySelector("[value=save]").click()]]);
    }
  }
  function told(words) {
    line.textContent = `${words} ${clock()}`;
  }
  function offline(is) {
    let bar = document.getElementById("offline");
    if (!is) return bar && bar.remove();
    if (!bar) {
      bar = make("div", "offline no-print", "没有网络，已存在本机。联网后自动保存为草稿，不会自动提交");
      bar.id = "offline";
      bar.setAttribute("role", "status");
      document.body.prepend(bar);
    }
    local();
  }

  const later = () => {
    clearTimeout(pause);
    pause = setTimeout(local, 2000);
  };
  const now = () => { local(); remote(); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("focusout", now);
  setInterval(now, 15000);
  document.addEventListener("visibilitychange", () => { if (document.hidden) now(); });
  window.addEventListener("offline", () => offline(true));
  window.addEventListener("online", () => { offline(false); remote(); });
  form.addEventListener("submit", () => {
    local();
    gone = true;
    try { sessionStorage.setItem(SENT, key); } catch (error) { /* private window */ }
  });
  window.addEventListener("beforeunload", (event) => {
    local();
    if (!gone && read(form) !== saved) warn(event);
  });
  offer(form, key, first);
}

// After a crash or an expired sign-in: what was written here and is not in the form.
function offer(form, key, first) {
  const kept = take(key);
  if (!kept || kept.data === first) return;
  const box = make("div", "notice notice-info no-print");
  const text = make("div", "notice-text", `这台设备上有 ${when(kept.at)} 没有提交的内容。`);
  const yes = make("button", "btn btn-primary", "接着写");
  const no = make("button", "btn btn-plain", "不要了");
  yes.type = no.type = "button";
  yes.addEventListener("click", () => { write(form, kept.data); box.remove(); leftOver(form, kept.data); });
  no.addEventListener("click", () => { drop(key); box.remove(); });
  box.append(text, yes, no);
  form.prepend(box);
}

// The form was changed meanwhile: what was typed in a field that is gone is shown, to be copied.
function leftOver(form, text) {
  const words = [...new URLSearchParams(text)].filter(([name, value]) => !form.elements[name] && value.trim().length > 1 && !name.startsWith("state-"));
  if (!words.length) return;
  const box = make("div", "notice notice-warn no-print");
  box.append(make("div", "notice-text", "这张表改过。下面是以前填的，要用就抄到“内容”里："));
  for (const [, value] of words) box.append(make("p", "prose", value));
  form.prepend(box);
}

function when(at) {
  const date = new Date(at);
  const today = new Date().toDateString() === date.toDateString();
  return today ? clock(date) : `${date.getMonth() + 1} 月 ${date.getDate()} 日 ${clock(date)}`;
}

function guard(form) {
  const first = read(form);
  let leaving = false;
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && form.isConnected && read(form) !== first) warn(event);
  });
}

function warn(event) {
  event.preventDefault();
  event.returnValue = "";
}

function addLine(form) {
  const line = make("div", "draft-line");
  line.setAttribute("role", "status");
  form.append(line);
  return line;
}

// A form's words as one string; secrets, files and the token stay out.
function read(form) {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const control = form.elements[name];
    if (typeof value !== "string" || name === "csrfmiddlewaretoken" || (control && control.type === "password")) continue;
    data.append(name, value);
  }
  return data.toString();
}

function write(form, text) {
  const data = new URLSearchParams(text);
  for (const control of form.elements) {
    if (!control.name || control.type === "hidden" || control.type === "file" || control.type === "password") continue;
    const values = data.getAll(control.name);
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (control.multiple) for (const option of control.options) option.selected = values.includes(option.value);
    else if (values.length) control.value = values[0];
    else continue;
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function put(key, text) {
  try { localStorage.setItem(key, text); return true; } catch (error) { return false; }
}

function take(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch (error) { return null; }
}

function drop(key) {
  try { localStorage.removeItem(key); } catch (error) { /* private window */ }
}

function kept() {
  try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch (error) { return []; }
}

function forgetAll() {
  kept().forEach(drop);
}

function forgetOld() {
  for (const key of kept()) {
    const draft = take(key);
    if (!draft || Date.now() - draft.at > WEEK) drop(key);
  }
}

// A submission has led on to another page of the signed-in reader: its draft has done its duty. The sign-in
// and error pages are `plain`: there the words are still needed.
function forgetSent() {
  let key = null;
  try { key = sessionStorage.getItem(SENT); } catch (error) { return; }
  if (!key || document.body.classList.contains("plain") || !user()) return;
  const same = [...document.querySelectorAll("form[data-draft]")].some(
    (form) => PREFIX + user() + ":" + form.dataset.draft === key && form.querySelector(".field-error, .error-summary"));
  if (!same) drop(key);
  sessionStorage.removeItem(SENT);
}
