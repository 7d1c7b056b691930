//! Calls the operation of an example through the resource tree, with the documented ids and body.

use std::fmt::Debug;

use partner_center_devices::{
    AuditQuery, BatchId, BatchTrackingId, Call, Client, CustomerFilter, CustomerId, DeviceId,
    DeviceIdentity, Error, HardwareHash, IdentityFields, Job, List, NewPolicy, PolicyAssignment,
    PolicyId, PolicySetting, UtcDay,
};
use partner_center_devices_testkit::Example;
use serde_json::Value;
use uuid::Uuid;

/// Returns the decoded response as text for the snapshot. Errors start with `error: `.
#[allow(clippy::too_many_lines)] // one arm for each operation
pub(crate) async fn call(client: &Client, example: &Example) -> String {
    if let Some(text) = call_of_partner(client, example).await {
        return text;
    }
    let segments = example.request.segments();
    let customer = client.customer(CustomerId::new(segments[0]).unwrap());
    let batch = || customer.device_batch(BatchId::new(segments[2]).unwrap());
    let device = || batch().device(DeviceId::new(segments[4]).unwrap());
    let policy = || customer.policy(PolicyId::new(segments[2]).unwrap());
    let body = example.request.json().unwrap_or_default();
    match example.operation.as_str() {
        "get_batch_job_status" => {
            let tracking = BatchTrackingId::new(segments[2]).unwrap();
            let status = with_ids(customer.batch_upload_status(tracking).get(), example).await;
            print(status, |status| {
                let outcomes: Vec<_> =
                    status.devices().iter().map(|device| device.outcome()).collect();
                format!(
                    "{status:#?}\nfinished: {}\nstarted: {:?}\ncompleted: {:?}\noutcomes: {outcomes:#?}",
                    status.is_finished(),
                    unix(status.started()),
                    unix(status.completed()),
                )
            })
        }
        "list_device_batches" => {
            let batches = list_with_ids(customer.device_batches().list(), example).await;
            print(batches, |batches| {
                let each: Vec<_> = batches
                    .iter()
                    .map(|b| (b.id_text(), b.devices_count(), b.status(), unix(b.created())))
                    .collect();
                format!("{each:#?}\n{batches:#?}")
            })
        }
        "create_device_batch" => {
            let id = BatchId::new(body["batchId"].as_str().unwrap()).unwrap();
            job(with_ids(
                customer.device_batches().create(id, identities(&body["devices"])),
                example,
            )
            .await)
        }
        "list_devices" => {
            let mut list = batch().devices().list();
            if let Some(token) = example.request.header("MS-ContinuationToken") {
                list = list.resume(token.parse().unwrap());
            }
            let devices = list_with_ids(list, example).await;
            print(devices, |devices| {
                let each: Vec<_> = devices
                    .iter()
                    .map(|d| {
                        (
                            d.id_text(),
                            d.serial_number(),
                            d.model(),
                            d.policy_id_text(),
                            unix(d.uploaded()),
                        )
                    })
                    .collect();
                format!("{each:#?}\n{devices:#?}")
            })
        }
        "add_devices" => job(with_ids(batch().devices().add(identities(&body)), example).await),
        "update_device" => {
            let policy = body["policies"][0]["value"].as_str().map(|id| PolicyId::new(id).unwrap());
            debug(with_ids(device().update(policy), example).await)
        }
        "delete_device" => debug(with_ids(device().delete(), example).await),
        "update_device_policies" => {
            let assignments = body["devices"].as_array().unwrap().iter().map(|device| {
                let id = DeviceId::new(device["id"].as_str().unwrap()).unwrap();
                let policy = device["policies"][0]["value"].as_str().unwrap();
                PolicyAssignment::by_id(id, Some(PolicyId::new(policy).unwrap()))
            });
            job(with_ids(customer.device_policies().update(assignments), example).await)
        }
        "list_policies" => {
            let policies = list_with_ids(customer.policies().list(), example).await;
            print(policies, |policies| {
                let each: Vec<_> = policies
                    .iter()
                    .map(|p| {
                        (p.name(), p.settings(), p.devices_assigned(), unix(p.last_modified()))
                    })
                    .collect();
                format!("{each:#?}\n{policies:#?}")
            })
        }
        "create_policy" => {
            debug(with_ids(customer.policies().create(new_policy(&body)), example).await)
        }
        "get_policy" => debug(with_ids(policy().get(), example).await),
        "replace_policy" => debug(with_ids(policy().replace(new_policy(&body)), example).await),
        "delete_policy" => debug(with_ids(policy().delete(), example).await),
        "get_customer" => print(with_ids(customer.get(), example).await, |customer| {
            let delegated = customer.has_delegated_values();
            let values = (customer.id_text(), customer.name(), customer.domain());
            format!("{values:#?}\ndelegated: {delegated}\n{customer:#?}")
        }),
        "list_customer_relationships" => {
            debug(list_with_ids(customer.relationships(), example).await)
        }
        other => panic!("{}: this test does not know how to call {other}", example.name),
    }
}

