//! Responses on `wasm32`, where reqwest sends with `fetch`.
//!
//! Nothing can change the body of such a response before the generated code reads it, so a success is checked and decoded
//! when it is read. An error response reaches the caller unread.

use std::future::poll_fn;
use std::pin::pin;

use futures_core::Stream as _;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};
use progenitor_client::{Error, OperationInfo, ResponseValue};
use serde::de::DeserializeOwned;
use serde::ser::{Error as _, Serialize, Serializer};

use super::body::{Collected, MAX_BODY, TooLarge, decode};
use super::contract::BoxError;
use crate::{ForeignResponse, Operation};

/// Sends a request. Refuses the response of another origin, because `fetch` follows redirects and reqwest has no setting
/// for that.
pub(super) async fn send(
    http: &reqwest::Client,
    request: reqwest::Request,
) -> Result<reqwest::Response, BoxError> {
    let origin = request.url().origin();
    let response = http.execute(request).await?;
    let url = response.url();
    if url.origin() != origin {
        let location = HeaderValue::try_from(url.as_str()).map(|url| (LOCATION, url));
        return Err(ForeignResponse::redirect(&HeaderMap::from_iter(location)).into());
    }
    Ok(response)
}

/// Returns the response as it is.
pub(crate) async fn read_response(
    _operation: Option<Operation>,
    _authorization: Option<HeaderValue>,
    response: reqwest::Response,
) -> Result<reqwest::Response, BoxError> {
    Ok(response)
}

/// Reads and decodes the body of a success.
pub(crate) async fn value<T: DeserializeOwned>(
    info: &OperationInfo,
    response: reqwest::Response,
) -> Result<ResponseValue<T>, Error> {
    let (status, headers, body) = read_success(info, response).await?;
    match serde_json::from_slice(&body) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => Err(Error::InvalidResponsePayload(body, error)),
    }
}

/// Reads a success without a documented body.
pub(crate) async fn empty(
    info: &OperationInfo,
    response: reqwest::Response,
) -> Result<ResponseValue<()>, Error> {
    let (status, headers, _) = read_success(info, response).await?;
    Ok(ResponseValue::new((), status, headers))
}

/// Reads the whole body and removes a byte order mark. Refuses a success that is not from the service.
async fn read_success(
    info: &OperationInfo,
    response: reqwest::Response,
) -> Result<(StatusCode, HeaderMap, bytes::Bytes), Error> {
    let (status, mut headers) = (response.status(), response.headers().clone());
    // `fetch` decodes a body, but keeps the headers of its encoded form.
    if headers.remove(CONTENT_ENCODING).is_some() {
        headers.remove(CONTENT_LENGTH);
    }
    let mut chunks = pin!(response.bytes_stream());
    let mut collected = Collected::default();
    while let Some(chunk) = poll_fn(|context| chunks.as_mut().poll_next(context)).await {
        let chunk = chunk?;
        if collected.len() + chunk.len() > MAX_BODY {
            return Err(as_reqwest_error(TooLarge::Bytes(MAX_BODY).into()).await.into());
        }
        collected.push(chunk);
    }
    let operation = Operation::from_id(info.operation_id);
    let checked = decode(&mut headers, collected.into(), MAX_BODY).and_then(|body| {
        ForeignResponse::check(operation, status, &body, &[])?;
        Ok(body)
    });
    match checked {
        Ok(body) => Ok((status, headers, body)),
        Err(error) => Err(as_reqwest_error(error).await.into()),
    }
}

/// Creates a `reqwest::Error` whose source has the text of `error` and its causes. Generated code can only fail with a
/// `reqwest::Error`, which has no public constructor. A request whose body cannot be serialized returns one.
pub(crate) async fn as_reqwest_error(error: BoxError) -> reqwest::Error {
    let request = reqwest::Client::new().get("http://localhost").json(&Failing(error)).build();
    match request {
        Err(error) => error,
        Ok(_) => unreachable!("a body that fails cannot be serialized"),
    }
}

struct Failing(BoxError);

impl Serialize for Failing {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        let mut text = self.0.to_string();
        let mut cause = self.0.source();
        while let Some(error) = cause {
            text += &format!(": {error}");
            cause = error.source();
        }
        Err(S::Error::custom(text))
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

