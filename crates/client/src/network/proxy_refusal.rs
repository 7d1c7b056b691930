//! The refusal of a proxy to open a tunnel. reqwest only reports that there is no tunnel, so the reason is asked for once
//! more, for the retry decision and the error message. The request contains only the host and the proxy's own password.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

use super::proxy::ProxyAddress;

const TIMEOUT: Duration = Duration::from_secs(5);

/// The most bytes of a response that are read.
const MAX_HEAD: usize = 16 << 10;

const FORBIDDEN: &str =
    "ask the administrator of the proxy to let the address through, or use another proxy";
const NO_PASSWORD: &str = "the proxy requires a user name and a password: add them to its address in HTTPS_PROXY or in the setting of the proxy, percent-encoded: http://USER:PASSWORD@HOST:PORT";
const WRONG_PASSWORD: &str =
    "correct the user name and the password in the address of the proxy; percent-encode both";
const NO_BASIC: &str = "the proxy requires a sign-in such as NTLM or Negotiate (Kerberos), which is not supported: start a local relay that signs in, such as Px or CNTLM, and use its address as the proxy";
const UNKNOWN_SCHEME: &str = "the proxy requires a sign-in: put the user name and the password into its address, percent-encoded (http://USER:PASSWORD@HOST:PORT); if it requires NTLM or Negotiate, use a local relay such as Px or CNTLM as the proxy";

/// The refusal of a proxy to connect to a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProxyRefusal {
    pub(super) status: StatusCode,
    /// True if the proxy accepts a user name and a password, for a 407; `None` if that is not known.
    accepts_password: Option<bool>,
    /// True if the address of the proxy has a user name and a password.
    has_password: bool,
}

impl ProxyRefusal {
    /// Returns true if the proxy would refuse each further attempt too: only its settings or its administrator can
    /// change that.
    pub(crate) fn is_final(self) -> bool {
        matches!(self.status.as_u16(), 403 | 407 | 451)
    }

    /// Returns what to do about a final refusal.
    pub(crate) fn hint(self) -> Option<&'static str> {
        if self.status != StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            return self.is_final().then_some(FORBIDDEN);
        }
        Some(match (self.accepts_password, self.has_password) {
            (Some(false), _) => NO_BASIC,
            (Some(true), false) => NO_PASSWORD,
            (Some(true), true) => WRONG_PASSWORD,
            (None, _) => UNKNOWN_SCHEME,
        })
    }
}

/// Asks a proxy for a tunnel to the host of a URL, and returns its refusal. A proxy with TLS is not asked: of its refusals only a
/// 407 is known, from the cause of the failed connection.
pub(super) async fn of_proxy(proxy: &ProxyAddress, url: &Url, cause: &str) -> Option<ProxyRefusal> {
    let proxy = proxy.url();
    let has_password = !proxy.username().is_empty() || proxy.password().is_some();
    if proxy.scheme() == "http"
        && let Ok(head) = tokio::time::timeout(TIMEOUT, ask(proxy, url)).await
        && let Some(refusal) = head.and_then(|head| read(&head, has_password))
    {
        return Some(refusal);
    }
    cause.contains("proxy authorization required").then_some(ProxyRefusal {
        status: StatusCode::PROXY_AUTHENTICATION_REQUIRED,
        accepts_password: None,
        has_password,
    })
}

async fn ask(proxy: &Url, url: &Url) -> Option<Vec<u8>> {
    let host = proxy.host_str()?.trim_matches(['[', ']']);
    let mut stream = TcpStream::connect((host, proxy.port_or_known_default()?)).await.ok()?;
    stream.write_all(request(proxy, url)?.as_bytes()).await.ok()?;
    let mut head = Vec::new();
    let mut buffer = [0; 512];
    while head.len() < MAX_HEAD && !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer).await.ok()? {
            0 => break,
            read => head.extend_from_slice(&buffer[..read]),
        }
    }
    Some(head)
}

