//! Joins the generated client to the [`Transport`](crate::Transport): the only place a request leaves the generated code.

use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};

use crate::Client;
use crate::transport::{self, Inner};

impl ClientHooks<Inner> for Client {
    async fn exec(
        &self,
        mut request: reqwest::Request,
        info: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        // progenitor adds the spec's version as a header that the service does not document.
        request.headers_mut().remove("api-version");
        match self.inner().transport().execute(self.client(), info.operation_id, request).await {
            Ok(response) => transport::without_bom(response).await,
            Err(error) => match error.downcast::<reqwest::Error>() {
                Ok(error) => Err(*error),
                Err(error) => Err(transport::as_reqwest_error(error).await),
            },
        }
    }
}

impl Client {
    /// A client that sends its requests to `base_url` through `http`, with no headers but the generated ones.
    ///
    /// `base_url` is the root without `/v1` (`https://api.partnercenter.microsoft.com`); a trailing slash is
    /// cut. Build `http` with `reqwest::redirect::Policy::none()`: a redirect must not carry a token elsewhere.
    #[must_use]
    pub fn direct(base_url: &str, http: reqwest::Client) -> Self {
        Self::with_transport(base_url, http, crate::Direct::default())
    }

    /// As [`Client::direct`], with a transport of your own.
    #[must_use]
    pub fn with_transport(
        base_url: &str,
        http: reqwest::Client,
        transport: impl crate::Transport,
    ) -> Self {
        Self::new_with_client(base_url.trim_end_matches('/'), http, Inner::new(transport))
    }

    /// This client and a [`Receipt`](crate::Receipt) that notes the status and headers of its answers,
    /// also when the call ends in an error that has lost them (a body that does not decode).
    #[must_use]
    pub fn with_receipt(&self) -> (Self, crate::Receipt) {
        let receipt = crate::Receipt::default();
        let noting = transport::Noting { next: self.inner().clone(), receipt: receipt.clone() };
        let client =
            Self::new_with_client(self.baseurl(), self.client().clone(), Inner::new(noting));
        (client, receipt)
    }
}
