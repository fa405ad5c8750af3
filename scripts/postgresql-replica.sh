#!/usr/bin/env bash
# A throw-away PostgreSQL primary with a streaming replica on this machine. A commit is acknowledged once it is on the
# disks of both.
#
#   postgresql-replica.sh start DIR [PID]   starts both and prints the postgres:// addresses of primary and replica; with
#                                           PID, both are stopped as soon as that process has ended, however it ended
#   postgresql-replica.sh kill DIR          kills the primary with SIGKILL
#   postgresql-replica.sh promote DIR       makes the replica a primary
#   postgresql-replica.sh stop DIR          kills what runs, and removes DIR
#
# DIR must not exist yet. Needs Debian's postgresql, and installs it where it is missing and it may (as root, or by sudo
# without a password). The primary listens at POSTGRESQL_PORT, 23501 by default, the replica at the port after it.
set -euo pipefail
command=${1:?start, kill, promote or stop} dir=${2:?a folder} third=${3:-}
port=${POSTGRESQL_PORT:-23501}
# PostgreSQL refuses to run as root.
[ "$(id -u)" = 0 ] && as_user='runuser -u postgres --' || as_user=

installed() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }

install_missing() {
  [ -z "$(installed)" ] || return 0
  local as_root=
  [ "$(id -u)" = 0 ] || as_root='sudo -n'
  {
    $as_root apt-get update
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y --no-install-recommends postgresql
  } >&2
}

run() {
  local program=$1
  shift
  (cd "$dir" && $as_user "$(installed)/$program" "$@")
}

serve() { run pg_ctl start --wait --silent --pgdata="$dir/$1" --log="$dir/$1.log" >/dev/null; }

sql() { run psql --quiet --host=127.0.0.1 --port="$port" --username=postgres --no-psqlrc --command="$1" postgres; }

# The server and its processes, all at once, and the shared memory that it cannot give back then.
kill_server() {
  local file="$dir/$1/postmaster.pid" process memory
  [ -f "$file" ] || return 0
  process=$(sed -n 1p "$file")
  memory=$(sed -n 7p "$file" | awk '{ print $2 }')
  kill -9 "$process" $(pgrep --parent "$process") 2>/dev/null || true
  ipcrm --shmem-id "$memory" 2>/dev/null || true
  rm -f "$file"
}

stop() {
  kill_server primary
  kill_server replica
  rm -rf "$dir"
}

give_up() {
  tail -n 20 "$dir"/*.log >&2 || true
  stop
}

# Not ended by what ends the terminal or the tests. If the process has ended before the start, it stops all at once.
stop_after() {
  trap '' HUP INT TERM
  while kill -0 "$1" && [ -d "$dir" ]; do sleep 1; done
  stop
}

case $command in
  start)
    install_missing
    mkdir "$dir"
    [ -z "$as_user" ] || chown postgres: "$dir"
    trap give_up EXIT
    run initdb --pgdata="$dir/primary" --username=postgres --auth=trust --encoding=UTF8 --locale=C >"$dir/install.log"
    {
      echo "listen_addresses = '127.0.0.1'"
      echo "unix_socket_directories = ''"
      echo "dynamic_shared_memory_type = mmap"
      echo "port = $port"
    } >>"$dir/primary/postgresql.conf"
    serve primary
    run pg_basebackup --pgdata="$dir/replica" --write-recovery-conf --checkpoint=fast --username=postgres \
      --host=127.0.0.1 --port="$port" >>"$dir/install.log"
    echo "port = $((port + 1))" >>"$dir/replica/postgresql.conf"
    serve replica
    # Only now, so that the replica has no such setting once it is promoted, and nobody to wait for.
    sql "ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (*)'"
    sql 'SELECT pg_reload_conf()' >/dev/null
    until sql 'SELECT sync_state FROM pg_stat_replication' | grep -q quorum; do sleep 0.1; done
    trap '' PIPE # whoever asked may be gone by now
    echo "postgres://postgres@127.0.0.1:$port/"
    echo "postgres://postgres@127.0.0.1:$((port + 1))/"
    trap - EXIT
    if [ -n "$third" ]; then stop_after "$third" >/dev/null 2>&1 & fi
    ;;
  kill) kill_server primary ;;
  promote) run pg_ctl promote --wait --silent --pgdata="$dir/replica" ;;
  stop) stop ;;
  *) echo "No such command: $command" >&2 && exit 2 ;;
esac
