//! The base URL of the API: the rules for valid URLs, and the check for this machine.

use std::net::IpAddr;

use url::{Host, Url};

/// The base URL of the public and the US Government cloud
/// (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-rest-urls>).
pub const PUBLIC_CLOUD: &str = "https://api.partnercenter.microsoft.com";

/// Returns whether the host of a URL is this machine: by name, by loopback address, or by the unspecified address
/// (`0.0.0.0` and `::`), which systems connect to this machine. Returns `false` for text that is not a URL.
#[must_use]
pub fn is_loopback_url(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| is_loopback(&url))
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_loopback_name(name),
        Some(Host::Ipv4(address)) => is_loopback_address(address.into()),
        Some(Host::Ipv6(address)) => is_loopback_address(address.into()),
        None => false,
    }
}

/// Returns whether a host name always means this machine (RFC 6761, section 6.3), with or without the final dot.
pub(crate) fn is_loopback_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

fn is_loopback_address(address: IpAddr) -> bool {
    // An IPv4 address may be written as an IPv6 address: `::ffff:127.0.0.1`.
    let address = address.to_canonical();
    address.is_loopback() || address.is_unspecified()
}

/// Checks a base URL. Returns it without a trailing slash or `/v1`, and whether it is on this machine.
pub(crate) fn check(text: &str, allow_http: bool) -> Result<String, &'static str> {
    let url = Url::parse(text).map_err(|_| "the base URL is not a URL")?;
    if url.host().is_none() {
        return Err("the base URL has no host");
    }
    match url.scheme() {
        "https" => {}
        "http" if allow_http || is_loopback(&url) => {}
        "http" => {
            return Err("the base URL is not https, so the token would be sent unencrypted");
        }
        _ => return Err("the base URL is not https"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the base URL contains a user name or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("the base URL has a query or a fragment");
    }
    let root = url.as_str().trim_end_matches('/');
    let root = root.strip_suffix("/v1").unwrap_or(root).trim_end_matches('/');
    Ok(root.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_an_encrypted_root_or_this_machine() {
        for (text, root) in [
            (PUBLIC_CLOUD, PUBLIC_CLOUD),
            ("https://api.partnercenter.microsoft.com/v1/", PUBLIC_CLOUD),
            ("http://127.0.0.1:8085", "http://127.0.0.1:8085"),
            ("http://localhost:8085/v1", "http://localhost:8085"),
            ("http://[::1]:1/", "http://[::1]:1"),
            ("https://proxy.example/partner", "https://proxy.example/partner"),
        ] {
            assert_eq!(check(text, false).unwrap(), root, "{text}");
        }
        for (text, words) in [
            ("api.partnercenter.microsoft.com", "not a URL"),
            ("ftp://x", "not https"),
            ("http://example.com", "unencrypted"),
            ("http://127.0.0.1.example.com", "unencrypted"),
            ("https://user:secret@x", "password"),
            ("https://x/?a=1", "query"),
            ("data:text/plain,x", "no host"),
        ] {
            let problem = check(text, false).unwrap_err();
            assert!(problem.contains(words), "{text}: {problem}");
        }
        assert_eq!(check("http://emulator:8085", true).unwrap(), "http://emulator:8085");
    }

    #[test]
    fn recognizes_this_machine_by_name_and_address() {
        for (url, expected) in [
            ("http://127.0.0.1:8085", true),
            ("http://127.1.2.3", true),
            ("https://localhost/x", true),
            ("http://[::1]:80", true),
            ("http://a.localhost:1/x", true),
            ("https://localhost.", true),
            ("https://LocalHost.:1", true),
            ("https://a.localhost.", true),
            ("https://[::ffff:127.0.0.1]", true),
            ("https://[::ffff:7f00:1]", true),
            ("https://[::ffff:0.0.0.0]", true),
            ("https://0.0.0.0", true),
            ("https://0", true),
            ("https://[::]", true),
            ("https://127.1", true),
            ("https://0x7f000001", true),
            ("https://2130706433", true),
            ("https://0177.0.0.1", true),
            ("https://[::ffff:10.0.0.1]", false),
            ("https://localhost.example", false),
            ("https://notlocalhost.", false),
            (PUBLIC_CLOUD, false),
            ("http://127.example.com", false),
            ("http://emulator:8085", false),
            ("127.0.0.1:8085", false),
        ] {
            assert_eq!(is_loopback_url(url), expected, "{url}");
        }
    }
}
