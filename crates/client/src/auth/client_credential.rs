//! The proof of an app's identity in a token request: its secret, or an assertion
//! (<https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow>).

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use partner_center_devices_raw::renewed_file::delay_before_reread;
use partner_center_devices_raw::{BoxFuture, text_encoding};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

#[cfg(feature = "__rustls")]
use super::certificate::Certificate;
use super::github_oidc::GithubOidc;
use super::token_error::TokenError;
use crate::network::Network;

/// The type of an assertion that is a JSON Web Token (RFC 7523, section 2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The most bytes of a token file that are read.
const MAX_TOKEN_FILE: u64 = 1 << 20;

/// The fields of a token request that prove the app's identity.
pub(super) type ProofFields = Vec<(&'static str, SecretString)>;

/// Takes the audience of the token and the settings for connections.
type Federated = dyn Fn(&'static str, Network) -> BoxFuture<'static, Result<SecretString, TokenError>>
    + Send
    + Sync;

/// The credential of an app registration: a client secret, a certificate, or a federated credential.
///
/// `Debug` prints only the kind.
#[derive(Clone)]
pub struct ClientCredential(Kind);

#[derive(Clone)]
enum Kind {
    Secret(SecretString),
    #[cfg(feature = "__rustls")]
    Certificate(Arc<Certificate>),
    Federated(Arc<Federated>),
}

impl ClientCredential {
    /// Creates the credential of an app with a client secret.
    pub fn secret(secret: impl Into<SecretString>) -> Self {
        Self(Kind::Secret(secret.into()))
    }

    /// Creates the credential of an app with a certificate. The PEM text contains the certificate and its private key,
    /// an RSA key that is not encrypted. Certificates of authorities in the text are ignored.
    ///
    /// Each token request gets its own assertion: a JSON Web Token that the key signs with PS256, and that is valid for ten
    /// minutes (<https://learn.microsoft.com/en-us/entra/identity-platform/certificate-credentials>). The key itself is
    /// never sent.
    ///
    /// # Errors
    /// If the text has no certificate, no usable private key, or a key that does not belong to the certificate.
    #[cfg(feature = "__rustls")]
    pub fn certificate(pem: impl Into<SecretString>) -> Result<Self, TokenError> {
        let certificate = Certificate::read(pem.into().expose_secret());
        let certificate = certificate.map_err(|problem| {
            TokenError::new(format!("the certificate of the app cannot be used: {problem}"))
        })?;
        Ok(Self(Kind::Certificate(Arc::new(certificate))))
    }

    /// Returns the time at which the [`certificate`](Self::certificate) expires: Microsoft Entra refuses it from then on.
    /// `None` for other credentials, or if the time cannot be read.
    #[must_use]
    pub fn certificate_expires(&self) -> Option<std::time::SystemTime> {
        match &self.0 {
            #[cfg(feature = "__rustls")]
            Kind::Certificate(certificate) => certificate.expires,
            _ => None,
        }
    }

    /// Creates the credential of an app that trusts another issuer of tokens, such as Kubernetes
    /// (<https://learn.microsoft.com/en-us/entra/workload-id/workload-identity-federation>).
    ///
    /// `token` returns the issuer's token, a JSON Web Token for the audience `api://AzureADTokenExchange`. It is called for
    /// each token request, because these tokens expire soon. If the request may work later, return an error that is
    /// [`retryable`](TokenError::retryable).
    ///
    /// ```
    /// use partner_center_devices::{AppOnly, ClientCredential, Cloud, TokenError};
    ///
    /// # fn example() -> Result<(), TokenError> {
    /// let credential = ClientCredential::federated(|| async {
    ///     let token = tokio::fs::read_to_string("/run/secrets/token").await;
    ///     let token = token.map_err(|error| TokenError::new("no token").with_source(error))?;
    ///     Ok(token.into())
    /// });
    /// let app = AppOnly::with_credential(Cloud::public(), "contoso.example", "client id", credential)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn federated<F, R>(token: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<SecretString, TokenError>> + Send + 'static,
    {
        Self(Kind::Federated(Arc::new(move |_, _| Box::pin(token()))))
    }

    /// Creates a [`federated`](Self::federated) credential whose token is in a file. The file is read for each token
    /// request, because another program renews it. In a pod with workload identity, the variable
    /// `AZURE_FEDERATED_TOKEN_FILE` names it
    /// (<https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html>).
    ///
    /// A token request fails if the file cannot be read, is empty or missing for more than about two seconds, is not a
    /// regular file, is larger than 1 MiB, or contains no JSON Web Token.
    pub fn federated_token_file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self::federated(move || read_token_file(path.clone()))
    }

    /// Creates a [`federated`](Self::federated) credential with the token of a job in GitHub Actions
    /// (<https://docs.github.com/en/actions/concepts/security/openid-connect>). The arguments are the values of the
    /// variables `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`, which a job has with the permission
    /// `id-token: write`. The cloud decides the audience: `api://AzureADTokenExchange`,
    /// `api://AzureADTokenExchangeUSGov` or `api://AzureADTokenExchangeChina`.
    ///
    /// `request_token` is sent to the host of `request_url` only. The connection uses the settings that the provider
    /// receives with `network`.
    ///
    /// # Errors
    /// If the URL is not https, except on this machine, or contains a user name.
    pub fn github_actions(
        request_url: &str,
        request_token: impl Into<SecretString>,
    ) -> Result<Self, TokenError> {
        let github = Arc::new(GithubOidc::new(request_url, request_token.into())?);
        Ok(Self(Kind::Federated(Arc::new(move |audience, network| {
            let github = Arc::clone(&github);
            Box::pin(async move { github.token(audience, &network).await })
        }))))
    }

    /// Returns the fields for a request to a token endpoint. An assertion is created for each call.
    #[cfg_attr(not(feature = "__rustls"), allow(unused_variables))]
    pub(super) async fn proof(
        &self,
        client_id: &str,
        token_endpoint: &str,
        network: &Network,
    ) -> Result<ProofFields, TokenError> {
        let assertion = match &self.0 {
            Kind::Secret(secret) => return Ok(vec![("client_secret", secret.clone())]),
            #[cfg(feature = "__rustls")]
            Kind::Certificate(certificate) => {
                let now = std::time::SystemTime::now();
                certificate.assertion(client_id, token_endpoint, now)?
            }
            Kind::Federated(token) => {
                let audience = exchange_audience(token_endpoint);
                federated_assertion(token(audience, network.clone()).await?)?
            }
        };
        Ok(vec![("client_assertion_type", JWT_BEARER.into()), ("client_assertion", assertion)])
    }
}

impl fmt::Debug for ClientCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Kind::Secret(_) => "ClientCredential(secret)",
            #[cfg(feature = "__rustls")]
            Kind::Certificate(_) => "ClientCredential(certificate)",
            Kind::Federated(_) => "ClientCredential(federated)",
        })
    }
}

