//! The connection between the generated client and a [`Transport`](crate::Transport). Every generated request passes
//! through it.

use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};

use crate::transport::{self, Inner, target};
use crate::{Client, Operation};

impl ClientHooks<Inner> for Client {
    async fn exec(
        &self,
        mut request: reqwest::Request,
        info: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        // progenitor adds the version of the spec as a header, which the service does not document.
        request.headers_mut().remove("api-version");
        encode_spaces(request.url_mut());
        let operation = Operation::from_id(info.operation_id);
        let authorization = request.headers().get(http::header::AUTHORIZATION).cloned();
        let result = match self.inner().transport().execute(self.client(), operation, request).await
        {
            Ok(response) => target::read_response(operation, authorization, response).await,
            Err(error) => Err(error),
        };
        match result.map_err(|error| error.downcast::<reqwest::Error>()) {
            Ok(response) => Ok(response),
            Err(Ok(error)) => Err(*error),
            Err(Err(error)) => Err(target::as_reqwest_error(error).await),
        }
    }
}

/// Replaces each `+` of a query, which the generated code writes for a space, by `%20`: it is not documented that the service
/// reads a `+` as a space. A plus sign in a value is `%2B`.
fn encode_spaces(url: &mut reqwest::Url) {
    if let Some(query) = url.query().filter(|query| query.contains('+')) {
        let query = query.replace('+', "%20");
        url.set_query(Some(&query));
    }
}

impl Client {
    /// Creates a client that sends its requests to `base_url` with `http`, and only the generated headers.
    ///
    /// `base_url` is the root without `/v1` (`https://api.partnercenter.microsoft.com`). A trailing slash is removed. Build
    /// `http` with `reqwest::redirect::Policy::none()`: a redirect must not send a token to another host.
    #[must_use]
    pub fn direct(base_url: &str, http: reqwest::Client) -> Self {
        Self::with_transport(base_url, http, crate::Direct::default())
    }

    /// Creates a client with a custom transport. See [`Client::direct`].
    #[must_use]
    pub fn with_transport(
        base_url: &str,
        http: reqwest::Client,
        transport: impl crate::Transport,
    ) -> Self {
        Self::new_with_client(base_url.trim_end_matches('/'), http, Inner::new(transport))
    }

    /// Returns a copy of this client with a [`Receipt`](crate::Receipt), which records the status and the headers of
    /// each response. Use it if an error does not contain them, for example because the body does not decode.
    #[must_use]
    pub fn with_receipt(&self) -> (Self, crate::Receipt) {
        let receipt = crate::Receipt::default();
        let recording =
            transport::ReceiptTransport { next: self.inner().clone(), receipt: receipt.clone() };
        let client =
            Self::new_with_client(self.baseurl(), self.client().clone(), Inner::new(recording));
        (client, receipt)
    }
}