    use super::*;
    use crate::transport::response;
    use crate::types::ConfigurationPolicy;

    const POLICY: OperationInfo = OperationInfo { operation_id: "get_policy" };
    const DELETE: OperationInfo = OperationInfo { operation_id: "delete_policy" };

    async fn policy(
        head: http::response::Builder,
        body: impl Into<bytes::Bytes>,
    ) -> Result<ResponseValue<ConfigurationPolicy>, Error> {
        let response = response(head.body(body.into()).unwrap());
        value(&POLICY, read_response(None, None, response).await.unwrap()).await
    }

    fn cause(error: &Error) -> String {
        let Error::CommunicationError(error) = error else { panic!("{error}") };
        error.source().unwrap().to_string()
    }

    #[tokio::test]
    async fn decodes_a_body_that_fetch_decoded_before() {
        let head = http::Response::builder().status(201);
        let head = head.header(CONTENT_ENCODING, "gzip").header(CONTENT_LENGTH, "9");
        let read = policy(head, "\u{feff}{\"id\":\"p\"}").await.unwrap();
        assert_eq!((read.status().as_u16(), read.id.as_deref()), (201, Some("p")));
        assert!(read.headers().is_empty(), "{:?}", read.headers());

        let utf_16: Vec<u8> = "{\"id\":\"ü\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let read = policy(http::Response::builder(), utf_16).await.unwrap();
        assert_eq!(read.id.as_deref(), Some("ü"));

        let error = policy(http::Response::builder(), "\u{feff}{\"id\":").await.unwrap_err();
        assert!(matches!(&error, Error::InvalidResponsePayload(body, _) if body == "{\"id\":"));
    }

    #[tokio::test]
    async fn refuses_a_body_that_is_too_large() {
        let spaces = " ".repeat(MAX_BODY + 1);
        let error = policy(http::Response::builder(), spaces).await.unwrap_err();
        assert_eq!(cause(&error), TooLarge::Bytes(MAX_BODY).to_string());
        let objects = format!("[{}]", "{}".repeat(200_000));
        let error = policy(http::Response::builder(), objects).await.unwrap_err();
        assert!(cause(&error).contains("objects"), "{error:?}");
    }

    #[tokio::test]
    async fn refuses_a_success_that_is_not_from_the_service() {
        let page = http::Response::new("<html><title>Blocked</title></html>".into());
        let error = empty(&DELETE, response(page)).await.unwrap_err();
        assert!(cause(&error).contains("a web page, \"Blocked\""), "{error:?}");
        let error = policy(http::Response::builder(), r#"{"error":"x"}"#).await.unwrap_err();
        assert!(cause(&error).contains("does not belong to this operation"), "{error:?}");
        let deleted = empty(&DELETE, response(http::Response::default())).await.unwrap();
        assert_eq!(deleted.status().as_u16(), 200);
    }

    #[tokio::test]
    async fn refuses_the_response_of_another_origin() {
        let (service, portal) = (MockServer::start().await, MockServer::start().await);
        let answer = |status: u16, to: String| {
            ResponseTemplate::new(status).insert_header("Location", to.as_str())
        };
        for (path, to) in [("/moved", "/here".to_owned()), ("/portal", portal.uri())] {
            let redirect = Mock::given(matchers::path(path)).respond_with(answer(302, to));
            redirect.mount(&service).await;
        }
        for (server, path) in [(&service, "/here"), (&portal, "/")] {
            let page = Mock::given(matchers::path(path)).respond_with(ResponseTemplate::new(204));
            page.mount(server).await;
        }
        let http = reqwest::Client::new();
        let request = |path| http.get(format!("{}{path}", service.uri())).build().unwrap();
        assert_eq!(send(&http, request("/moved")).await.unwrap().status().as_u16(), 204);
        let error = send(&http, request("/portal")).await.unwrap_err();
        assert!(error.to_string().contains("a redirect to 127.0.0.1"), "{error}");
    }

    #[tokio::test]
    async fn an_error_keeps_the_text_of_its_causes() {
        let cause = as_reqwest_error(TooLarge::Values(3).into()).await;
        let error = as_reqwest_error(cause.into()).await;
        let text = error.source().unwrap().to_string();
        assert_eq!(text, format!("builder error: {}", TooLarge::Values(3)));
    }
}
