//! A small web service that registers a device for a customer and returns the state of the job.
//!
//! ```text
//! cargo run -p partner-center-devices --example axum_service
//! curl -X POST http://127.0.0.1:8086/customers/c1/batches/hq/devices -H 'Content-Type: application/json' \
//!   -d '{"productKey":"3306123456789"}'
//! curl http://127.0.0.1:8086/customers/c1/jobs/$JOB
//! ```
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use partner_center_devices::{
    BatchId, BatchTrackingId, Client, CustomerId, DeviceIdentity, Error, ErrorKind,
};
use partner_center_devices_emulator::Emulator;
use serde::Deserialize;
use serde_json::{Value, json};

/// An error as a response: never more than the message, which contains no secret.
type Failure = (StatusCode, Json<Value>);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewDevice {
    product_key: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // One client for the whole service: it shares connections, the token and the waits after a 429.
    // With the real service: `Client::builder().token_provider(…).build()?`.
    let client = Client::builder().in_process(Emulator::builder().in_process()).build()?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8086").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, service(client)).await?;
    Ok(())
}

fn service(client: Client) -> Router {
    Router::new()
        .route("/customers/{customer}/batches/{batch}/devices", post(register))
        .route("/customers/{customer}/jobs/{job}", get(status))
        .with_state(client)
}

async fn register(
    State(client): State<Client>,
    Path((customer, batch)): Path<(String, String)>,
    Json(device): Json<NewDevice>,
) -> Result<(StatusCode, Json<Value>), Failure> {
    let customer = client.customer(CustomerId::new(customer).map_err(invalid)?);
    let batch = BatchId::new(batch).map_err(invalid)?;
    let device = DeviceIdentity::from_product_key(device.product_key).map_err(invalid)?;
    let job = customer.device_batches().create_or_add(batch, [device]).await.map_err(failed)?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "job": job.tracking_id().to_string() }))))
}

async fn status(
    State(client): State<Client>,
    Path((customer, job)): Path<(String, String)>,
) -> Result<Json<Value>, Failure> {
    let customer = client.customer(CustomerId::new(customer).map_err(invalid)?);
    let job = BatchTrackingId::new(job).map_err(invalid)?;
    let details = customer.job(job).status().await.map_err(failed)?;
    let state = details.status().map(ToString::to_string);
    Ok(Json(json!({ "status": state, "devices": details.devices().len() })))
}

fn invalid(error: impl std::fmt::Display) -> Failure {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error.to_string() })))
}

fn failed(error: Error) -> Failure {
    let status = match error.kind() {
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_GATEWAY,
    };
    (status, Json(json!({ "error": error.to_string() })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn registers_a_device_and_refuses_an_invalid_one() {
        let client =
            Client::builder().in_process(Emulator::builder().in_process()).build().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/customers/c1", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, service(client)).await });
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let register = |key: &str| {
            http.post(format!("{base}/batches/hq/devices"))
                .json(&json!({ "productKey": key }))
                .send()
        };
        // The second device is added to the batch that the first one created.
        for key in ["3306123456789", "3306123456790"] {
            let accepted = register(key).await.unwrap();
            assert_eq!(accepted.status(), 202);
            let job: Value = accepted.json().await.unwrap();
            let url = format!("{base}/jobs/{}", job["job"].as_str().unwrap());
            let status: Value = http.get(url).send().await.unwrap().json().await.unwrap();
            assert_eq!(status["devices"], 1);
        }
        assert_eq!(register("").await.unwrap().status(), 400);
        assert_eq!(http.get(format!("{base}/jobs/unknown")).send().await.unwrap().status(), 404);
        server.abort();
    }
}
