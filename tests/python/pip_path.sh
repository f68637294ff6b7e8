#!/bin/sh
# The path of README.md to Python, on a bare Debian 12 with git alone: ./dev setup, pip install, and what the page
# shows. As root, with a package index; it takes some minutes.
set -eu
cd "$(dirname "$0")/../.."
./dev setup
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check '.[pandas]'
sed -n '/^```python$/,/^```$/p' README.md | sed '/^```/d' >"$work/readme.py"
said=$("$work/env/bin/python" "$work/readme.py")
if [ "$said" != '(16, 100) True' ]; then
  echo "pip_path: README.md printed: $said" >&2
  exit 1
fi
echo "pip_path: README.md shows what it says"
