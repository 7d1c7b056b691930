#!/usr/bin/env bash
# Calls every operation of the API with curl: `curl.sh URL`. Checks the status of each response and one of its values.
# Needs curl and python3. For HTTPS, set CURL_CA_BUNDLE to the file of the CA.
set -euo pipefail

mark="$$-$RANDOM" # a device has one owner, so each run uses different devices
keys="$(printf '%07d%05d' $(($$ % 10000000)) $RANDOM)" # a product key has one more digit
partner="${1:?usage: curl.sh URL}/v1"
root="$partner/customers/curl-$mark"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# call NAME STATUS METHOD PATH [BODY]: sends a request and exits if the status differs. A path with a slash at its start belongs to
# the partner, any other one to the customer.
call() {
  local name="$1" expected="$2" method="$3" path="$4" status url
  case "$path" in /*) url="$partner$path" ;; *) url="$root/$path" ;; esac
  local -a body=()
  if [ $# -gt 4 ]; then body=(-H 'Content-Type: application/json' --data-binary "$5"); fi
  status="$(curl --silent --show-error --max-time 20 --noproxy '*' -X "$method" -H 'Authorization: Bearer any' \
    ${body[@]+"${body[@]}"} -D "$work/head" -o "$work/body" -w '%{http_code}' "$url")"
  if [ "$status" != "$expected" ]; then
    echo "$name: expected status $expected, got $status: $(cat "$work/body")" >&2
    exit 1
  fi
  printf '%-27s %s %s\n' "$name" "$method" "$status"
}

# value KEY…: prints a value from the last response.
value() {
  python3 - "$work/body" "$@" <<'PYTHON'
import json, sys
value = json.load(open(sys.argv[1], encoding="utf-8-sig"))
for key in sys.argv[2:]:
    value = value[int(key) if isinstance(value, list) else key]
print(json.dumps(value) if value is None or isinstance(value, (dict, list)) else value)
PYTHON
}

# expect EXPECTED KEY…: exits if a value in the last response differs.
expect() {
  local expected="$1" actual
  shift
  actual="$(value "$@")"
  if [ "$actual" != "$expected" ]; then
    echo "$*: expected '$expected', got '$actual'" >&2
    exit 1
  fi
}

# Waits for the job in the Location header of the last response.
wait_for_job() {
  local path
  path="$(sed -n 's/\r$//; s#^[Ll]ocation: /customers/[^/]*/##p' "$work/head")"
  for _ in $(seq 100); do
    call get_batch_job_status 200 GET "$path"
    case "$(value status)" in
      finished | finished_with_errors) return ;;
    esac
    sleep 0.2
  done
  echo "the job $path does not finish" >&2
  exit 1
}

call create_policy 200 POST policies \
  '{"name":"Kiosk","category":"o_o_b_e","description":"first","policySettings":["skip_eula"]}'
expect Kiosk name
policy="$(value id)"

call list_policies 200 GET policies
expect "$policy" items 0 id

call get_policy 200 GET "policies/$policy"
expect skip_eula policySettings 0

call replace_policy 200 PUT "policies/$policy" \
  '{"name":"Kiosk 2","category":"o_o_b_e","policySettings":["remove_oem_preinstalls"]}'
expect remove_oem_preinstalls policySettings 0

call create_device_batch 202 POST deviceBatches \
  "{\"batchId\":\"Contoso HQ\",\"devices\":[{\"productKey\":\"${keys}1\"}]}"
wait_for_job
expect 0 devicesStatus 0 errorCode
first="$(value devicesStatus 0 deviceId)"

call list_device_batches 200 GET deviceBatches
expect "Contoso HQ" items 0 id
expect 1 items 0 devicesCount

call add_devices 202 POST "deviceBatches/Contoso%20HQ/devices" \
  "[{\"productKey\":\"${keys}2\"},{\"serialNumber\":\"ZTD808-1\",\"productKey\":\"${keys}3\"}]"
wait_for_job
expect 0 devicesStatus 0 errorCode
expect ZtdDeviceAssignedToOtherTenant devicesStatus 1 errorDescription
second="$(value devicesStatus 0 deviceId)"

call update_device_policies 202 PATCH DevicePolicyUpdates \
  "{\"devices\":[{\"id\":\"$first\",\"policies\":[{\"key\":\"o_o_b_e\",\"value\":\"$policy\"}]}]}"
wait_for_job
expect 0 devicesStatus 0 errorCode

call list_devices 200 GET "deviceBatches/Contoso%20HQ/devices"
expect 2 totalCount
expect "$first" items 0 id
expect "$policy" items 0 policies 0 value

call update_device 200 PUT "deviceBatches/Contoso%20HQ/devices/$first" \
  '{"policies":[{"key":"o_o_b_e","value":null}]}'
expect null policies 0 value

call delete_device 204 DELETE "deviceBatches/Contoso%20HQ/devices/$second"
call list_devices 200 GET "deviceBatches/Contoso%20HQ/devices"
expect 1 totalCount

call delete_policy 204 DELETE "policies/$policy"
call get_policy 404 GET "policies/$policy"
expect PolicyNotFound code

call list_customers 200 GET "/customers?size=500"
call get_customer 200 GET ""
expect reseller relationshipToPartner
call list_audit_records 200 GET "/auditrecords?size=1"
expect policy_deleted items 0 operationType
call get_organization_profile 200 GET "/profiles/organization"
expect OrganizationProfile profileType
# The emulator's partner is a direct one.
call list_relationships 403 GET "/relationships?relationship_type=IsIndirectResellerOf"
expect 1002 code
call list_customer_relationships 403 GET "relationships"
expect 1002 code
