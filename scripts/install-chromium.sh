#!/usr/bin/env bash
# Installs Debian's Chromium for the tests in test/browser/, unless there is one where they look for it.
set -euo pipefail

executable=${DOSSIER_TEST_CHROMIUM:-/usr/bin/chromium}
if [[ -x $executable ]]; then
  echo "There is a Chromium at $executable."
  exit
fi
if [[ -n ${DOSSIER_TEST_CHROMIUM:-} ]]; then
  echo "There is no Chromium at $executable, where DOSSIER_TEST_CHROMIUM points." >&2
  exit 1
fi

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

as_root apt-get update
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium
