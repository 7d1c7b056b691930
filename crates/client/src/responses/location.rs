//! The tracking id in the response to an upload. The address in `Location` is only read, never followed, so it cannot send
//! a token to another host.

use bytes::Bytes;
use partner_center_devices_raw::types::BatchTrackingId;
use percent_encoding::percent_decode_str;

/// Returns the tracking id in a `Location`: relative or absolute, with or without `/v1`, case-insensitively. The documented
/// form is `/customers/{customer}/batchJobStatus/{tracking id}`.
pub(crate) fn tracking_id(location: &str) -> Option<BatchTrackingId> {
    let path = location.split(['?', '#']).next().unwrap_or_default();
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.find(|segment| segment.eq_ignore_ascii_case("batchJobStatus"))?;
    let text = percent_decode_str(segments.next()?).decode_utf8().ok()?;
    // Nothing may follow, escaped or not: a resource below the job is not the job.
    if text.contains('/') || segments.next().is_some() {
        return None;
    }
    BatchTrackingId::new(text.trim()).ok()
}

/// Returns the tracking id in a body. The REST reference says that the link is "in the response body" but shows no
/// example, so this accepts any string that is the address of a job.
pub(crate) fn tracking_id_in_body(body: &Bytes) -> Option<BatchTrackingId> {
    fn search(value: &serde_json::Value) -> Option<BatchTrackingId> {
        match value {
            serde_json::Value::String(text) => tracking_id(text),
            serde_json::Value::Array(array) => array.iter().find_map(search),
            serde_json::Value::Object(object) => object.values().find_map(search),
            _ => None,
        }
    }
    search(&serde_json::from_slice(body).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(location: &str) -> Option<String> {
        tracking_id(location).map(|id| id.as_str().to_owned())
    }

    #[test]
    fn reads_the_tracking_id_of_every_form() {
        for location in [
            "/customers/c7f3c849/batchJobStatus/beba2053-5401",
            "customers/c7f3c849/batchJobStatus/beba2053-5401",
            "/v1/customers/c7f3c849/batchJobStatus/beba2053-5401",
            "//v1/customers/c7f3c849/BatchJobStatus/beba2053-5401/",
            "/CUSTOMERS/c7f3c849/batchjobstatus/beba2053-5401?x=1#y",
            "https://api.partnercenter.microsoft.com/v1/customers/c7f3c849/batchJobStatus/beba2053-5401",
            "https://elsewhere.example/customers/c7f3c849/batchJobStatus/beba2053-5401",
        ] {
            assert_eq!(id(location).as_deref(), Some("beba2053-5401"), "{location}");
        }
    }

    #[test]
    fn other_locations_have_no_tracking_id() {
        for location in [
            "",
            "/",
            "/customers/c/batchJobStatus",
            "/customers/c/batchJobStatus/",
            "/customers/c/batchJobStatus/..",
            "/customers/c/batchJobStatus/%2e%2e",
            "/customers/c/batchJobStatus/a%5Cb",
            "/customers/c/batchJobStatus/a/devices",
            "/customers/c/batchJobStatus/a%2Fdevices",
            "/customers/c/batchJobStatus/..%2f..",
            "/customers/c/deviceBatches/b",
            "/customers/c/batchJobStatus/%ff",
        ] {
            assert_eq!(id(location), None, "{location}");
        }
    }

    #[test]
    fn finds_a_link_in_the_body() {
        let body = Bytes::from_static(
            br#"{"links":[{"uri":"/customers/c/batchJobStatus/7","method":"GET"}]}"#,
        );
        assert_eq!(tracking_id_in_body(&body).unwrap().as_str(), "7");
        for body in ["", "x", "{}", "[1,null]", r#""/customers/c""#] {
            assert_eq!(tracking_id_in_body(&Bytes::from_static(body.as_bytes())), None, "{body}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics_and_returns_only_valid_ids(text in ".{0,80}") {
            for location in [text.clone(), format!("/batchJobStatus/{text}")] {
                if let Some(id) = tracking_id(&location) {
                    proptest::prop_assert!(BatchTrackingId::new(id.as_str()).is_ok());
                }
            }
        }
    }
}
