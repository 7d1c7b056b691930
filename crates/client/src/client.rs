//! The client: the entry point to all calls.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use partner_center_devices_raw::types::CustomerId;
use partner_center_devices_raw::{self as raw, Operation};
use secrecy::SecretString;

use crate::audit::query::AuditQuery;
use crate::audit::records::AuditRecords;
use crate::auth::TokenClaims;
use crate::auth::claims;
use crate::calls::call::Call;
use crate::calls::custom_request;
use crate::calls::operation_call::operation_call;
use crate::calls::pipeline::{self, PipelineTransport, Shared};
use crate::calls::raw_response::RawResponse;
use crate::calls::request_kind::CUSTOM_REQUEST;
use crate::client_builder::ClientBuilder;
use crate::resources::customer::Customer;
use crate::resources::customers::Customers;
use crate::resources::relationships;
use crate::responses::error::Error;
use crate::responses::list::List;
use crate::responses::partner_models::{OrganizationProfile, PartnerRelationship};

/// A client for Partner Center. Cheap to clone; clones share one connection pool.
///
/// A connection belongs to the Tokio runtime that opened it, and stops working when this runtime ends. So create one client
/// for each runtime: a call on a second runtime may otherwise use a connection of the first one and fail. The same applies
/// to token providers.
///
/// `Debug` prints only the base URL.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

impl Client {
    /// Creates a client for the public cloud with an access token.
    ///
    /// # Errors
    /// If the token contains a character that is not allowed in a header.
    pub fn new(token: impl Into<SecretString>) -> Result<Self, Error> {
        Self::builder().token(token).build()
    }

    /// Creates a builder with the defaults: public cloud, a timeout of 180 seconds, no token.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Selects one customer of the partner, the root of all other resources.
    #[must_use]
    pub fn customer(&self, id: CustomerId) -> Customer {
        Customer::new(Arc::clone(&self.shared), id)
    }

    /// Selects the customers of the partner, to list them or to find one by its name or domain.
    ///
    /// ```no_run
    /// # use partner_center_devices::{Client, CustomerFilter};
    /// # async fn example(client: Client) -> Result<(), partner_center_devices::Error> {
    /// let filter = CustomerFilter::company_name_starts_with("Cont");
    /// for customer in client.customers().filter(filter).list().await? {
    ///     println!("{:?} {:?} {:?}", customer.id_text(), customer.name(), customer.domain());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn customers(&self) -> Customers {
        Customers::new(Arc::clone(&self.shared))
    }

    /// Lists audit records: what the users and apps of the partner did
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user>).
    pub fn audit_records(&self, query: AuditQuery) -> AuditRecords {
        AuditRecords::new(&self.shared, query)
    }

    /// Lists the indirect resellers of the partner, an indirect provider
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-list-of-indirect-resellers>). Only with the token of
    /// a signed-in user; other partners get the code 1002.
    pub fn indirect_resellers(&self) -> List<PartnerRelationship> {
        relationships::of_partner(&self.shared, "IsIndirectCloudSolutionProviderOf")
    }

    /// Lists the indirect providers of the partner, an indirect reseller. See
    /// [`indirect_resellers`](Self::indirect_resellers).
    pub fn indirect_providers(&self) -> List<PartnerRelationship> {
        relationships::of_partner(&self.shared, "IsIndirectResellerOf")
    }

    /// Returns the partner that the token belongs to
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile>). Only with the token of a
    /// signed-in user.
    pub fn organization_profile(&self) -> Call<OrganizationProfile> {
        operation_call(
            &self.shared,
            Operation::GetOrganizationProfile,
            |raw| async move { raw.get_organization_profile().await },
            |response| Ok(response.value.into()),
        )
    }

    /// Creates a custom request, for a part of the API that this crate has no method for. Token, ids, retries, throttling
    /// and rate limit work as for every other call. The result is the raw response, if its status is a success.
    ///
    /// `path` is relative to `/v1` of the base URL, such as `customers/ID/policies`. It may start with `/v1/` and may have
    /// a query. Spaces and other characters that are not allowed in a URL are percent-encoded; escapes stay as they are.
    /// `json` is the body.
    ///
    /// The effect of the request is unknown, so a `POST` or `PATCH` is only retried if the service certainly did not
    /// process it: it could not be reached, it throttled the request (429), or it rejected the token (401). Other
    /// methods are retried as reads are, see [`Retry`](crate::Retry).
    ///
    /// ```no_run
    /// # use partner_center_devices::Client;
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let profile = client.request(http::Method::GET, "profiles/support", None).await?;
    /// println!("{}", String::from_utf8_lossy(profile.body()));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The awaited call fails with [`ErrorKind::Input`](crate::ErrorKind::Input) for an invalid method or path, in addition
    /// to the errors of any call. A path cannot lead to another host or out of `/v1`: `.` and `..` (also encoded), empty
    /// segments and fragments are invalid.
    pub fn request(&self, method: Method, path: &str, json: Option<Bytes>) -> Call<RawResponse> {
        let request = custom_request::build(&self.shared.base_url, method, path, json);
        let shared = Arc::clone(&self.shared);
        Call::new(CUSTOM_REQUEST, move |options| {
            Box::pin(async move {
                let raw = pipeline::send_custom(&shared, options, request?).await?;
                Ok((raw.clone(), raw))
            })
        })
    }

    /// Returns the claims of the current access token, and requests a token first if there is none. `None` if the claims
    /// cannot be read. Use it to check before an upload whether the user signed in with multi-factor authentication.
    ///
    /// # Errors
    /// If there is no token ([`ErrorKind::Token`](crate::ErrorKind::Token)).
    pub async fn token_claims(&self) -> Result<Option<TokenClaims>, Error> {
        match self.shared.tokens.get().await {
            Ok(token) => Ok(claims::of_header(&token.header)),
            Err(error) => Err(Error::token("token request", error)),
        }
    }

    /// Returns the generated client with the same pipeline: token, ids, retries and throttling as for every other call.
    #[must_use]
    pub fn raw(&self) -> raw::Client {
        let transport = PipelineTransport(Arc::clone(&self.shared));
        raw::Client::with_transport(&self.shared.base_url, self.shared.http.clone(), transport)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.shared.base_url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use partner_center_devices_raw::types::CustomerId;

    use super::*;
    use crate::responses::error::ErrorKind;

    #[test]
    fn build_requires_a_valid_token() {
        for (token, words) in [
            ("", "empty"),
            (" \n", "empty"),
            ("a\u{7f}b", "not allowed in a header"),
            ("a\nb", "not allowed in a header"),
        ] {
            let error = Client::new(token.to_owned()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Input);
            assert!(error.to_string().contains(words), "{error}");
        }
        let error = Client::builder().build().unwrap_err();
        assert_eq!(error.to_string(), "could not build the client: there is no token");
    }

    #[test]
    fn debug_does_not_print_the_token() {
        let builder = Client::builder().token("planted-secret".to_owned());
        let debug = format!("{builder:?}");
        let client = builder.build().unwrap();
        assert!(
            !format!("{debug} {client:?} {:?}", client.customer(CustomerId::new("c").unwrap()))
                .contains("planted-secret")
        );
    }
}
