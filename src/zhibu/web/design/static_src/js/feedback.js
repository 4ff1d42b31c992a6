// What the reader sees while htmx works and when it cannot: a thin bar after 300 ms, a notice on trouble,
// a real navigation where the answer is another page, and the dialog.
import { make, say } from "./say.js";

const TROUBLE = {
  403: "现在的身份不能办这件事。可以切换身份，或联系上级党组织。",
  404: "没有找到这一条，可能刚被删除。重新加载后再看。",
  413: "文件太大，没有传上。换一个小一些的再传。",
  429: "点得太快，过一会儿再试。",
};

export function feedback() {
  let running = 0;
  let timer = 0;
  const bar = make("div", "loading no-print");

  function started() {
    running += 1;
    clearTimeout(timer);
    timer = setTimeout(() => document.body.append(bar), 300);
  }
  function ended() {
    running = Math.max(0, running - 1);
    if (running) return;
    clearTimeout(timer);
    bar.remove();
  }

  document.addEventListener("htmx:before:request", started);
  document.addEventListener("htmx:finally:request", ended);
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx && event.detail.ctx.response) return;
    say("没有连上服务器，这一步没有做成。填的内容还在这一页。", [["重新加载", () => location.reload()]]);
  });
  document.addEventListener("htmx:response:error", (event) => {
    const status = event.detail.ctx.response.status;
    if (status === 422 || status === 409) return;
    say(TROUBLE[status] || "系统出了问题，不是操作的原因。填的内容还在这一页。", [["重新加载", () => location.reload()]]);
  });
  // Another page was answered (sign-in, the next step): go there instead of squeezing it into this one.
  document.addEventListener("htmx:before:response", (event) => {
    const raw = event.detail.ctx.response.raw;
    if (!raw.redirected) return;
    event.preventDefault();
    location.assign(raw.url);
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    const main = (tasks || []).find((task) => task.type === "main");
    if (!ctx.select || !main || main.swapSpec.style === "none" || main.fragment.childElementCount) return;
    event.preventDefault();
    if (ctx.request.method === "GET") location.assign(ctx.request.action);
    else say("页面已有变化，重新加载后再看。", [["重新加载", () => location.reload()]]);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const ctx = event.detail.ctx;
    const summary = document.getElementById("error-summary");
    if (ctx.response && ctx.response.status === 422 && summary) summary.focus();
    if (ctx.sourceElement && ctx.sourceElement.dataset && ctx.sourceElement.dataset.dialog) openDialog();
  });

  // An error summary of a full page takes the focus, as does the field a summary line names.
  const summary = document.getElementById("error-summary");
  if (summary) summary.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest(".error-summary a[href^='#']");
    const field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: "center" });
  });
  // Without <dialog> (Safari before 15.4) the link simply leads to the page.
  document.addEventListener("htmx:before:request", (event) => {
    const element = event.detail.ctx.sourceElement;
    if (!element.dataset || !element.dataset.dialog || canDialog()) return;
    event.preventDefault();
    location.assign(element.href);
  });
}

const canDialog = () => typeof HTMLDialogElement === "function";

function openDialog() {
  const dialog = document.getElementById("dialog");
  if (dialog && !dialog.open) dialog.showModal();
}