fn request(proxy: &Url, url: &Url) -> Option<String> {
    let target = format!("{}:{}", url.host_str()?, url.port_or_known_default()?);
    let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
    if !proxy.username().is_empty() || proxy.password().is_some() {
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let user = decode(proxy.username());
        let password = decode(proxy.password().unwrap_or_default());
        let basic = STANDARD.encode(format!("{user}:{password}"));
        request += &format!("Proxy-Authorization: Basic {basic}\r\n");
    }
    Some(request + "\r\n")
}

/// Reads the head of a response, such as `HTTP/1.1 407 Proxy Authentication Required`.
fn read(head: &[u8], has_password: bool) -> Option<ProxyRefusal> {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status = lines.next()?.strip_prefix("HTTP/")?;
    let status: StatusCode = status.split_whitespace().nth(1)?.parse().ok()?;
    let mut accepts_password = None;
    for line in lines.take_while(|line| !line.is_empty()) {
        let Some((name, schemes)) = line.split_once(':') else { continue };
        if name.trim().eq_ignore_ascii_case("proxy-authenticate") {
            let is_basic =
                |scheme: &str| scheme.trim_start().to_ascii_lowercase().starts_with("basic");
            let offers = schemes.split(',').any(is_basic);
            accepts_password = Some(offers || accepts_password == Some(true));
        }
    }
    (!status.is_success()).then_some(ProxyRefusal { status, accepts_password, has_password })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_for_the_host_with_the_password_of_the_proxy() {
        let url = Url::parse("https://api.example/v1/customers/c").unwrap();
        let proxy = Url::parse("http://user:p%40ss@proxy:3128").unwrap();
        assert_eq!(
            request(&proxy, &url).unwrap(),
            "CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n\r\n"
        );
        let proxy = Url::parse("http://proxy:3128").unwrap();
        assert!(!request(&proxy, &url).unwrap().contains("Authorization"));
    }

    #[test]
    fn a_refusal_is_final_if_only_people_can_change_it_and_has_a_hint() {
        for (head, has_password, is_final, hint) in [
            ("HTTP/1.1 403 Forbidden\r\n\r\n", false, true, Some(FORBIDDEN)),
            ("HTTP/1.1 451 x\r\n\r\n", true, true, Some(FORBIDDEN)),
            ("HTTP/1.0 407\r\n\r\n", false, true, Some(UNKNOWN_SCHEME)),
            (
                "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"a\"\r\n\r\n",
                false,
                true,
                Some(NO_PASSWORD),
            ),
            (
                "HTTP/1.1 407 x\nproxy-authenticate: NTLM\nPROXY-AUTHENTICATE: basic\n\n",
                true,
                true,
                Some(WRONG_PASSWORD),
            ),
            (
                "HTTP/1.1 407 x\r\nProxy-Authenticate: Negotiate, Basic realm=\"a\"\r\n",
                true,
                true,
                Some(WRONG_PASSWORD),
            ),
            (
                "HTTP/1.1 407 x\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate\r\n\r\nProxy-Authenticate: Basic",
                false,
                true,
                Some(NO_BASIC),
            ),
            ("HTTP/1.1 502 Bad Gateway\r\n\r\n", false, false, None),
            ("HTTP/1.1 503 x\r\n\r\n", false, false, None),
            ("HTTP/1.1 302 Found\r\n\r\n", false, false, None),
        ] {
            let refusal = read(head.as_bytes(), has_password).unwrap();
            assert_eq!((refusal.is_final(), refusal.hint()), (is_final, hint), "{head}");
        }
        for head in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 9999 x\r\n", "220 smtp", ""] {
            assert_eq!(read(head.as_bytes(), false), None, "{head}");
        }
    }

    #[tokio::test]
    async fn a_proxy_with_tls_is_not_asked() {
        let url = Url::parse("https://api.example").unwrap();
        let proxy = ProxyAddress::parse("", "https://127.0.0.1:9").unwrap();
        let cause = "tunnel error: proxy authorization required";
        let refusal = of_proxy(&proxy, &url, cause).await.unwrap();
        assert_eq!((refusal.status.as_u16(), refusal.hint()), (407, Some(UNKNOWN_SCHEME)));
        assert_eq!(of_proxy(&proxy, &url, "tunnel error: unsuccessful").await, None);
    }
}
