#!/bin/sh
# Speed gate: fails (status 4) if the service is surely slower, or fails more often, than was agreed on. Checks that
# few samples can't decide pass, and say so.
#
#   samples/bench-gate.sh http://127.0.0.1:8099/ok
set -eu
exec "${LEAT:-leat}" bench -c 8 -z "${SECONDS_EACH:-2s}" --warmup 200ms \
  --check 'p99<250ms' --check 'error_rate<0.5%' --check 'rate>20/s' "${1:-http://127.0.0.1:8099/ok}"
