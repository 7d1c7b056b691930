#!/usr/bin/env bash
# Every operation of the API with curl, one after the other: `curl.sh URL`. Each answer must have its status and
# a value that tells it is the right one. Needs curl and python3. For HTTPS, CURL_CA_BUNDLE names the CA's file.
set -euo pipefail

mark="$$-$RANDOM" # a device has one owner, so each run has devices of its own
root="${1:?usage: curl.sh URL}/v1/customers/curl-$mark"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# ask WHAT STATUS METHOD PATH [BODY]: asks, and goes on only with that status.
ask() {
  local what="$1" expected="$2" method="$3" path="$4" status
  local -a body=()
  if [ $# -gt 4 ]; then body=(-H 'Content-Type: application/json' --data-binary "$5"); fi
  status="$(curl --silent --show-error --max-time 20 --noproxy '*' -X "$method" -H 'Authorization: Bearer any' \
    ${body[@]+"${body[@]}"} -D "$work/head" -o "$work/body" -w '%{http_code}' "$root/$path")"
  if [ "$status" != "$expected" ]; then
    echo "$what: status $status instead of $expected: $(cat "$work/body")" >&2
    exit 1
  fi
  printf '%-22s %s %s\n' "$what" "$method" "$status"
}

# value KEY…: what is there in the last answer.
value() {
  python3 - "$work/body" "$@" <<'PYTHON'
import json, sys
value = json.load(open(sys.argv[1], encoding="utf-8-sig"))
for key in sys.argv[2:]:
    value = value[int(key) if isinstance(value, list) else key]
print(json.dumps(value) if value is None or isinstance(value, (dict, list)) else value)
PYTHON
}

# is EXPECTED KEY…
is() {
  local expected="$1" got
  shift
  got="$(value "$@")"
  if [ "$got" != "$expected" ]; then
    echo "$*: '$got' instead of '$expected'" >&2
    exit 1
  fi
}

# The end of the job that the last answer's Location names.
job() {
  local path
  path="$(sed -n 's/\r$//; s#^[Ll]ocation: /customers/[^/]*/##p' "$work/head")"
  for _ in $(seq 100); do
    ask get_batch_job_status 200 GET "$path"
    case "$(value status)" in
      finished | finished_with_errors) return ;;
    esac
    sleep 0.2
  done
  echo "the job $path does not end" >&2
  exit 1
}

ask create_policy 200 POST policies \
  '{"name":"Kiosk","category":"o_o_b_e","description":"first","policySettings":["skip_eula"]}'
is Kiosk name
policy="$(value id)"

ask list_policies 200 GET policies
is "$policy" items 0 id

ask get_policy 200 GET "policies/$policy"
is skip_eula policySettings 0

ask replace_policy 200 PUT "policies/$policy" \
  '{"name":"Kiosk 2","category":"o_o_b_e","policySettings":["remove_oem_preinstalls"]}'
is remove_oem_preinstalls policySettings 0

ask create_device_batch 202 POST deviceBatches \
  "{\"batchId\":\"Contoso HQ\",\"devices\":[{\"productKey\":\"K1-$mark\"}]}"
job
is 0 devicesStatus 0 errorCode
first="$(value devicesStatus 0 deviceId)"

ask list_device_batches 200 GET deviceBatches
is "Contoso HQ" items 0 id
is 1 items 0 devicesCount

ask add_devices 202 POST "deviceBatches/Contoso%20HQ/devices" \
  "[{\"productKey\":\"K2-$mark\"},{\"serialNumber\":\"ZTD808-1\",\"productKey\":\"K3-$mark\"}]"
job
is 0 devicesStatus 0 errorCode
is ZtdDeviceAssignedToOtherTenant devicesStatus 1 errorDescription
second="$(value devicesStatus 0 deviceId)"

ask update_device_policies 202 PATCH DevicePolicyUpdates \
  "{\"devices\":[{\"id\":\"$first\",\"policies\":[{\"key\":\"o_o_b_e\",\"value\":\"$policy\"}]}]}"
job
is 0 devicesStatus 0 errorCode

ask list_devices 200 GET "deviceBatches/Contoso%20HQ/devices"
is 2 totalCount
is "$first" items 0 id
is "$policy" items 0 policies 0 value

ask update_device 200 PUT "deviceBatches/Contoso%20HQ/devices/$first" \
  '{"policies":[{"key":"o_o_b_e","value":null}]}'
is null policies 0 value

ask delete_device 204 DELETE "deviceBatches/Contoso%20HQ/devices/$second"
ask list_devices 200 GET "deviceBatches/Contoso%20HQ/devices"
is 1 totalCount

ask delete_policy 204 DELETE "policies/$policy"
ask get_policy 404 GET "policies/$policy"
is PolicyNotFound code
