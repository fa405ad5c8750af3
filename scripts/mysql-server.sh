#!/usr/bin/env bash
# A throw-away MySQL server on this machine. Debian stable has none: this one is Debian unstable's, with the libraries
# that it needs, unpacked beside the system, which stays as it is.
#
#   mysql-server.sh unpack                        prints the path of `mysqld`, which needs nothing of the system
#   mysql-server.sh start DIR [PID [OPTION...]]   starts it and prints its mysql:// address, whose user needs no password;
#                                                 stopped as soon as the process PID has ended, however it ended.
#                                                 The options are those of mysqld
#   mysql-server.sh stop DIR                      kills it, and removes DIR
#
# DIR must not exist yet. Listens at MYSQL_PORT, 23306 by default, on the loopback address. Unpacks once, to
# MYSQL_UNPACKED, by default ~/.cache/dossier/mysql; remove that folder to have a newer server.
set -euo pipefail
command=${1:?unpack, start or stop} dir=${2:-} watched=${3:-}
port=${MYSQL_PORT:-23306} unpacked=${MYSQL_UNPACKED:-${XDG_CACHE_HOME:-$HOME/.cache}/dossier/mysql}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# apt with state and sources of its own: Debian's archive as the system's sources name it, but its suite unstable. No
# package counts as installed, so that the server brings all of its libraries, whatever the system has.
unstable() {
  local command=$1
  shift
  "$command" -o Dir::State="$work/state" -o Dir::State::status=/dev/null -o Dir::Cache="$work/cache" \
    -o Dir::Etc::sourcelist="$work/unstable.list" -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root "$@"
}

archive() {
  apt-get indextargets --no-release-info --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v release="$1" '$1 == release && $2 == "main" { print $3; exit }'
}

# The server and what it depends on, without Perl, which only its scripts need.
packages() {
  unstable apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
    --no-enhances mysql-server-core | grep '^[a-z0-9]' | grep -v perl
}

unpack() {
  [ -x "$unpacked/mysqld" ] && return
  local release uri
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  uri=$(archive "$release")
  [ -n "$uri" ] || { echo "apt has no source of Debian $release here: no MySQL." >&2 && exit 1; }
  mkdir -p "$(dirname "$unpacked")"
  work=$(mktemp -d "$unpacked.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/packages" "$work/new"
  echo "deb [signed-by=$keyring] $uri unstable main" >"$work/unstable.list"
  unstable apt-get update >&2
  local names package
  names=$(packages)
  (cd "$work/packages" && unstable apt-get download $names) >&2
  for package in "$work"/packages/*.deb; do dpkg -x "$package" "$work/new"; done
  wrap "$work/new"
  # Another process may have been quicker.
  mv -T "$work/new" "$unpacked" 2>/dev/null || [ -x "$unpacked/mysqld" ]
  rm -rf "$work"
  trap - EXIT
}

# `exec`, so that a signal to the process reaches the server.
wrap() {
  cat >"$1/mysqld" <<'WRAPPER'
#!/usr/bin/env bash
root=$(cd "$(dirname "$0")" && pwd)
loader=$(echo "$root"/usr/lib/*/ld-linux-*.so.*)
exec "$loader" --library-path "$(dirname "$loader")" "$root/usr/sbin/mysqld" --no-defaults --basedir="$root/usr" \
  --lc-messages-dir="$root/usr/share/mysql" --plugin-dir="$root/usr/lib/mysql/plugin" --secure-file-priv=NULL "$@"
WRAPPER
  chmod +x "$1/mysqld"
}

# `--user`: otherwise it refuses to run as root.
serve() {
  "$unpacked/mysqld" --user="$(id -un)" --datadir="$dir/data" "$@"
}

await_answer() {
  for _ in $(seq 480); do
    grep -q 'ready for connections.*port: '"$port" "$dir/log" && return
    kill -0 "$1" 2>/dev/null || break
    sleep 0.25
  done
  echo "MySQL did not start." >&2
  exit 1
}

stop() {
  if [ -f "$dir/pid" ]; then kill -9 "$(cat "$dir/pid")" 2>/dev/null || true; fi
  rm -rf "$dir"
}

give_up() {
  tail -n 20 "$dir"/log >&2 || true
  stop
}

# Not ended by what ends the terminal or the tests. If the process has ended before the start, it stops all at once.
stop_after() {
  trap '' HUP INT TERM
  while kill -0 "$1" && [ -d "$dir" ]; do sleep 1; done
  stop
}

case $command in
  unpack)
    unpack
    echo "$unpacked/mysqld"
    ;;
  start)
    unpack
    mkdir "${dir:?a folder}"
    dir=$(cd "$dir" && pwd)
    trap give_up EXIT
    serve --initialize-insecure >"$dir/log" 2>&1
    setsid "$unpacked/mysqld" --user="$(id -un)" --datadir="$dir/data" --bind-address=127.0.0.1 --port="$port" \
      --socket="$dir/socket" --pid-file="$dir/mysqld.pid" --tmpdir="$dir" --mysqlx=OFF \
      "${@:4}" >>"$dir/log" 2>&1 </dev/null &
    echo $! >"$dir/pid"
    await_answer $!
    trap '' PIPE # whoever asked may be gone by now
    echo "mysql://root@127.0.0.1:$port/"
    trap - EXIT
    if [ -n "$watched" ]; then stop_after "$watched" >/dev/null 2>&1 & fi
    ;;
  stop) dir=${dir:?a folder} && stop ;;
  *) echo "No such command: $command" >&2 && exit 2 ;;
esac
