#!/usr/bin/env bash
# A temporary MariaDB Galera cluster of three nodes on this machine.
#
#   galera-cluster.sh start DIR [PID]   starts the cluster and prints a mysql:// URL for each node; with PID, stops
#                                       the cluster when that process ends
#   galera-cluster.sh kill DIR N        kills node N (1 to 3) with SIGKILL
#   galera-cluster.sh restart DIR N     restarts node N and waits until it has caught up
#   galera-cluster.sh cut DIR N         partitions node N from the others; clients still reach it
#   galera-cluster.sh mend DIR N        heals the partition
#   galera-cluster.sh stop DIR          kills all nodes and removes DIR
#
# DIR must not exist. Needs Debian's mariadb-server, galera-4 and rsync, and installs them if they are missing (as root, or
# by sudo without a password). Node N listens on port GALERA_PORT + N (default: 23400), and the nodes replicate on ports
# GALERA_PORT + 100 to 302.
set -euo pipefail
command=${1:?start, kill, restart, cut, mend or stop} dir=${2:?a folder} third=${3:-}
PATH=$PATH:/usr/sbin # where Debian keeps servers
nodes='1 2 3' port=${GALERA_PORT:-23400} provider=/usr/lib/galera/libgalera_smm.so
[ "$(id -u)" = 0 ] && as_user=--user=mysql || as_user=

sql_port() { echo $((port + $1)); }
group_port() { echo $((port + 100 * $1)); } # +1 for incremental state transfer (IST), +2 for a full one (SST)
sql() { mariadb --no-defaults --socket="$dir/node$1/socket" --user=root --skip-column-names --execute="$2"; }

install_missing() {
  command -v mariadbd >/dev/null && command -v rsync >/dev/null && [ -e $provider ] && return
  local as_root=
  [ "$(id -u)" = 0 ] || as_root='sudo -n'
  {
    $as_root apt-get update
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y --no-install-recommends mariadb-server galera-4 rsync
  } >&2
}

# - flush-log-at-trx-commit=2: faster, and usual for Galera, since the other nodes have what one has not flushed.
# - tmpdir: a starting server deletes the temporary tables in it, even those of other servers, so each node has its own;
#   the server that mariadb-install-db runs takes it from TMPDIR.
# - lock-wait-timeout=2: an applier sometimes waits for a local transaction that holds the row lock, until the timeout.
# - exec and setsid: the shell's child is the server itself, and leads its own process group, which stop kills.
serve() {
  local n=$1 at=127.0.0.1
  shift
  exec setsid mariadbd --no-defaults $as_user --datadir="$dir/node$n" --tmpdir="$dir/tmp$n" --socket="$dir/node$n/socket" \
    --pid-file="$dir/node$n/pid" --bind-address=$at --port="$(sql_port "$n")" --skip-name-resolve \
    --binlog-format=ROW --innodb-autoinc-lock-mode=2 --innodb-log-file-size=16M --innodb-buffer-pool-size=64M \
    --innodb-flush-log-at-trx-commit=2 --innodb-lock-wait-timeout=2 --wsrep-slave-threads=4 \
    --wsrep-on=ON --wsrep-provider=$provider --wsrep-cluster-name=dossier --wsrep-node-name="node$n" \
    --wsrep-cluster-address="gcomm://$at:$(group_port 1),$at:$(group_port 2),$at:$(group_port 3)" \
    --wsrep-node-address="$at:$(group_port "$n")" --wsrep-sst-method=rsync \
    --wsrep-sst-receive-address="$at:$(($(group_port "$n") + 2))" \
    --wsrep-provider-options="base_port=$(group_port "$n");gmcast.listen_addr=tcp://$at:$(group_port "$n");ist.recv_addr=$at:$(($(group_port "$n") + 1));gcache.size=32M" \
    "$@" >>"$dir/node$n.log" 2>&1
}

await_synced() {
  for _ in $(seq 240); do
    sql "$1" "SHOW STATUS LIKE 'wsrep_local_state_comment'" 2>/dev/null | grep -q Synced && return
    sleep 0.25
  done
  echo "Node $1 did not join within 60 seconds. See $dir/node$1.log." >&2
  exit 1
}

# The position that the data has reached, so that the others send only later changes (IST) instead of a full copy.
recovered_position() {
  (serve "$1" --wsrep-recover)
  sed -n 's/.*WSREP: Recovered position: *//p' "$dir/node$1.log" | tail -1
}

stop() {
  for n in $nodes; do
    if [ -f "$dir/node$n/group" ]; then kill -9 -- "-$(cat "$dir/node$n/group")" 2>/dev/null || true; fi
  done
  rm -rf "$dir"
}

give_up() {
  tail -n 20 "$dir"/*.log >&2 || true
  stop
}

# Ignores the signals that end the terminal or the tests, so that it outlives both and stops the nodes.
stop_after() {
  trap '' HUP INT TERM
  while kill -0 "$1" && [ -d "$dir" ]; do sleep 1; done
  stop
}

launch() {
  serve "$@" &
  echo $! >"$dir/node$1/group"
  await_synced "$1"
}

case $command in
  start)
    install_missing
    mkdir "$dir"
    chmod 755 "$dir"
    trap give_up EXIT
    mkdir "$dir/node1"
    [ -z "$as_user" ] || chown mysql: "$dir/node1"
    for n in $nodes; do
      mkdir "$dir/tmp$n"
      [ -z "$as_user" ] || chown mysql: "$dir/tmp$n"
    done
    TMPDIR=$dir/tmp1 mariadb-install-db --no-defaults $as_user --datadir="$dir/node1" \
      --auth-root-authentication-method=normal --skip-test-db >"$dir/install.log" 2>&1
    for n in 2 3; do cp -a "$dir/node1" "$dir/node$n"; done
    launch 1 --wsrep-new-cluster
    for n in 2 3; do launch $n; done
    sql 1 "CREATE USER dossier@'127.0.0.1' IDENTIFIED BY 'dossier'; GRANT ALL ON *.* TO dossier@'127.0.0.1'"
    trap '' PIPE # the caller may have ended by now
    for n in $nodes; do echo "mysql://dossier:dossier@127.0.0.1:$(sql_port "$n")/"; done
    trap - EXIT
    if [ -n "$third" ]; then stop_after "$third" >/dev/null 2>&1 & fi
    ;;
  kill) kill -9 -- "-$(cat "$dir/node$third/group")" ;;
  restart) launch "$third" --wsrep-start-position="$(recovered_position "$third")" ;;
  cut) sql "$third" "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'" ;;
  mend)
    sql "$third" "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'"
    await_synced "$third"
    ;;
  stop) stop ;;
  *) echo "Unknown command: $command. Expected start, kill, restart, cut, mend or stop." >&2 && exit 2 ;;
esac
