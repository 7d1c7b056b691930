//! Creates a batch, waits for its job, and continues an earlier job by its tracking id.
//!
//! ```text
//! cargo run -p partner-center-devices --example create_wait_resume
//! ```
#![allow(clippy::print_stdout)]

use std::error::Error;

use partner_center_devices::{BatchId, BatchTrackingId, Client, CustomerId, DeviceIdentity};
use partner_center_devices_emulator::Emulator;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // With the real service: `Client::new(token)?`.
    let client = Client::builder().in_process(Emulator::builder().in_process()).build()?;
    let customer = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);

    let devices = [
        DeviceIdentity::from_product_key("3306123456789")?,
        // The emulator fails this serial number with code 808.
        DeviceIdentity::from_model("ZTD808-1", "LENOVO", "21HMCTO1WW")?,
    ];
    let batch = BatchId::new("Contoso HQ")?;
    let job = customer.device_batches().create(batch.clone(), devices.clone()).await?;
    // A program that stores this id can continue after a restart.
    let stored: String = job.tracking_id().to_string();
    drop(job);

    let details = customer.job(BatchTrackingId::new(stored)?).await?;
    for (device, result) in devices.iter().zip(details.match_to(&devices)) {
        println!("{device:?}: {:?}", result.map(|result| result.device.outcome()));
    }
    println!("{} devices in the batch", customer.device_batch(batch).devices().list().await?.len());
    Ok(())
}
