# What the benchmark scripts share; they source this file. The client runs on core 0 or on client_cores,
# servers on core 1.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
leat=$root/build/release/leat
rounds=${ROUNDS:-5}
work=$(mktemp -d)
servers=()
cleanup() {
  for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

# wait_for FILE: waits until it exists and is not empty.
wait_for() {
  for _ in $(seq 200); do [ -s "$1" ] && return 0; sleep 0.05; done
  echo "nobody wrote $1" >&2
  exit 1
}

# start_nginx [tls|h2|h2c|TEMPLATE]: sets port; it serves $work/files below /files/, and /ok.
start_nginx() {
  chmod 755 "$work"
  "$here/nginx" "$work" "$@" 2>"$work/nginx.log" &
  servers+=($!)
  wait_for "$work/nginx.pid"
  port=$(cat "$work/port")
  taskset -cp 1 "${servers[-1]}" >/dev/null
  for child in $(pgrep -P "${servers[-1]}"); do taskset -cp 1 "$child" >/dev/null; done
}

# start_origin ARGUMENT…: sets port.
start_origin() {
  taskset -c 1 "$root/build/release/tests/origin" --port 0 --port-file "$work/port" --parent-pid-exit --no-count-paths "$@" \
    >/dev/null &
  servers+=($!)
  wait_for "$work/port"
  port=$(cat "$work/port")
}

# cost N COMMAND…: microseconds of CPU, user and system, for each of N.
cost() {
  local n=$1 TIMEFORMAT='%U %S'
  shift
  { time taskset -c "${client_cores:-0}" "$@" >/dev/null 2>"$work/stderr"; } 2>&1 |
    awk -v n="$n" '{printf "%.2f\n", ($1 + $2) / n * 1e6}'
}

# wall N COMMAND…: microseconds of time, on all cores, for each of N.
wall() {
  local n=$1 TIMEFORMAT='%R'
  shift
  { time "$@" >/dev/null 2>"$work/stderr"; } 2>&1 | awk -v n="$n" '{printf "%.2f\n", $1 / n * 1e6}'
}

# sample NAME N COMMAND…: adds one more measurement with that name.
sample() {
  local name=$1
  shift
  cost "$@" >>"$work/sample.$name"
}
# wall_sample NAME N COMMAND…: does the same with the time.
wall_sample() {
  local name=$1
  shift
  wall "$@" >>"$work/sample.$name"
}
median() { sort -n "$work/sample.$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# show UNIT NAME…: prints the medians, and the values that they come from.
show() {
  local unit=$1 name
  shift
  for name in "$@"; do
    printf '%-12s %9.2f %s (of %s: %s)\n' "$name" "$(median "$name")" "$unit" "$rounds" \
      "$(sort -n "$work/sample.$name" | tr '\n' ' ')"
  done
}

# limit TEXT NAME UNIT MOST: prints the median, and what it may be.
limit() { printf '%-36s %.2f %s  (at most %s)\n' "$1" "$(median "$2")" "$3" "$4"; }

# ratio TEXT A B [MOST]: prints median A over median B.
ratio() {
  awk -v a="$(median "$2")" -v b="$(median "$3")" -v text="$1" -v most="${4-}" \
    'BEGIN {printf "%-36s %.2f%s\n", text, a / b, most == "" ? "" : "  (at most " most ")"}'
}

# goal TEXT A B LEAST: prints median A over median B.
goal() {
  awk -v a="$(median "$2")" -v b="$(median "$3")" -v text="$1" -v least="$4" \
    'BEGIN {printf "%-36s %.2f  (at least %s)\n", text, a / b, least}'
}
