//! The loopback address to which the browser returns after a sign-in (RFC 8252, section 7.3). It accepts only a request
//! with the state of this sign-in, so that no other page can end it or smuggle in its own code.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use super::token_error::{OAuthError, TokenError};
use super::token_response::{error_in_description, is_temporary};

/// The most bytes of a request that are read. A code has up to about 2,000 characters.
const MAX_REQUEST: usize = 32 << 10;
/// How long a browser may take to send its request.
const READ_TIMEOUT: Duration = Duration::from_secs(5);

/// A listener on a loopback port, on IPv4 and if possible on IPv6, because browsers try either for `localhost`.
pub(super) struct RedirectListener {
    v4: TcpListener,
    v6: Option<TcpListener>,
    port: u16,
}

impl RedirectListener {
    pub(super) async fn bind(port: u16) -> io::Result<Self> {
        let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = v4.local_addr()?.port();
        let v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok();
        Ok(Self { v4, v6, port })
    }

    pub(super) fn redirect_uri(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Waits for the browser to return with this state, and returns the code.
    pub(super) async fn code(&self, state: &str) -> Result<SecretString, TokenError> {
        let (sender, mut results) = tokio::sync::mpsc::channel(1);
        // Dropping the set ends the connections that are left.
        let mut connections = tokio::task::JoinSet::new();
        loop {
            let accepted = tokio::select! {
                accepted = self.accept() => accepted,
                Some(result) = results.recv() => return result,
            };
            // A browser may open connections that it does not use, so none of them may block the others.
            let Ok(stream) = accepted else { continue };
            let (sender, state, port) = (sender.clone(), state.to_owned(), self.port);
            connections.spawn(async move {
                if let Ok(Some(result)) =
                    tokio::time::timeout(READ_TIMEOUT, answer(stream, &state, port)).await
                {
                    let _ = sender.send(result).await;
                }
            });
        }
    }

    async fn accept(&self) -> io::Result<TcpStream> {
        let (stream, _) = match &self.v6 {
            None => self.v4.accept().await?,
            Some(v6) => tokio::select! {
                accepted = self.v4.accept() => accepted?,
                accepted = v6.accept() => accepted?,
            },
        };
        Ok(stream)
    }
}

/// Reads a request and answers it. Returns the result of the sign-in, if the request has it.
async fn answer(
    mut stream: TcpStream,
    state: &str,
    port: u16,
) -> Option<Result<SecretString, TokenError>> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < MAX_REQUEST {
        match stream.read(&mut buffer).await {
            Ok(read @ 1..) => request.extend_from_slice(&buffer[..read]),
            _ => break,
        }
    }
    let result = read(&String::from_utf8_lossy(&request), state, port);
    let (status, text) = match &result {
        Some(Ok(_)) => ("200 OK", "You are signed in. You can close this page."),
        Some(Err(_)) => {
            ("200 OK", "The sign-in failed. You can close this page; the program says why.")
        }
        None => ("404 Not Found", "There is nothing here."),
    };
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Sign-in</title><p>{text}</p></html>\n"
    );
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\nConnection: close\r\n\r\n",
        page.len()
    );
    // The code is what counts, even if the browser is gone.
    let _ = stream.write_all(format!("{head}{page}").as_bytes()).await;
    let _ = stream.shutdown().await;
    result
}

/// Reads the result of the sign-in from a request; `None` if the request is not the redirect of this sign-in.
fn read(request: &str, state: &str, port: u16) -> Option<Result<SecretString, TokenError>> {
    let mut words = request.lines().next()?.split(' ');
    let (Some("GET"), Some(target), Some(_)) = (words.next(), words.next(), words.next()) else {
        return None;
    };
    let url = Url::parse(&format!("http://localhost:{port}")).ok()?.join(target).ok()?;
    if url.host_str() != Some("localhost") || url.path() != "/" {
        return None;
    }
    let value = |name: &str| {
        let mut pairs = url.query_pairs();
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    if value("state")? != state {
        return None;
    }
    if let Some(error) = value("error") {
        let description = value("error_description").unwrap_or_default();
        return Some(Err(match error.as_str() {
            "access_denied" if description.is_empty() => {
                TokenError::new("the sign-in was declined")
            }
            _ => {
                let error = OAuthError {
                    suberror: value("error_subcode"),
                    ..error_in_description(&error, &description)
                };
                match is_temporary(&error) {
                    true => TokenError::outage(error),
                    false => TokenError::refused(error),
                }
            }
        }));
    }
    value("code").filter(|code| !code.is_empty()).map(|code| Ok(code.into()))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn an_outage_is_retryable() {
        for (query, is_retryable) in [
            ("error=temporarily_unavailable", true),
            ("error=server_error&error_description=x", true),
            ("error=invalid_request&error_description=AADSTS90033%3A+A+transient+error.", true),
            ("error=invalid_request&error_description=AADSTS50011%3A+No.", false),
            ("error=access_denied", false),
        ] {
            let request = format!("GET /?{query}&state=right HTTP/1.1\r\n\r\n");
            let error = read(&request, "right", 7).unwrap().unwrap_err();
            assert_eq!(error.is_retryable(), is_retryable, "{query}");
            let hint = error.hint().unwrap_or_default();
            assert_eq!(hint.contains("temporarily unavailable"), is_retryable, "{query}");
        }
    }

    #[test]
    fn only_the_redirect_of_this_sign_in_counts() {
        let read = |target: &str| {
            let request = format!("GET {target} HTTP/1.1\r\nHost: localhost:7\r\n\r\n");
            read(&request, "right", 7).map(|result| match result {
                Ok(code) => code.expose_secret().to_owned(),
                Err(error) => format!("error: {error}"),
            })
        };
        for (target, expected) in [
            ("/?code=c%2B1&state=right&session_state=x", Some("c+1")),
            ("/?code=c&state=wrong", None),
            ("/?code=c", None),
            ("/?code=&state=right", None),
            ("/favicon.ico", None),
            ("/other?code=c&state=right", None),
            ("http://evil.test/?code=c&state=right", None),
            ("//evil.test/?code=c&state=right", None),
            ("/?error=access_denied&state=wrong", None),
            ("/?error=access_denied&state=right", Some("error: the sign-in was declined")),
            (
                "/?error=access_denied&error_description=AADSTS65004%3A+Declined.&state=right",
                Some("error: AADSTS65004: Declined."),
            ),
        ] {
            assert_eq!(read(target).as_deref(), expected, "{target}");
        }
        for request in ["", "POST /?code=c&state=right HTTP/1.1\r\n", "GET", "GET /"] {
            assert!(super::read(request, "right", 7).is_none(), "{request}");
        }
    }
}
