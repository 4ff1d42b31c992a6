// Builds src/zhibu/web/design/static/built/ from static_src/ and the npm packages; run by build-static.sh.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import esbuild from "esbuild";
import * as sass from "sass";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const design = path.join(root, "src/zhibu/web/design");
const source = path.join(design, "static_src");
const built = path.join(design, "static/built");
const modules = path.join(root, "node_modules");

// Support floor of ux.md 7.1: Chromium 92, Safari 15, Firefox 90.
const target = ["chrome92", "safari15", "firefox90"];

function styles() {
  const css = sass.compile(path.join(source, "scss/zhibu.scss"), {
    loadPaths: [modules, path.join(source, "scss")],
    style: "expanded",
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  }).css;
  // The minifier would write top/right/bottom/left as inset, which Chromium 60-86 does not know.
  const supported = { "inset-property": false };
  return esbuild.transformSync(css, { loader: "css", minify: true, target, supported, legalComments: "none" }).code;
}

function scripts(name) {
  const result = esbuild.buildSync({
    entryPoints: [path.join(source, "js", name)],
    bundle: true, minify: true, write: false, target, format: "iife", legalComments: "none",
  });
  return result.outputFiles[0].text;
}

function sprite() {
  const names = fs.readFileSync(path.join(source, "icons.txt"), "utf8").split("\n").filter(Boolean);
  const symbols = names.map((name) => {
    const svg = fs.readFileSync(path.join(modules, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
    const body = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>"));
    const paths = body.replace(/<path stroke="none"[^>]*>/g, "").replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>");
    return `<symbol id="${name}" viewBox="0 0 24 24">${paths}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

// Debug lines and source map references of the package would point at files that are not served.
const htmx = () => fs.readFileSync(path.join(modules, "htmx.org/dist/htmx.min.js"), "utf8").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");

const files = {
  "zhibu.css": styles(),
  "zhibu.js": scripts("zhibu.js"),
  "passkeys.js": scripts("passkeys.js"),
  "inbox.js": scripts("inbox.js"),
  "idle.js": scripts("idle.js"),
  "htmx.min.js": htmx(),
  "sprite.svg": sprite(),
  "icon.svg": fs.readFileSync(path.join(source, "icon.svg"), "utf8"),
};
fs.mkdirSync(built, { recursive: true });
let total = 0;
for (const [name, text] of Object.entries(files)) {
  fs.writeFileSync(path.join(built, name), text);
  const size = gzipSync(text, { level: 9 }).length;
  total += size;
  console.log(`${name.padEnd(14)} ${String(text.length).padStart(7)} ${String(size).padStart(6)} gz ${createHash("sha256").update(text).digest("hex").slice(0, 8)}`);
}
console.log(`${"together".padEnd(14)} ${"".padStart(7)} ${String(total).padStart(6)} gz`);
