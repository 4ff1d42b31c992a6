#!/bin/sh
# Make .venv (Python 3.12-3.14) and install the locked requirements and this project.
# Needs only: python3 with pip. Run it by `make setup`. Another list and place: bootstrap.sh LIST FOLDER; with `add`
# in place of a folder the list comes on top of what is there; `bootstrap.sh LIST FOLDER tools` leaves the project out.
set -eu
cd "$(dirname "$0")/.."
REQ=${1:-requirements/dev.txt}
case "${2:-}" in
    add) ADD=add; VENV=.venv ;;
    *) ADD=; VENV=${2:-.venv} ;;
esac
UV_VERSION=0.13.9
UV=.tools/uv/bin/uv

usable() { [ -n "$1" ] && "$1" -c 'import sys, ssl, sqlite3
raise SystemExit(not (3, 12) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1; }

# pyenv's shims defeat discovery (they exit 127 for versions that are not active), so look behind them too.
find_python() {
    pe=${PYENV_ROOT:-$HOME/.pyenv}/versions
    for c in "${PYTHON:-}" python3.13 python3.14 python3.12 python3 \
             "$pe"/3.13.*/bin/python3 "$pe"/3.14.*/bin/python3 "$pe"/3.12.*/bin/python3; do
        if usable "$c"; then "$c" -c 'import sys; print(sys.executable)'; return 0; fi
    done
    return 1
}

say() { printf '%s\n' "$*" >&2; }

# A pinned uv beside the checkout: --target works without venv or ensurepip and under PEP 668.
if [ "$("$UV" --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ]; then
    command -v python3 >/dev/null || { say "python3 is missing. Install it with pip, then run again."; exit 1; }
    python3 -m pip --version >/dev/null 2>&1 || { say "python3 has no pip. Install it (Debian: apt install python3-pip), then run again."; exit 1; }
    rm -rf .tools/uv
    python3 -m pip install --quiet --disable-pip-version-check --target .tools/uv "uv==$UV_VERSION" 2>/dev/null \
        || { say "pip could not install uv $UV_VERSION. Is a package index reachable?"; exit 1; }
fi
# uv does not read pip's configuration: pass a configured mirror on.
if [ -z "${UV_DEFAULT_INDEX:-}" ]; then
    mirror=${PIP_INDEX_URL:-$(python3 -m pip config get global.index-url 2>/dev/null || true)}
    if [ -n "$mirror" ]; then UV_DEFAULT_INDEX=$mirror; export UV_DEFAULT_INDEX; fi
fi
if ! usable "$VENV/bin/python"; then
    if ! PY=$(find_python); then
        say "No Python 3.12-3.14 found; asking uv to download one."
        "$UV" python install 3.13 \
            || { say "It could not be downloaded. Install Python 3.12 or newer and run again, or set PYTHON=/path/to/python3.13"; exit 1; }
        PY=$("$UV" python find --managed-python 3.13)
    fi
    "$UV" venv --quiet --clear --no-project --python "$PY" "$VENV"
fi
if [ "$ADD" = add ]; then
    "$UV" pip install --quiet --python "$VENV/bin/python" --require-hashes -r "$REQ"
    exit 0
fi
"$UV" pip sync --quiet --python "$VENV/bin/python" --require-hashes "$REQ"
[ "${3:-}" = tools ] || "$UV" pip install --quiet --python "$VENV/bin/python" --no-deps --no-build-isolation -e .
"$VENV/bin/python" --version
