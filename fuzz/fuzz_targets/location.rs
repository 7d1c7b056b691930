//! The address of a job in a `Location` or a body: the extracted id, encoded into a path by the generated client,
//! addresses that job and no other resource.
#![no_main]

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use partner_center_devices::{BatchTrackingId, Client, CustomerId, fuzzing};

fuzz_target!(|bytes: &[u8]| {
    let in_header = str::from_utf8(bytes).ok().and_then(fuzzing::tracking_id);
    for id in in_header.into_iter().chain(fuzzing::tracking_id_in_body(bytes)) {
        let text = id.as_str();
        assert!(!text.contains(['/', '\\']) && !text.contains(char::is_control), "{text:?}");
        assert!(text == text.trim() && !matches!(text, "" | "." | ".."), "{text:?}");

        let uri = address_of(id.clone());
        let parts: Vec<&str> = uri.path().split('/').collect();
        let ["", "v1", "customers", "c", "batchJobStatus" | "batchjobstatus", _] = parts[..] else {
            panic!("{text:?} leads to {uri}");
        };
        assert_eq!((uri.query(), fuzzing::tracking_id(uri.path())), (None, Some(id)), "{uri}");
    }
});

/// The address that the client requests for a job.
fn address_of(id: BatchTrackingId) -> http::Uri {
    let asked = Arc::new(Mutex::new(None));
    let note = Arc::clone(&asked);
    let service = move |request: http::Request<Bytes>| {
        *note.lock().unwrap() = Some(request.uri().clone());
        http::Response::new(Bytes::from_static(br#"{"status":"queued"}"#))
    };
    let client = Client::builder().in_process(service).build().unwrap();
    let customer = client.customer(CustomerId::new("c").unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let status = runtime.block_on(async { customer.job(id).status().await });
    status.expect("a response");
    asked.lock().unwrap().take().expect("a request")
}
