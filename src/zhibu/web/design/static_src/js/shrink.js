// <input type="file" data-shrink>: photos are redrawn on this device before they are sent, at most 300 KB each. What is
// redrawn has no place, no camera, no date any more. A file that can't be drawn, or a browser that can't, is left as it
// is: the server redraws every photo anyway. Nothing is sent here; the line under the field says so.
import { make } from "./say.js";

const MOST = 300 * 1024;
const SIDES = [2000, 1600, 1200, 900, 640];
const QUALITIES = [0.85, 0.7, 0.55, 0.4];
const PHOTO = /^image\/(jpeg|png|webp)$/;

export function shrink() {
  for (const input of document.querySelectorAll("input[type=file][data-shrink]")) {
    input.addEventListener("change", () => { chosen(input); });
  }
}

async function chosen(input) {
  const files = [...input.files];
  const line = lineOf(input);
  if (!files.some((file) => PHOTO.test(file.type)) || !window.DataTransfer || !window.createImageBitmap) return tell(line, files);
  const buttons = [...input.form.querySelectorAll("button, input[type=submit]")].filter((button) => !button.disabled);
  for (const button of buttons) button.disabled = true; // else the large ones would go
  line.textContent = "正在缩小照片…";
  const kept = new DataTransfer();
  try {
    for (const file of files) kept.items.add(PHOTO.test(file.type) ? await smaller(file) : file);
    input.files = kept.files;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
  tell(line, [...input.files]);
}

async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    let found = null;
    for (const side of SIDES) {
      for (const quality of QUALITIES) {
        found = await drawn(picture, side, quality);
        if (found && found.size <= MOST) break;
      }
      if (found && found.size <= MOST) break;
    }
    picture.close();
    return found ? new File([found], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch (error) {
    return file;
  }
}

function drawn(picture, side, quality) {
  const part = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * part));
  canvas.height = Math.max(1, Math.round(picture.height * part));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // what was transparent
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done, "image/jpeg", quality); });
}

function lineOf(input) {
  const there = input.parentElement.querySelector("[data-shrink-line]");
  if (there) return there;
  const line = make("div", "field-hint");
  line.dataset.shrinkLine = "";
  line.setAttribute("role", "status");
  input.after(line);
  return line;
}

function tell(line, files) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  line.textContent = files.length ? `选了 ${files.length} 个，共 ${Math.ceil(size / 1024)} KB，还没有上传` : "";
}
