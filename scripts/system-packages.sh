#!/usr/bin/env bash
# Installs what pip cannot: Pango (PDF), Chromium (browser tests), fonts. Only what is missing, with apt.
# usage: system-packages.sh pango|chromium ...
# Exits 0 when everything asked for is there, else says exactly what to install and exits 1.
set -euo pipefail
PATH="$PATH:/usr/sbin:/sbin"  # ldconfig, for those who are not root

has_library() {
  [[ "$(ldconfig -p 2>/dev/null)" == *"$1"* ]] ||
    [ -n "$(find /opt/homebrew/lib /usr/local/lib -name "$1*" -print -quit 2>/dev/null)" ]
}
has_font() { [[ "$(fc-list 2>/dev/null)" == *"$1"* ]]; }
has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

missing=()
for wanted in "$@"; do
  case "$wanted" in
    pango)
      has_library libpango-1.0 || missing+=(libpango-1.0-0)
      has_library libpangoft2-1.0 || missing+=(libpangoft2-1.0-0)
      has_library libharfbuzz-subset || missing+=(libharfbuzz-subset0)
      ;;
    chromium)
      has_chromium >/dev/null || missing+=(chromium)
      # letters for the languages a respondent may read; Chromium brings none of its own
      has_font DejaVu || missing+=(fonts-dejavu-core)
      ;;
    *) echo "system-packages.sh: unknown: $wanted" >&2; exit 2 ;;
  esac
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
  echo "Installing ${missing[*]} with apt …"
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq || true
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null && exit 0
fi

cat >&2 <<TEXT
Missing on this machine: ${missing[*]}
  Debian, Ubuntu:  sudo apt-get install ${missing[*]}
  macOS:           brew install pango harfbuzz; brew install --cask chromium
TEXT
exit 1
