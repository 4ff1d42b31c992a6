// Ask recheck whether patterns can be made slow. In: JSON [{source, flags}]; out: JSON [{status, complexity, attack}].
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { check } = createRequire(import.meta.url)("recheck");
const asked = JSON.parse(readFileSync(0, "utf8"));
const told = [];
for (const { source, flags } of asked) {
  const found = await check(source, flags, { timeout: 20000 });
  told.push({
    status: found.status,
    complexity: found.complexity?.summary ?? "",
    attack: found.attack?.pattern ?? found.error?.kind ?? "",
  });
}
process.stdout.write(JSON.stringify(told));
process.exit(0);
