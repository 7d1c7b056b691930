#!/usr/bin/env python3
"""Tests the emulator with the published Python package: `python_client.py URL`.

AutoRest generated `partnercenterservices` (PyPI) from the vendor's own description of the API. This script uses the
package without changes. It calls each operation and compares the outcome with the expected one: `ok`, or the reason
why the package cannot read the documented response. Any other outcome exits with 1.
"""

import json
import sys
import time
import uuid

from microsoft.store.partnercenterservices import MicrosoftPartnerStoreApis, models
from msrest.authentication import BasicTokenAuthentication
from msrest.exceptions import DeserializationError

V = "1"
Device = models.MicrosoftPartnerSdkContractsV1DeviceDeploymentDevice
Policy = models.MicrosoftPartnerSdkContractsV1DeviceDeploymentConfigurationPolicy
Pair = models.SystemCollectionsGenericKeyValuePairMicrosoftPartnerSdkContractsV1DeviceDeploymentPolicyCategorySystemString

BARE_LIST = "the package expects a bare list, but the documented response is {totalCount, items}"
READ_ONLY = "the package treats a device's policy as read-only and never sends it"

client = MicrosoftPartnerStoreApis(BasicTokenAuthentication({"access_token": "any"}), base_url=sys.argv[1])
client.config.proxies.use_env_settings = False
get = client.getvversioncustomerscustomer
post = client.postvversioncustomerscustomer
put = client.putvversioncustomerscustomer
patch = client.patchvversioncustomerscustomer
delete = client.deletevversioncustomerscustomer
customer = str(uuid.uuid4())  # also part of the serial numbers, because a device has one owner
table = []


def ok(operation, condition, outcome):
    """Records that the operation worked, or exits."""
    if not condition:
        sys.exit(f"{operation}: unexpected outcome: {outcome!r}")
    table.append((operation, "ok", ""))


def cannot(operation, reason, call, is_expected):
    """Records that the package misreads the response in the expected way, or exits."""
    try:
        outcome = call()
    except DeserializationError as error:
        outcome = error
    if not is_expected(outcome):
        sys.exit(f"{operation}: unexpected outcome: {outcome!r}")
    table.append((operation, "cannot", reason))


def product_key():
    """Returns a random product key. It has 13 digits, as the service requires."""
    return f"{uuid.uuid4().int % 10**13:013}"


def tracking_id(raw):
    """Returns the tracking id of the job from a 202 response."""
    if raw.response.status_code != 202:
        sys.exit(f"expected status 202, got {raw.response.status_code} {raw.response.text}")
    return raw.response.headers["Location"].rsplit("/", 1)[1]


def wait_for(job):
    """Returns the job's details when it is finished."""
    for _ in range(100):
        details = get.id3(customer, job, V)
        if details.status in ("finished", "finished_with_errors"):
            return details
        time.sleep(0.2)
    sys.exit(f"the job {job} does not finish")


def was_sent_without_policy(raw):
    """Returns True if the service accepted the request, and the request had no policy."""
    sent = json.loads(raw.response.request.body)
    devices = sent.get("devices", [sent])
    return raw.response.status_code in (200, 202) and devices[0]["policies"] == [{}]


policy = post.idpolicies(customer, Policy(name="Kiosk", category="o_o_b_e", policy_settings=["skip_eula"]), V)
ok("create_policy", policy.id and policy.policy_settings == ["skip_eula"], policy)
cannot(
    "list_policies", BARE_LIST, lambda: get.idpolicies(customer, V), lambda e: isinstance(e, DeserializationError)
)
policy_read = get.id4(customer, policy.id, V)
ok("get_policy", policy_read.name == "Kiosk" and policy_read.created_date is not None, policy_read)
policy_read.name = "Kiosk 2"
replaced = put.id1(customer, policy.id, policy_read, V)
ok("replace_policy", replaced.name == "Kiosk 2", replaced)

named = Device(serial_number=f"S-{customer}", oem_manufacturer_name="HP", model_name="X")
job = tracking_id(post.iddevice_batches(customer, V, batch_id="Contoso HQ", devices=[named], raw=True))
details = wait_for(job)
ok("create_device_batch", len(details.devices_status) == 1, details)
first = details.devices_status[0]
ok("get_batch_job_status", first.error_code == "0" and first.device_id, first)
cannot(
    "list_device_batches",
    "the package reads the list as one batch and returns an empty one",
    lambda: get.iddevice_batches(customer, V),
    lambda batch: getattr(batch, "id", "") is None,
)

refused = Device(serial_number="ZTD808-1", product_key=product_key())
more = [Device(product_key=product_key()), refused]
job = tracking_id(post.iddevices(customer, "Contoso HQ", more, V, ms_request_id=str(uuid.uuid4()), raw=True))
details = wait_for(job)
codes = [device.error_code for device in details.devices_status]
ok("add_devices", codes == ["0", "808"], codes)
second = details.devices_status[0]
cannot(
    "list_devices",
    BARE_LIST,
    lambda: get.iddevices(customer, "Contoso HQ", V),
    lambda e: isinstance(e, DeserializationError),
)

pair = Pair()
pair.key, pair.value = "o_o_b_e", policy.id
assigned = Device(id=first.device_id, policies=[pair])
cannot(
    "update_device_policies",
    READ_ONLY,
    lambda: patch.id_device_policy_updates(customer, V, devices=[assigned], raw=True),
    was_sent_without_policy,
)
cannot(
    "update_device",
    READ_ONLY,
    lambda: put.id(customer, "Contoso HQ", first.device_id, assigned, V, raw=True),
    was_sent_without_policy,
)

deleted = delete.id3(customer, "Contoso HQ", second.device_id, V, raw=True).response
ok("delete_device", deleted.status_code == 204, deleted.status_code)
deleted = delete.id4(customer, policy.id, V, raw=True).response
ok("delete_policy", deleted.status_code == 204, deleted.status_code)

for operation, outcome, reason in table:
    print(f"{operation:<22} {outcome:<6} {reason}".rstrip())
if len({operation for operation, *_ in table}) != 13:
    sys.exit("not every operation was called")
