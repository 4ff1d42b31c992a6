// A session that lies idle ends (ux.md 8.1, WCAG 2.2.1): two minutes before, the page says so and one press keeps it.
// Another tab may be the one in use, so the last sign of use stands in this device's storage.
import { say } from "./say.js";

const BEFORE = 120000;
const KEY = "zhibu:used";
const { limit, url } = document.currentScript.dataset;
let timer = 0;
let warned = false;
let used = Date.now();

function last() {
  try { return Math.max(used, Number(localStorage.getItem(KEY)) || 0); } catch (error) { return used; }
}

function inUse() {
  used = Date.now();
  try { localStorage.setItem(KEY, String(used)); } catch (error) { /* private window */ }
  look();
}

function look() {
  clearTimeout(timer);
  const left = last() + limit * 1000 - Date.now();
  if (left > BEFORE) {
    if (warned) document.getElementById("notices").replaceChildren();
    warned = false;
    timer = setTimeout(look, left - BEFORE);
  } else if (left > 0) {
    if (!warned) say("停留较久，2 分钟内会退出。要接着用，按“继续使用”。", [["继续使用", keep]]);
    warned = true;
    timer = setTimeout(look, Math.min(left, 5000));
  } else over();
}

function over() {
  const kept = document.querySelector("form[data-draft]") ? "刚才写的内容还在。" : "";
  say(`为保护资料，停留 ${Math.round(limit / 60)} 分钟后已退出。${kept}`, [["重新登录", () => location.reload()]]);
}

async function keep() {
  try {
    const answer = await fetch(url, { credentials: "same-origin", redirect: "manual" });
    if (answer.ok) inUse();
    else over();
  } catch (error) {
    say("没有连上服务器。联网后再按“继续使用”。", [["继续使用", keep]]);
  }
}

document.addEventListener("htmx:after:swap", inUse);
document.addEventListener("zhibu:kept", inUse);
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
inUse();
