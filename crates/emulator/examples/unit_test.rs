//! A unit test of a program's own client against the emulator, and a fault that the client must survive.
//!
//! ```text
//! cargo test -p partner-center-devices-emulator --example unit_test
//! cargo run -p partner-center-devices-emulator --example unit_test
//! ```
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::error::Error;

use partner_center_devices_emulator::{Emulator, FaultRules, Pace};
use serde_json::{Value, json};

/// The program's own client: creates a batch with one device, and retries once if the service is busy.
async fn create_batch(base_url: &str) -> Result<String, Box<dyn Error>> {
    let url = format!("{base_url}/v1/customers/c1/deviceBatches");
    let body = json!({ "batchId": "hq", "devices": [{ "productKey": "3305000000001" }] });
    let http = reqwest::Client::builder().no_proxy().build()?;
    // The same id for both attempts, so that the service creates the batch once.
    let request =
        || http.post(&url).bearer_auth("any").header("MS-RequestId", "attempt-1").json(&body);
    let mut response = request().send().await?;
    if response.status() == 503 {
        response = request().send().await?;
    }
    let response = response.error_for_status()?;
    let job = response.headers().get("Location").ok_or("the response has no Location")?;
    Ok(format!("{base_url}/v1{}", job.to_str()?))
}

/// Runs the client against an emulator whose first response is lost to a 503, and returns the status of the job.
async fn run() -> Result<Value, Box<dyn Error>> {
    let faults = FaultRules::from_yaml(
        "rules: [{ id: busy, matching: { method: POST, first: 1 }, effect: { status: { status: 503 } } }]",
    )?;
    let emulator = Emulator::builder().pace(Pace::instant()).faults(faults).start().await?;
    let job = create_batch(emulator.url()).await?;
    let http = reqwest::Client::builder().no_proxy().build()?;
    let status = http.get(job).bearer_auth("any").send().await?.json().await?;
    emulator.stop().await;
    Ok(status)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{:#}", run().await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn creates_a_batch_although_the_service_is_busy_at_first() {
        let status = super::run().await.unwrap();
        assert_eq!(status["status"], "finished");
        assert_eq!(status["devicesStatus"][0]["errorCode"], "0");
    }
}
