#!/usr/bin/env bash
# A temporary PostgreSQL primary with a synchronous streaming replica on this machine: a commit is acknowledged once both
# have flushed it to disk.
#
#   postgresql-replica.sh start DIR [PID]   starts both and prints the postgres:// URLs of primary and replica; with PID,
#                                           stops both when that process ends
#   postgresql-replica.sh kill DIR          kills the primary with SIGKILL
#   postgresql-replica.sh promote DIR       promotes the replica to a primary
#   postgresql-replica.sh stop DIR          kills both and removes DIR
#
# DIR must not exist. Needs Debian's postgresql and installs it if it is missing (as root, or by sudo without a password).
# The primary listens on POSTGRESQL_PORT (default: 23501), the replica on the next port.
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

# Kills the server with all its processes at once, and frees the shared memory that it leaves behind.
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

# Ignores the signals that end the terminal or the tests, so that it outlives both and stops the servers.
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
    # Set after the base backup: a promoted replica must not wait for a standby of its own.
    sql "ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (*)'"
    sql 'SELECT pg_reload_conf()' >/dev/null
    until sql 'SELECT sync_state FROM pg_stat_replication' | grep -q quorum; do sleep 0.1; done
    trap '' PIPE # the caller may have ended by now
    echo "postgres://postgres@127.0.0.1:$port/"
    echo "postgres://postgres@127.0.0.1:$((port + 1))/"
    trap - EXIT
    if [ -n "$third" ]; then stop_after "$third" >/dev/null 2>&1 & fi
    ;;
  kill) kill_server primary ;;
  promote) run pg_ctl promote --wait --silent --pgdata="$dir/replica" ;;
  stop) stop ;;
  *) echo "Unknown command: $command. Expected start, kill, promote or stop." >&2 && exit 2 ;;
esac
