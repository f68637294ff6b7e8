#!/bin/sh
# The wheel where nothing of flowgauge is: installs it by one user, uses it by another, and runs what README.md shows.
# Needs Debian, root and a package index; no compiler.
#
# usage: wheel_path.sh FOLDER     with the wheel in it
set -eu
project=$(cd "$(dirname "$0")/../.." && pwd)
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
if command -v c++ >/dev/null || command -v cmake >/dev/null; then
  echo "wheel_path: a compiler is here: nothing would be shown" >&2
  exit 1
fi

chmod go+rx / # a root that was made for this may be its maker's alone
useradd --create-home installer
useradd --create-home user
cp "$1"/*.whl "$project/fixtures/demo.pcap" /home/installer/
mkdir /opt/env
chown -R installer /opt/env /home/installer
as() { # USER COMMAND
  setpriv --reuid="$1" --regid="$1" --clear-groups env HOME="/home/$1" PATH="/opt/env/bin:$PATH" sh -euc "cd; $2"
}
as installer 'python3 -m venv /opt/env && pip install --quiet --disable-pip-version-check "$(ls -d ~/*.whl)[pandas]"'

mkdir /home/user/fixtures
cp "$project/fixtures/demo.pcap" /home/user/fixtures/
sed -n '/^```python$/,/^```$/p' "$project/README.md" | sed '/^```/d' >/home/user/readme.py
said=$(as user 'python3 readme.py')
if [ "$said" != '(16, 100) True' ]; then
  echo "wheel_path: README.md printed: $said" >&2
  exit 1
fi
rows=$(as user 'flowgauge pcap fixtures/demo.pcap -o csv 2>/dev/null | wc -l')
[ "$rows" = 17 ] || { echo "wheel_path: the program gave $rows lines" >&2; exit 1; }
echo "wheel_path: both give the rows, by another user than who installed them"
