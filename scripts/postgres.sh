#!/bin/sh
# Run a command against a PostgreSQL server of its own: scripts/postgres.sh COMMAND…
# The server lives in a temporary folder, listens on a socket there, and is gone afterwards.
set -eu
say() { printf '%s\n' "$*" >&2; }

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v pg_ctl 2>/dev/null || echo /)")
[ -x "$bin/initdb" ] || { say "PostgreSQL's server is missing. Debian: apt install postgresql. Then run again."; exit 1; }

home=$(mktemp -d)
# PostgreSQL refuses to run as root; nobody (65534) is on every system.
if [ "$(id -u)" = 0 ]; then
    chown 65534:65534 "$home"
    as() { setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$home" "$@"; }
else
    as() { "$@"; }
fi
stop() { as "$bin/pg_ctl" -D "$home/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$home"; }
trap stop EXIT
trap 'exit 130' INT TERM

cd "$home" && as "$bin/initdb" -D "$home/data" -U zhibu -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null && cd "$OLDPWD"
as "$bin/pg_ctl" -D "$home/data" -w -l "$home/log" \
    -o "-c listen_addresses='' -k '$home' -c fsync=off -c full_page_writes=off" start >/dev/null \
    || { cat "$home/log" >&2; exit 1; }
DATABASE_URL="postgresql://zhibu@/postgres?host=$home"
export DATABASE_URL
"$@"
