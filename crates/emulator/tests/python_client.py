#!/usr/bin/env python3
"""What the published Python package makes of the emulator: `python_client.py URL`.

`partnercenterservices` (PyPI) is what AutoRest made of the vendor's own description of the API. The package is not
changed here. Each operation is called and its outcome compared with what is expected: `ok`, or the reason why the
package cannot read the documented answer. Any other outcome ends this with 1.
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

BARE_LIST = "the package wants a bare list; the documents have {totalCount, items}"
READ_ONLY = "the package never sends a device's policy: it takes key and value for read-only"

client = MicrosoftPartnerStoreApis(BasicTokenAuthentication({"access_token": "any"}), base_url=sys.argv[1])
client.config.proxies.use_env_settings = False
get = client.getvversioncustomerscustomer
post = client.postvversioncustomerscustomer
put = client.putvversioncustomerscustomer
patch = client.patchvversioncustomerscustomer
delete = client.deletevversioncustomerscustomer
customer = str(uuid.uuid4())  # also the mark of this run's devices: a device has one owner
table = []


def ok(operation, condition, seen):
    """The operation did what it is for."""
    if not condition:
        sys.exit(f"{operation}: unexpected outcome: {seen!r}")
    table.append((operation, "ok", ""))


def cannot(operation, why, call, is_so):
    """The package reads the answer wrongly: `is_so` says of its result or error whether in the known way."""
    try:
        outcome = call()
    except DeserializationError as error:
        outcome = error
    if not is_so(outcome):
        sys.exit(f"{operation}: unexpected outcome: {outcome!r}")
    table.append((operation, "cannot", why))


def tracking(raw):
    """The id of the job that a 202 names."""
    if raw.response.status_code != 202:
        sys.exit(f"no 202: {raw.response.status_code} {raw.response.text}")
    return raw.response.headers["Location"].rsplit("/", 1)[1]


def finished(job):
    """The job's details at its end."""
    for _ in range(100):
        details = get.id3(customer, job, V)
        if details.status in ("finished", "finished_with_errors"):
            return details
        time.sleep(0.2)
    sys.exit(f"the job {job} does not end")


def without_its_policy(raw):
    """The service took it, and nothing of a policy was in what was sent."""
    sent = json.loads(raw.response.request.body)
    devices = sent.get("devices", [sent])
    return raw.response.status_code in (200, 202) and devices[0]["policies"] == [{}]


policy = post.idpolicies(customer, Policy(name="Kiosk", category="o_o_b_e", policy_settings=["skip_eula"]), V)
ok("create_policy", policy.id and policy.policy_settings == ["skip_eula"], policy)
cannot(
    "list_policies", BARE_LIST, lambda: get.idpolicies(customer, V), lambda e: isinstance(e, DeserializationError)
)
got = get.id4(customer, policy.id, V)
ok("get_policy", got.name == "Kiosk" and got.created_date is not None, got)
got.name = "Kiosk 2"
replaced = put.id1(customer, policy.id, got, V)
ok("replace_policy", replaced.name == "Kiosk 2", replaced)

named = Device(serial_number=f"S-{customer}", oem_manufacturer_name="HP", model_name="X")
job = tracking(post.iddevice_batches(customer, V, batch_id="Contoso HQ", devices=[named], raw=True))
details = finished(job)
ok("create_device_batch", len(details.devices_status) == 1, details)
first = details.devices_status[0]
ok("get_batch_job_status", first.error_code == "0" and first.device_id, first)
cannot(
    "list_device_batches",
    "the package reads the list as one batch, and so has nothing of it",
    lambda: get.iddevice_batches(customer, V),
    lambda batch: getattr(batch, "id", "") is None,
)

refused = Device(serial_number="ZTD808-1", product_key=f"K2-{customer}")
more = [Device(product_key=f"K1-{customer}"), refused]
job = tracking(post.iddevices(customer, "Contoso HQ", more, V, ms_request_id=str(uuid.uuid4()), raw=True))
details = finished(job)
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
    without_its_policy,
)
cannot(
    "update_device",
    READ_ONLY,
    lambda: put.id(customer, "Contoso HQ", first.device_id, assigned, V, raw=True),
    without_its_policy,
)

gone = delete.id3(customer, "Contoso HQ", second.device_id, V, raw=True).response
ok("delete_device", gone.status_code == 204, gone.status_code)
gone = delete.id4(customer, policy.id, V, raw=True).response
ok("delete_policy", gone.status_code == 204, gone.status_code)

for operation, outcome, why in table:
    print(f"{operation:<22} {outcome:<6} {why}".rstrip())
if len({operation for operation, *_ in table}) != 13:
    sys.exit("not every operation was called")
