#!/usr/bin/env bash
# A throw-away PgBouncer on this machine, before a PostgreSQL server that asks for no password.
#
#   pgbouncer.sh start DIR URL MODE [PID]   starts it before the server at the postgres:// address URL, and prints its own
#                                           address, to which the name of a database is to be added. MODE is transaction
#                                           or session. Stopped as soon as the process PID has ended, however it ended
#   pgbouncer.sh stop DIR                   kills it, and removes DIR
#
# DIR must not exist yet. Needs Debian's pgbouncer, and installs it where it is missing and it may (as root, or by sudo
# without a password). Listens at PGBOUNCER_PORT, 26432 by default, and has PGBOUNCER_POOL connections to a database, 5
# by default.
set -euo pipefail
command=${1:?start or stop} dir=${2:?a folder}
PATH=$PATH:/usr/sbin # where Debian keeps servers
port=${PGBOUNCER_PORT:-26432} pool=${PGBOUNCER_POOL:-5}

install_missing() {
  command -v pgbouncer >/dev/null && return
  local as_root=
  [ "$(id -u)" = 0 ] || as_root='sudo -n'
  {
    $as_root apt-get update
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y --no-install-recommends pgbouncer
  } >&2
}

# It refuses to run as root.
as_user() {
  if [ "$(id -u)" = 0 ]; then exec setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else exec "$@"; fi
}

stop() {
  if [ -f "$dir/pid" ]; then kill -9 "$(cat "$dir/pid")" 2>/dev/null || true; fi
  rm -rf "$dir"
}

give_up() {
  tail -n 20 "$dir/log" >&2 || true
  stop
}

# Not ended by what ends the terminal or the tests. If the process has ended before the start, it stops all at once.
stop_after() {
  trap '' HUP INT TERM
  while kill -0 "$1" && [ -d "$dir" ]; do sleep 1; done
  stop
}

# A user, perhaps with a password, a host, and perhaps a port.
read_url() {
  [[ $1 =~ ^postgres(ql)?://([^:@/]+)(:[^@/]*)?@([^:/]+)(:([0-9]+))?(/.*)?$ ]] || { echo "Not understood: $1" >&2 && exit 2; }
  user=${BASH_REMATCH[2]} host=${BASH_REMATCH[4]} server_port=${BASH_REMATCH[6]:-5432}
}

configure() {
  cat >"$dir/pgbouncer.ini" <<INI
[databases]
* = host=$host port=$server_port user=$user
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = any
pool_mode = $1
default_pool_size = $pool
max_client_conn = 200
logfile = $dir/log
INI
  touch "$dir/log"
  [ "$(id -u)" != 0 ] || chown -R postgres: "$dir"
}

await_answer() {
  for _ in $(seq 120); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
    kill -0 "$1" 2>/dev/null || break
    sleep 0.25
  done
  echo "PgBouncer did not start." >&2
  exit 1
}

case $command in
  start)
    read_url "${3:?the address of a server}"
    install_missing
    mkdir "$dir"
    dir=$(cd "$dir" && pwd)
    trap give_up EXIT
    configure "${4:?transaction or session}"
    (as_user setsid pgbouncer "$dir/pgbouncer.ini") >/dev/null 2>&1 </dev/null &
    echo $! >"$dir/pid"
    await_answer $!
    trap '' PIPE # whoever asked may be gone by now
    echo "postgres://$user@127.0.0.1:$port/"
    trap - EXIT
    if [ -n "${5:-}" ]; then stop_after "$5" >/dev/null 2>&1 & fi
    ;;
  stop) stop ;;
  *) echo "No such command: $command" >&2 && exit 2 ;;
esac
