//! Uploads the files of a queue, one after another, in a background task. Each upload has a journal, so that a worker that
//! was stopped continues where it was.
//!
//! ```text
//! cargo run -p partner-center-devices-fleet --example worker
//! ```
#![allow(clippy::print_stdout)]

use std::error::Error;

use partner_center_devices::{BatchId, Client, CustomerId};
use partner_center_devices_emulator::Emulator;
use partner_center_devices_fleet::{Fleet, Journal, Report, Upload};
use tokio::sync::{mpsc, oneshot};

/// A file to upload, and where its report goes.
struct Order {
    customer: CustomerId,
    batch: BatchId,
    file_name: String,
    content: Vec<u8>,
    done: oneshot::Sender<Result<Report, String>>,
}

/// Handles orders until the queue is closed.
async fn work(client: Client, journals: std::path::PathBuf, mut queue: mpsc::Receiver<Order>) {
    while let Some(order) = queue.recv().await {
        let Order { customer, batch, file_name, content, done } = order;
        let fleet = Fleet::read(content.as_slice(), file_name.as_str());
        let upload = async {
            // The same file with the same journal resumes.
            let journal = Journal::open(journals.join(format!("{file_name}.journal")))
                .map_err(|error| error.to_string())?;
            let upload = Upload::new(client.customer(customer), batch, fleet).journal(journal);
            upload.run(|_| ()).await.map_err(|error| error.to_string())
        };
        // The order may have been given up in the meantime.
        let _ = done.send(upload.await);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder().in_process(Emulator::builder().in_process()).build()?;
    let journals = std::env::temp_dir().join(format!("fleet-worker-{}", std::process::id()));
    std::fs::create_dir_all(&journals)?;
    let (orders, queue) = mpsc::channel(16);
    let worker = tokio::spawn(work(client, journals.clone(), queue));

    let (done, report) = oneshot::channel();
    let order = Order {
        customer: CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?,
        batch: BatchId::new("Berlin office")?,
        file_name: "vendor.csv".to_owned(),
        content: b"Serial Number,Manufacturer name,Device model\n4PX12X3,Dell Inc.,Latitude 5450\n"
            .to_vec(),
        done,
    };
    orders.send(order).await?;
    for row in report.await??.rows() {
        println!("line {}: {}", row.origin().line(), row.outcome().id());
    }
    drop(orders);
    worker.await?;
    std::fs::remove_dir_all(journals)?;
    Ok(())
}
