//! The base URL of the API: the rules for valid URLs, and the check for this machine.

use url::{Host, Url};

/// The base URL of the public and the US Government cloud
/// (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-rest-urls>).
pub const PUBLIC_CLOUD: &str = "https://api.partnercenter.microsoft.com";

/// Returns whether the host of a URL is this machine, by name or loopback address. Returns `false` for text that is not
/// a URL.
#[must_use]
pub fn is_loopback_url(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| is_loopback(&url))
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Checks a base URL. Returns it without a trailing slash or `/v1`, and whether it is on this machine.
pub(crate) fn check(text: &str, allow_http: bool) -> Result<(String, bool), &'static str> {
    let url = Url::parse(text).map_err(|_| "the base URL is not a URL")?;
    if url.host().is_none() {
        return Err("the base URL has no host");
    }
    let is_loopback = is_loopback(&url);
    match url.scheme() {
        "https" => {}
        "http" if is_loopback || allow_http => {}
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
    Ok((root.to_owned(), is_loopback))
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
            assert_eq!(check(text, false).unwrap().0, root, "{text}");
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
        assert_eq!(
            check("http://emulator:8085", true).unwrap(),
            ("http://emulator:8085".to_owned(), false)
        );
    }

    #[test]
    fn recognizes_this_machine_by_name_and_address() {
        for (url, expected) in [
            ("http://127.0.0.1:8085", true),
            ("http://127.1.2.3", true),
            ("https://localhost/x", true),
            ("http://[::1]:80", true),
            ("http://a.localhost:1/x", true),
            (PUBLIC_CLOUD, false),
            ("http://127.example.com", false),
            ("http://emulator:8085", false),
            ("127.0.0.1:8085", false),
        ] {
            assert_eq!(is_loopback_url(url), expected, "{url}");
        }
    }
}