/// Returns the audience that the sign-in of a cloud expects in the token of another issuer
/// (<https://learn.microsoft.com/en-us/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity>).
fn exchange_audience(token_endpoint: &str) -> &'static str {
    let url = Url::parse(token_endpoint).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    if host.ends_with(".us") {
        "api://AzureADTokenExchangeUSGov"
    } else if host.ends_with(".cn") {
        "api://AzureADTokenExchangeChina"
    } else {
        "api://AzureADTokenExchange"
    }
}

/// Returns the token of another issuer without the white space around it. Other text is refused: a path in the settings may
/// name the wrong file, and its content must not be sent.
fn federated_assertion(token: SecretString) -> Result<SecretString, TokenError> {
    let text = token.expose_secret().trim_start_matches('\u{feff}').trim();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=');
    let parts: Vec<&str> = text.split('.').collect();
    let is_jwt = parts.len() == 3
        && text.starts_with("eyJ")
        && parts.iter().all(|part| !part.is_empty() && part.chars().all(is_plain));
    if !is_jwt {
        return Err(TokenError::new("the federated token is not a JSON Web Token"));
    }
    Ok(text.to_owned().into())
}

async fn read_token_file(path: PathBuf) -> Result<SecretString, TokenError> {
    use std::io::{Error, ErrorKind, Read as _};
    let read_once = |file: PathBuf| {
        // A pipe could block without end.
        if !std::fs::metadata(&file)?.is_file() {
            return Err(Error::new(ErrorKind::InvalidInput, "it is not a regular file"));
        }
        let mut bytes = Zeroizing::new(Vec::new());
        std::fs::File::open(file)?.take(MAX_TOKEN_FILE + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_TOKEN_FILE {
            return Err(Error::new(ErrorKind::InvalidData, "it is larger than 1 MiB"));
        }
        match text_encoding::decode(&bytes) {
            Some(text) => Ok(SecretString::from(text.into_owned())),
            None => Err(Error::new(ErrorKind::InvalidData, "it is not text")),
        }
    };
    let mut reads = 1;
    let read = loop {
        let file = path.clone();
        let read = tokio::task::spawn_blocking(move || read_once(file)).await;
        let read = read.unwrap_or_else(|error| Err(error.into()));
        let text = read.as_ref().map(ExposeSecret::expose_secret);
        match delay_before_reread(text, reads) {
            Some(delay) => tokio::time::sleep(delay).await,
            None => break read,
        }
        reads += 1;
    };
    read.map_err(|error| {
        let path = path.display();
        TokenError::new(format!("cannot read the federated token in {path}: {error}"))
            .with_source(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[tokio::test]
    async fn a_token_file_has_an_end() {
        for path in ["/dev/zero", "/dev/stdin", "/"] {
            let is_file = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
            if !is_file {
                let error = read_token_file(path.into()).await.unwrap_err().to_string();
                assert!(error.ends_with("it is not a regular file"), "{error}");
            }
        }
    }

    #[tokio::test]
    async fn a_token_file_that_is_empty_for_a_moment_is_read_again() {
        let path = std::env::temp_dir().join(uuid::Uuid::new_v4().to_string());
        std::fs::write(&path, "").unwrap();
        tokio::time::pause();
        let renew = async {
            tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
            std::fs::write(&path, "new").unwrap();
        };
        let (read, ()) = tokio::join!(read_token_file(path.clone()), renew);
        assert_eq!(read.unwrap().expose_secret(), "new");
        std::fs::remove_file(&path).unwrap();
        let error = read_token_file(path).await.unwrap_err().to_string();
        assert!(error.contains("cannot read the federated token"), "{error}");
    }

    #[test]
    fn the_audience_belongs_to_the_cloud() {
        use crate::Cloud;
        for (cloud, audience) in [
            (Cloud::public(), "api://AzureADTokenExchange"),
            (Cloud::us_government(), "api://AzureADTokenExchangeUSGov"),
            (Cloud::china(), "api://AzureADTokenExchangeChina"),
            (Cloud::emulator("http://127.0.0.1:8085"), "api://AzureADTokenExchange"),
        ] {
            let endpoint = format!("{}/t/oauth2/v2.0/token", cloud.authority);
            assert_eq!(exchange_audience(&endpoint), audience, "{endpoint}");
        }
    }

    #[test]
    fn only_a_json_web_token_is_sent_as_an_assertion() {
        for (text, expected) in [
            ("eyJh.eyJp.c2ln", Some("eyJh.eyJp.c2ln")),
            ("\u{feff}eyJh.eyJp.c2ln\r\n", Some("eyJh.eyJp.c2ln")),
            ("", None),
            ("planted", None),
            ("eyJh.eyJp", None),
            ("eyJh.eyJp.", None),
            ("eyJh.eyJp.c2ln.x", None),
            ("eyJh.ey p.c2ln", None),
            ("-----BEGIN PRIVATE KEY-----\nplanted\n", None),
        ] {
            let read = federated_assertion(text.into());
            assert!(!format!("{read:?}").contains("planted"), "{read:?}");
            assert_eq!(read.ok().as_ref().map(ExposeSecret::expose_secret), expected, "{text}");
        }
    }
}
