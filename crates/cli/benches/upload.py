"""The same upload as a script of Python and requests does it: no checks, no journal, no retries. For benches/program.rs.

python3 upload.py FILE URL CUSTOMER BATCH
"""

import csv
import sys
import time

import requests

path, url, customer, batch = sys.argv[1:]
root = f"{url}/v1/customers/{customer}"
session = requests.Session()
session.headers["Authorization"] = "Bearer any"

with open(path, newline="", encoding="utf-8-sig") as file:
    devices = [
        {
            name: value
            for name, value in {
                "serialNumber": row["Device Serial Number"],
                "productKey": row["Windows Product ID"],
                "hardwareHash": row["Hardware Hash"],
                "oemManufacturerName": row["Manufacturer name"],
                "modelName": row["Device model"],
            }.items()
            if value
        }
        for row in csv.DictReader(file)
    ]


def send(first, part):
    if first:
        answer = session.post(f"{root}/deviceBatches", json={"batchId": batch, "devices": part})
    else:
        answer = session.post(f"{root}/deviceBatches/{batch}/devices", json=part)
    answer.raise_for_status()
    return answer.headers["Location"].rstrip("/").split("/")[-1]


def outcome(job):
    while True:
        answer = session.get(f"{root}/batchJobStatus/{job}")
        answer.raise_for_status()
        status = answer.json()
        if status["status"].startswith("finished"):
            return status["devicesStatus"]
        time.sleep(0.1)


done = []
for start in range(0, len(devices), 500):
    done += outcome(send(start == 0, devices[start : start + 500]))
failed = sum(1 for device in done if device["status"] == "finished_with_errors")
print(f"{len(done)} devices, {failed} failed")
