#!/usr/bin/env bash
# Runs all checks of schemathesis (https://schemathesis.io) with the published spec on a running emulator:
# `schemathesis.sh URL`. Start the emulator with `pcdevices emulator --auth strict --auto-approve`.
# SECONDS_TO_TEST sets the duration; the default is 60.
set -euo pipefail
url=$1
here=$(dirname "$0")

# Signs in as a user, because an app-only token cannot create a batch.
call() { curl --silent --show-error --fail-with-body "$url/contoso/oauth2/v2.0/$1" "${@:2}"; }
member() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }
code=$(call devicecode -d client_id=app -d 'scope=https://api.partnercenter.microsoft.com/user_impersonation' |
  member device_code)
token=$(call token -d client_id=app -d "device_code=$code" \
  -d 'grant_type=urn:ietf:params:oauth:grant-type:device_code' | member access_token)

"${SCHEMATHESIS:-schemathesis}" --config-file "$here/schemathesis.toml" run "$here/../../../spec/device-deployment.yaml" \
  --url "$url" --header "Authorization: Bearer $token" --checks all --max-time "${SECONDS_TO_TEST:-60}"
