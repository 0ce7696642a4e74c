#!/usr/bin/env bash
# Run a command against a throw-away server of Debian's PostgreSQL 15, the oldest version we support.
# As root on Debian it is installed when missing; anywhere else without it, this says so and skips.
set -euo pipefail
bin=/usr/lib/postgresql/15/bin
if [ ! -x $bin/initdb ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -yqq --no-install-recommends postgresql-15 >/dev/null || true
fi
if [ ! -x $bin/initdb ]; then
  echo "PostgreSQL 15 is not here and cannot be installed: its tests are SKIPPED"
  exit 0
fi
folder=$(mktemp -d /tmp/qa-pg15-XXXX)
as=()
if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; as=(runuser -u postgres --); fi
# shellcheck disable=SC2317
stop() { "${as[@]}" $bin/pg_ctl -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap stop EXIT
"${as[@]}" $bin/initdb -A trust -U postgres -E UTF8 -D "$folder/data" >/dev/null
"${as[@]}" $bin/pg_ctl -w -D "$folder/data" -l "$folder/log" -o "-h '' -k $folder" start >/dev/null
QA_TEST_DATABASE_URL="postgresql://postgres@/postgres?host=$folder" "$@"
