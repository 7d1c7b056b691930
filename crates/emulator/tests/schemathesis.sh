#!/usr/bin/env bash
# All checks of schemathesis (https://schemathesis.io) on a running emulator, by the published spec:
# `schemathesis.sh URL`. The emulator must be strict about tokens and approve sign-ins by itself:
# `pcdevices emulator --auth strict --auto-approve`. SECONDS_TO_TEST says how long, 60 by default.
set -euo pipefail
url=$1
here=$(dirname "$0")

# Signs in as a user: an app's own token may not make a batch.
ask() { curl --silent --show-error --fail-with-body "$url/contoso/oauth2/v2.0/$1" "${@:2}"; }
member() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }
code=$(ask devicecode -d client_id=app -d 'scope=https://api.partnercenter.microsoft.com/user_impersonation' |
  member device_code)
token=$(ask token -d client_id=app -d "device_code=$code" \
  -d 'grant_type=urn:ietf:params:oauth:grant-type:device_code' | member access_token)

"${SCHEMATHESIS:-schemathesis}" --config-file "$here/schemathesis.toml" run "$here/../../../spec/device-deployment.yaml" \
  --url "$url" --header "Authorization: Bearer $token" --checks all --max-time "${SECONDS_TO_TEST:-60}"
