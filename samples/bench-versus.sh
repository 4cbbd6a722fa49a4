#!/bin/sh
# Old or new: measures two endpoints in turns, says whether they differ, and leaves a page with plots and the figures
# for a later `leat bench --compare`.
#
#   samples/bench-versus.sh http://127.0.0.1:8099/delay/5 http://127.0.0.1:8099/delay/8
set -eu
exec "${LEAT:-leat}" bench -c 4 -z "${SECONDS_EACH:-2s}" --html bench-versus.html --save bench-versus.json \
  "${1:-http://127.0.0.1:8099/delay/5}" --vs "${2:-http://127.0.0.1:8099/delay/8}"
