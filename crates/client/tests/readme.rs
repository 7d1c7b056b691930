//! The examples of the workspace README, one for each layer, compile and run.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::error::Error;

use http::HeaderMap;
use partner_center_devices_emulator::Emulator;

/// Asserts that the README contains the lines between two markers of this file.
fn assert_in_readme(marker: &str) {
    let source = include_str!("readme.rs");
    let part = source.split(&format!("// {marker} starts\n")).nth(1).unwrap();
    let part = part.split(&format!("// {marker} ends")).next().unwrap();
    let code: String = part
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line)))
        .collect();
    let readme = include_str!("../../../README.md");
    assert!(readme.contains(code.trim()), "the README does not contain:\n{code}");
}

#[tokio::test]
async fn the_ergonomic_example_runs() -> Result<(), Box<dyn Error>> {
    assert_in_readme("ergonomic");
    let emulator = Emulator::builder().in_process();
    let client = partner_center_devices::Client::builder().in_process(emulator).build()?;
    ergonomic(client).await
}

#[rustfmt::skip]
async fn ergonomic(client: partner_center_devices::Client) -> Result<(), Box<dyn Error>> {
    // ergonomic starts
    use partner_center_devices::{BatchId, CustomerId, DeviceIdentity};

    let customer = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);
    let device = DeviceIdentity::from_model("PF4ZK7QX", "LENOVO", "21HMCTO1WW")?;
    let job = customer.device_batches().create(BatchId::new("Contoso HQ")?, [device]).await?;
    for device in job.await?.devices() {
        println!("{:?}: {:?}", device.serial_number(), device.outcome());
    }
    // ergonomic ends
    Ok(())
}

#[tokio::test]
async fn the_raw_example_runs() -> Result<(), Box<dyn Error>> {
    assert_in_readme("raw");
    let emulator = Emulator::start().await?;
    let client = partner_center_devices::Client::builder()
        .base_url(emulator.url())
        .token("t".to_owned())
        .build()?;
    ergonomic(client).await?; // creates the batch that the raw example adds to
    let headers = HeaderMap::from_iter([(http::header::AUTHORIZATION, "Bearer t".parse()?)]);
    let http = reqwest::Client::new();
    raw(emulator.url(), http, headers).await
}

#[rustfmt::skip]
async fn raw(base_url: &str, http: reqwest::Client, headers: HeaderMap) -> Result<(), Box<dyn Error>> {
    use partner_center_devices::raw as partner_center_devices_raw;
    // raw starts
    use partner_center_devices_raw::{Client, Direct, types};

    let client = Client::with_transport(base_url, http, Direct::with_headers(headers));
    let customer = types::CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?;
    let batch = types::BatchId::new("Contoso HQ")?;
    let device = types::Device { product_key: Some("3306123456789".to_owned()), ..Default::default() };
    let accepted = client.add_devices(&customer, &batch, &vec![device]).await?;
    println!("{} {:?}", accepted.status(), accepted.headers().get("Location"));
    // raw ends
    Ok(())
}
