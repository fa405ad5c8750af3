#!/usr/bin/env bash
# Installs Debian's Chromium without a window, which takes half the CPU of the one with, for the tests in test/browser/, unless
# DOSSIER_TEST_CHROMIUM or /usr/bin/chromium-headless-shell exists.
set -euo pipefail

executable=${DOSSIER_TEST_CHROMIUM:-/usr/bin/chromium-headless-shell}
if [[ -x $executable ]]; then
  echo "Chromium is installed: $executable"
  exit
fi
if [[ -n ${DOSSIER_TEST_CHROMIUM:-} ]]; then
  echo "DOSSIER_TEST_CHROMIUM: no executable at $executable. Correct it, or unset it to install Chromium." >&2
  exit 1
fi

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

as_root apt-get update
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium-headless-shell
