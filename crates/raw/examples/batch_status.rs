//! Prints the batches of a customer and their status, with the low-level client.
//!
//! Start `pcdevices emulator`, then:
//!
//! ```text
//! cargo run -p partner-center-devices-raw --example batch_status -- http://127.0.0.1:8085 c1 any-token
//! ```
#![allow(clippy::print_stdout)]

use std::error::Error;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use partner_center_devices_raw::types::CustomerId;
use partner_center_devices_raw::{Client, Direct, Error as CallError};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base_url, customer, token] = arguments.as_slice() else {
        return Err("use: batch_status URL CUSTOMER TOKEN".into());
    };
    let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))?;
    bearer.set_sensitive(true);
    let headers = Direct::with_headers(HeaderMap::from_iter([(AUTHORIZATION, bearer)]));
    // A redirect could send the token to another host.
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let client = Client::with_transport(base_url, http, headers);

    match client.list_device_batches(&CustomerId::new(customer.as_str())?).await {
        Ok(batches) => {
            for batch in &batches.items {
                let status = batch.status.as_ref().map_or("unknown", |status| status.as_str());
                let devices = batch.devices_count.unwrap_or_default();
                println!("{}: {status}, {devices} devices", batch.id.as_deref().unwrap_or("?"));
            }
            Ok(())
        }
        // The raw client does not read error bodies.
        Err(CallError::UnexpectedResponse(response)) => {
            Err(format!("the service returned {}", response.status()).into())
        }
        Err(error) => Err(error.into()),
    }
}
