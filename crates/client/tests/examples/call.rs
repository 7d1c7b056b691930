//! Calls the operation of an example through the resource tree, with the documented ids and body.

use std::fmt::Debug;

use partner_center_devices::{
    BatchId, BatchTrackingId, Call, Client, CustomerId, DeviceId, DeviceIdentity, Error,
    HardwareHash, IdentityFields, Job, List, NewPolicy, PolicyAssignment, PolicyId, PolicySetting,
};
use partner_center_devices_testkit::Example;
use serde_json::Value;
use uuid::Uuid;

/// Returns the decoded response as text for the snapshot. Errors start with `error: `.
#[allow(clippy::too_many_lines)] // one arm for each operation
pub(crate) async fn call(client: &Client, example: &Example) -> String {
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
        other => panic!("{}: this test does not know how to call {other}", example.name),
    }
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
