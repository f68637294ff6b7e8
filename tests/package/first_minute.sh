#!/bin/sh
# A new user's first minute: the three commands of README.md, section "From packages to live flows", as they stand
# there. Says after how many seconds each is done, and the last one shows a flow. Needs no more than a bare Debian has.
# tests/package/first_minute.py makes the traffic, and calls this.
#
# usage: first_minute.sh FOLDER PROCESS FLOW LIMIT     as root: FOLDER has the packages, the network namespace of
#                                                      PROCESS an interface eth0 with traffic, of which rows have the
#                                                      text FLOW; fails after LIMIT seconds
set -eu
page=$(cd "$(dirname "$0")/../.." && pwd)/README.md
folder=$1 process=$2 flow=$3 limit=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "first_minute: $1" >&2; exit 1; }

sed -n '/^## From packages to live flows$/,/^## /p' "$page" | sed -n '/^```sh$/,/^```$/p' | sed '/^```/d' >"$work/commands"
[ "$(wc -l <"$work/commands")" = 3 ] || fail "$page has $(wc -l <"$work/commands") commands in place of three"

# What a person answers to apt; and a bare root knows no packages yet.
printf 'APT::Get::Assume-Yes "true";\n' >"$work/apt.conf"
export APT_CONFIG="$work/apt.conf" DEBIAN_FRONTEND=noninteractive
find /var/lib/apt/lists -name '*_Packages*' | grep -q . || apt-get update -qq

began=$(date +%s%N)
tenths() { echo $((($(date +%s%N) - began) / 100000000)); }
said() { t=$(tenths); echo "first_minute: $((t / 10)).$((t % 10)) s: $1"; }
# Root needs no sudo; and the interface is in another network namespace than the packages that apt asks for.
sudo() { "$@"; }
flowgauge() {
  words="nsenter --net=/proc/$process/ns/net flowgauge $*"
  if [ "$1" = realtime ]; then on_a_terminal; else $words; fi
}

# As a person sees it who ends it with Ctrl-C once there is a flow.
on_a_terminal() {
  mkfifo "$work/keys"
  exec 3<>"$work/keys"
  { timeout "$limit" script -qefc "exec $words" /dev/null <&3 || echo $? >"$work/failed"; } | while IFS= read -r line; do
    printf '%s\n' "$line"
    case $line in
      *"$flow"*) [ -e "$work/seen" ] || { tenths >"$work/seen"; printf '\003' >&3; } ;;
    esac
  done
}

cd "$folder"
number=0
while IFS= read -r command <&4; do
  number=$((number + 1))
  eval "$command"
  said "command $number is done: $command"
done 4<"$work/commands"
[ -e "$work/seen" ] || fail "no flow was seen"
[ ! -e "$work/failed" ] || fail "the run ended with exit code $(cat "$work/failed")"
seen=$(cat "$work/seen")
[ "$seen" -le $((limit * 10)) ] || fail "a flow was seen after $((seen / 10)).$((seen % 10)) s, which is more than $limit"
echo "first_minute: a flow was seen $((seen / 10)).$((seen % 10)) s after the first of 3 commands began"
