//! The status with which a proxy refuses a tunnel. reqwest only reports that there is no tunnel, so the reason is asked
//! for once more, for the error message. The request contains only the host and the proxy's own password.

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

/// Asks a proxy for a tunnel to the host of a URL, and returns the status if it refuses. Only for proxies without TLS.
pub(super) async fn status(proxy: &ProxyAddress, url: &Url) -> Option<StatusCode> {
    if proxy.url().scheme() != "http" {
        return None;
    }
    let status = tokio::time::timeout(TIMEOUT, ask(proxy.url(), url)).await.ok()??;
    (!status.is_success()).then_some(status)
}

async fn ask(proxy: &Url, url: &Url) -> Option<StatusCode> {
    let host = proxy.host_str()?.trim_matches(['[', ']']);
    let mut stream = TcpStream::connect((host, proxy.port_or_known_default()?)).await.ok()?;
    stream.write_all(request(proxy, url)?.as_bytes()).await.ok()?;
    let mut head = Vec::new();
    let mut buffer = [0; 512];
    while head.len() < 4096 && !head.contains(&b'\n') {
        match stream.read(&mut buffer).await.ok()? {
            0 => break,
            read => head.extend_from_slice(&buffer[..read]),
        }
    }
    read_status(&head)
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

/// Reads the status of a line such as `HTTP/1.1 407 Proxy Authentication Required`.
fn read_status(head: &[u8]) -> Option<StatusCode> {
    let line = head.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?.strip_prefix("HTTP/")?;
    line.split_whitespace().nth(1)?.parse().ok()
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
    fn reads_the_status_line() {
        for (head, status) in [
            ("HTTP/1.1 403 Forbidden\r\n\r\n", Some(403)),
            ("HTTP/1.0 407\r\n", Some(407)),
            ("HTTP/1.1 9999 x\r\n", None),
            ("220 smtp", None),
            ("", None),
        ] {
            let found = read_status(head.as_bytes()).map(|status| status.as_u16());
            assert_eq!(found, status, "{head:?}");
        }
    }
}
