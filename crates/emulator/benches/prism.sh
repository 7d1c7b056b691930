#!/usr/bin/env bash
# Compares the status requests per second of this emulator and of Prism (https://github.com/stoplightio/prism):
#
#   bash crates/emulator/benches/prism.sh [SECONDS [ROUNDS]]       by default 10 seconds and 3 rounds
#
# Needs Rust, node with npm, wrk, curl and python3. The script installs Prism into a temporary folder and deletes it at
# the end. README.md in this folder has the results.
set -euo pipefail
seconds=${1:-10} rounds=${2:-3} connections=16
sizes=(1 40 1000)
root=$(cd "$(dirname "$0")/../../.." && pwd)
spec=$root/spec/device-deployment.yaml
customer=47021739-3426-40bf-9601-61b4b6d7c793
token='Authorization: Bearer any'

folder=$(mktemp -d) started=()
finish() {
  for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
  rm -rf "$folder"
}
trap finish EXIT

say() { printf '%s\n' "$*" >&2; }
until_up() { # URL
  for _ in $(seq 300); do
    if curl --silent --output /dev/null "$1"; then return; fi
    sleep 0.2
  done
  say "no response from $1"
  exit 1
}
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

say "building the emulator, installing Prism"
cargo build --quiet --release --manifest-path "$root/Cargo.toml" --package partner-center-devices-cli
target=$(cargo metadata --no-deps --format-version 1 --manifest-path "$root/Cargo.toml" |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
npm install --silent --no-audit --no-fund --prefix "$folder" @stoplight/prism-cli >&2
prism=$folder/node_modules/.bin/prism

port=$(free_port) emulator=http://127.0.0.1:$port
"$target/release/pcdevices" emulator --listen "127.0.0.1:$port" >"$folder/emulator.log" 2>&1 &
started+=($!)
until_up "$emulator/_emulator/state"

# Creates a job of each size. Its status becomes an example for Prism.
declare -A job
for size in "${sizes[@]}"; do
  body=$(python3 -c "import json; print(json.dumps({'batchId': 'b$size', 'devices': [
    {'serialNumber': 'S%04d' % n, 'productKey': '%05d%08d' % ($size, n)} for n in range($size)]}))")
  location=$(curl --silent --fail --include "$emulator/v1/customers/$customer/deviceBatches" --header "$token" \
    --json @- <<<"$body" | tr -d '\r' | sed -n 's/^location: //p')
  job[$size]=/v1$location
  curl --silent --fail --request POST "$emulator/_emulator/jobs/${location##*/}/finish" >/dev/null
  curl --silent --fail --header "$token" "$emulator${job[$size]}" >"$folder/devices-$size.json"
done

# The copy of the document for Prism differs only in its examples.
(cd "$folder" && node - "$spec" "${sizes[@]}" <<'JS'
const fs = require('fs'), yaml = require('js-yaml'), [spec, ...sizes] = process.argv.slice(2);
const document = yaml.load(fs.readFileSync(spec, 'utf8'));
const status = document.paths['/v1/customers/{customer_id}/batchJobStatus/{batch_tracking_id}'].get;
status.responses['200'].content['application/json'].examples = Object.fromEntries(
  sizes.map(size => [`devices-${size}`, { value: JSON.parse(fs.readFileSync(`devices-${size}.json`)) }]));
fs.writeFileSync('with-examples.json', JSON.stringify(document));
JS
)
mock() { # DOCUMENT; sets `url`. Logging is off, because it would slow Prism down.
  local port
  port=$(free_port) url=http://127.0.0.1:$port
  "$prism" mock --verboseLevel fatal --port "$port" "$1" >>"$folder/prism.log" 2>&1 &
  started+=($!)
  until_up "$url"
}
mock "$spec"; unchanged=$url
mock "$folder/with-examples.json"; with_examples=$url

for size in "${sizes[@]}"; do
  curl --silent --fail --header "$token" --header "Prefer: example=devices-$size" "$with_examples${job[$size]}" |
    python3 -c 'import json, sys; sys.exit(json.load(sys.stdin) != json.load(open(sys.argv[1])))' \
      "$folder/devices-$size.json" || { say "Prism returns another response for $size devices"; exit 1; }
done
curl --silent --fail --header "$token" "$unchanged${job[1]}" >/dev/null

measure() { # NAME URL HEADER...
  local name=$1 url=$2 headers=("${@:3}") output
  output=$(wrk --threads 1 --connections $connections --duration "${seconds}s" --timeout 30s \
    --header "$token" "${headers[@]}" "$url")
  if grep -E 'Non-2xx|Socket errors' <<<"$output" >&2; then say "$name: some requests failed"; exit 1; fi
  sed -n "s|^Requests/sec: *|$name\t|p" <<<"$output" >>"$folder/figures"
  say "$(tail -n 1 "$folder/figures")"
}
for round in $(seq "$rounds"); do
  say "round $round of $rounds, $seconds seconds each"
  for size in "${sizes[@]}"; do
    measure "emulator $size" "$emulator${job[$size]}"
    measure "prism $size" "$with_examples${job[$size]}" --header "Prefer: example=devices-$size"
  done
  measure "prism schema" "$unchanged${job[1]}"
done

say
python3 - "$folder" "${sizes[@]}" <<'PY'
import os, statistics, sys
folder, *sizes = sys.argv[1:]
figures = {}
for line in open(f"{folder}/figures"):
    name, figure = line.rstrip("\n").split("\t")
    figures.setdefault(name, []).append(float(figure))
median = {name: statistics.median(all) for name, all in figures.items()}
print("| devices in the job | bytes | emulator | Prism, same response | ratio | Prism, unchanged | ratio |")
print("|---:|---:|---:|---:|---:|---:|---:|")
for size in sizes:
    size_of = os.path.getsize(f"{folder}/devices-{size}.json")
    own, same, schema = median[f"emulator {size}"], median[f"prism {size}"], median["prism schema"]
    print(f"| {size} | {size_of:,} | {own:,.0f} | {same:,.0f} | {own / same:,.0f} | {schema:,.0f} | {own / schema:,.0f} |")
PY
version() { "$@" 2>&1 | grep --only-matching --extended-regexp --max-count 1 '[0-9]+\.[0-9]+\.[0-9]+' || true; }
processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
printf '\nPrism %s, Node %s, wrk %s, Rust %s, %s, %s cores%s\n' "$("$prism" --version)" "$(version node --version)" \
  "$(version wrk --version)" "$(version rustc --version)" "$(uname -sr)" "$(nproc)" "${processor:+ of $processor}"