/// Calls an operation that has no customer in its path.
async fn call_of_partner(client: &Client, example: &Example) -> Option<String> {
    let query = |name| example.request.query(name);
    Some(match example.operation.as_str() {
        "list_customers" => {
            let mut customers = client.customers();
            if let Some(filter) = query("filter") {
                let filter: Value = serde_json::from_str(&filter).unwrap();
                let value = filter["Value"].as_str().unwrap();
                customers = customers.filter(match filter["Field"].as_str().unwrap() {
                    "CompanyName" => CustomerFilter::company_name_starts_with(value),
                    "IndirectReseller" => CustomerFilter::indirect_reseller(value),
                    other => panic!("{}: this test does not know {other}", example.name),
                });
            }
            let size: u32 = query("size").unwrap().parse().unwrap();
            if size > 0 {
                customers = customers.page_size(size).unwrap();
            }
            let mut list = customers.list();
            if let Some(token) = example.request.header("MS-ContinuationToken") {
                let (_, query) = example.request.target.split_once('?').unwrap();
                list = list.resume(format!("{token} ?{query}").parse().unwrap());
            }
            print(list_with_ids(list, example).await, |customers| {
                let each: Vec<_> = customers
                    .iter()
                    .map(|customer| (customer.id_text(), customer.name(), customer.relationship()))
                    .collect();
                format!("{each:#?}\n{customers:#?}")
            })
        }
        "list_audit_records" => {
            // The first example has no last day; its response is from 2017-06-27.
            let last = query("endDate").unwrap_or("2017-06-27".to_owned());
            let first = query("startDate").filter(|first| !first.contains('/'));
            let first = first.unwrap_or("2017-06-01".to_owned());
            let [first, last] = [first, last].map(|day| day.parse::<UtcDay>().unwrap());
            let mut audit = AuditQuery::new().days(first, last).today(last);
            if let Some(filter) = query("filter") {
                let filter: Value = serde_json::from_str(&filter).unwrap();
                assert_eq!(filter["Field"], "CustomerId");
                audit = audit.customer(CustomerId::new(filter["Value"].as_str().unwrap()).unwrap());
            }
            if let Some(size) = query("size") {
                audit = audit.page_size(size.parse().unwrap());
            }
            let (request, correlation) = ids(example);
            let records = client.audit_records(audit);
            let records = records.request_id(request).correlation_id(correlation).await;
            print(records, |records| {
                let each: Vec<_> = records
                    .iter()
                    .map(|record| {
                        let details: Vec<_> = record.details().collect();
                        (unix(record.date()), record.operation(), record.user(), details)
                    })
                    .collect();
                format!("{each:#?}\n{records:#?}")
            })
        }
        "list_relationships" => debug(list_with_ids(client.indirect_resellers(), example).await),
        "get_organization_profile" => debug(with_ids(client.organization_profile(), example).await),
        _ => return None,
    })
}

/// Returns the documented ids, or constant ids if there are none.
fn ids(example: &Example) -> (Uuid, Uuid) {
    let id = |header| example.request.header(header).map_or(Uuid::nil(), |id| id.parse().unwrap());
    (id("MS-RequestId"), id("MS-CorrelationId"))
}

async fn with_ids<T: Send + 'static>(call: Call<T>, example: &Example) -> Result<T, Error> {
    let (request, correlation) = ids(example);
    call.request_id(request).correlation_id(correlation).await
}

async fn list_with_ids<T: Send + 'static>(
    list: List<T>,
    example: &Example,
) -> Result<Vec<T>, Error> {
    let (request, correlation) = ids(example);
    list.request_id(request).correlation_id(correlation).await
}

fn identities(devices: &Value) -> Vec<DeviceIdentity> {
    let text = |device: &Value, key: &str| device[key].as_str().map(ToOwned::to_owned);
    let each = devices.as_array().unwrap().iter().map(|device| IdentityFields {
        hardware_hash: device["hardwareHash"].as_str().map(HardwareHash::new),
        product_key: text(device, "productKey"),
        serial_number: text(device, "serialNumber"),
        manufacturer: text(device, "oemManufacturerName"),
        model: text(device, "modelName"),
    });
    each.map(|fields| fields.choose().unwrap()).collect()
}

fn new_policy(body: &Value) -> NewPolicy {
    let settings = body["policySettings"].as_array().unwrap();
    let settings = settings.iter().map(|setting| PolicySetting::from(setting.as_str().unwrap()));
    NewPolicy::new(body["name"].as_str().unwrap(), settings)
        .description(body["description"].as_str().unwrap())
}

fn unix(time: Option<std::time::SystemTime>) -> Option<f64> {
    time.map(|time| time.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64())
}

fn job(result: Result<Job, Error>) -> String {
    print(result, |job| format!("job {}", job.tracking_id()))
}

fn debug<T: Debug>(result: Result<T, Error>) -> String {
    print(result, |value| format!("{value:#?}"))
}

fn print<T>(result: Result<T, Error>, show: impl FnOnce(T) -> String) -> String {
    match result {
        Ok(value) => show(value),
        Err(error) => format!("error: {error}\nhint: {}", error.hint().unwrap_or("none")),
    }
}
