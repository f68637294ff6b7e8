#!/bin/sh
# A new user's path: runs the commands of docs/writing-a-feature.md, section "From nothing to rows", as they stand
# there, and compares what the last one prints with what the page shows. Needs no more than a bare Debian has.
#
# usage: user_path.sh --install FOLDER    as root: FOLDER has the three packages, apt installs them and what they ask
#                                         for; in the end they are removed
#        user_path.sh --installed         flowgauge is there (PATH, CMAKE_PREFIX_PATH): all commands but the first
set -eu
page=$(cd "$(dirname "$0")/../.." && pwd)/docs/writing-a-feature.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# block LANGUAGE: the section's first block in it.
block() { sed -n '/^## From nothing to rows$/,/^## /p' "$page" | sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" | sed '/^```/d'; }

block sh >"$work/commands"
block text >"$work/expected"
count=$(wc -l <"$work/commands")
if [ "$count" -lt 5 ] || [ "$count" -gt 8 ]; then
  echo "user_path: $page has $count commands in place of at most 8" >&2
  exit 1
fi

case "${1:-}" in
  --install)
    cp "$2"/*.deb "$work/"
    # What a person answers to apt.
    printf 'APT::Get::Assume-Yes "true";\n' >"$work/apt.conf"
    export APT_CONFIG="$work/apt.conf" DEBIAN_FRONTEND=noninteractive
    # A bare root knows no packages yet.
    find /var/lib/apt/lists -name '*_Packages*' | grep -q . || apt-get update -qq
    ours() { find /usr /etc /var/lib/dpkg/info -name '*flowgauge*' | sort; }
    ours >"$work/before"
    ;;
  --installed) sed -i '/^apt install /d' "$work/commands" ;;
  *)
    sed -n '5,7s/^# //p' "$0" >&2
    exit 2
    ;;
esac

cd "$work"
sed '$d' commands >all_but_the_last
sed -n '$p' commands >the_last
set -x
. ./all_but_the_last
. "$work/the_last" >"$work/rows"
set +x
diff "$work/expected" "$work/rows"
if [ "$1" = --install ]; then
  apt-get purge -qq flowgauge-dev libflowgauge0 flowgauge
  ours | diff "$work/before" - || { echo "user_path: the packages leave something behind" >&2; exit 1; }
fi
echo "user_path: $(wc -l <"$work/commands") commands, and the rows are those of the page"
