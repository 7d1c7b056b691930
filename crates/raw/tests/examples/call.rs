//! Calls the operation of an example with the documented ids and body.

#![allow(clippy::result_large_err)] // the error type of progenitor

use std::fmt::Debug;

use http::HeaderMap;
use partner_center_devices_raw::types::{BatchId, BatchTrackingId, CustomerId, DeviceId, PolicyId};
use partner_center_devices_raw::{Client, Error, ForeignResponse, ResponseValue};
use partner_center_devices_testkit::Example;
use serde::de::DeserializeOwned;

/// Returns the status, the headers, and the decoded response or the error as text for the snapshot.
pub(crate) async fn call(client: &Client, example: &Example) -> (u16, HeaderMap, String) {
    let (client, receipt) = &client.with_receipt();
    let segments = example.request.segments();
    let customer = || CustomerId::new(segments[0]).unwrap();
    let batch = || BatchId::new(segments[2]).unwrap();
    let device = || DeviceId::new(segments[4]).unwrap();
    let policy = || PolicyId::new(segments[2]).unwrap();
    let query = |name| example.request.query(name);
    let size = || query("size").map(|size| size.parse().unwrap());
    let continuation = example.request.header("MS-ContinuationToken");
    let result = match example.operation.as_str() {
        "get_batch_job_status" => {
            let tracking = BatchTrackingId::new(segments[2]).unwrap();
            debug(client.get_batch_job_status(&customer(), &tracking).await)
        }
        "list_device_batches" => debug(client.list_device_batches(&customer()).await),
        "create_device_batch" => {
            debug(client.create_device_batch(&customer(), &body(example)).await)
        }
        "list_devices" => {
            debug(client.list_devices(&customer(), &batch(), None, continuation).await)
        }
        "add_devices" => debug(client.add_devices(&customer(), &batch(), &body(example)).await),
        "update_device" => {
            debug(client.update_device(&customer(), &batch(), &device(), &body(example)).await)
        }
        "delete_device" => debug(client.delete_device(&customer(), &batch(), &device()).await),
        "update_device_policies" => {
            debug(client.update_device_policies(&customer(), &body(example)).await)
        }
        "list_policies" => debug(client.list_policies(&customer()).await),
        "create_policy" => debug(client.create_policy(&customer(), &body(example)).await),
        "get_policy" => debug(client.get_policy(&customer(), &policy()).await),
        "replace_policy" => {
            debug(client.replace_policy(&customer(), &policy(), &body(example)).await)
        }
        "list_customers" => {
            let (filter, seek) = (query("filter"), query("seekOperation"));
            let (filter, seek) = (filter.as_deref(), seek.as_deref());
            debug(client.list_customers(filter, seek, size(), continuation).await)
        }
        "get_customer" => debug(client.get_customer(&customer()).await),
        "list_customer_relationships" => {
            debug(client.list_customer_relationships(&customer()).await)
        }
        "list_relationships" => {
            let kind = query("relationship_type");
            debug(client.list_relationships(None, kind.as_deref()).await)
        }
        "list_audit_records" => {
            let [start, end, filter] = ["startDate", "endDate", "filter"].map(query);
            let (start, end, filter) = (start.as_deref(), end.as_deref(), filter.as_deref());
            debug(client.list_audit_records(end, filter, size(), start, continuation).await)
        }
        "get_organization_profile" => debug(client.get_organization_profile().await),
        "delete_policy" => debug(client.delete_policy(&customer(), &policy()).await),
        other => panic!("{}: this test does not know how to call {other}", example.name),
    };
    let text = match result {
        Ok(decoded) => decoded,
        Err(Error::UnexpectedResponse(response)) => {
            format!("unexpected response: {}", response.text().await.unwrap())
        }
        Err(Error::InvalidResponsePayload(_, error)) => format!("does not decode: {error}"),
        Err(Error::CommunicationError(error)) => match foreign(&error) {
            Some(foreign) => format!("refused: {foreign}"),
            None => panic!("{}: {error}", example.name),
        },
        Err(error) => panic!("{}: {error}", example.name),
    };
    (receipt.status().unwrap().as_u16(), receipt.headers().unwrap(), text)
}

/// Returns the reason of an error about a response that is not from the service.
fn foreign(error: &reqwest::Error) -> Option<&ForeignResponse> {
    let error: &(dyn std::error::Error + 'static) = error;
    std::iter::successors(Some(error), |error| error.source())
        .find_map(|error| error.downcast_ref())
}

fn body<T: DeserializeOwned>(example: &Example) -> T {
    serde_json::from_value(example.request.json().expect("a documented body")).unwrap()
}

fn debug<T: Debug>(result: Result<ResponseValue<T>, Error>) -> Result<String, Error> {
    result.map(|value| format!("{:#?}", value.into_inner()))
}
