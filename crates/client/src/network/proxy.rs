//! The choice of a proxy: from a setting, or from the variables that most programs read. An invalid proxy is an error. A
//! direct connection instead would bypass the rules of a network, or hang.

use std::env::VarError;
use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::base_url::is_loopback;

/// The error for text that is not the URL of a proxy. It does not contain the text, which may contain a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidProxy {
    /// The variable, or an empty text for a setting.
    variable: &'static str,
    problem: &'static str,
}

impl fmt::Display for InvalidProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.variable {
            "" => write!(f, "the proxy is invalid: {}", self.problem),
            "NO_PROXY" | "no_proxy" => {
                write!(f, "the list of hosts in {} is invalid: {}", self.variable, self.problem)
            }
            variable => write!(f, "the proxy in {variable} is invalid: {}", self.problem),
        }
    }
}

impl std::error::Error for InvalidProxy {}

/// The address of a proxy. `Display` leaves out the user and the password.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ProxyAddress(Url);

impl ProxyAddress {
    pub(super) fn parse(variable: &'static str, text: &str) -> Result<Self, InvalidProxy> {
        let invalid = |problem| InvalidProxy { variable, problem };
        let text = text.trim();
        if text.is_empty() {
            return Err(invalid("it is empty"));
        }
        let url = match text.contains("://") {
            true => Url::parse(text),
            false => Url::parse(&format!("http://{text}")),
        };
        let url = url.map_err(|error| {
            invalid(match error {
                url::ParseError::InvalidPort => "the port is not a number from 1 to 65535",
                url::ParseError::EmptyHost => "it has no host",
                _ => "it is not a URL such as http://proxy.example:3128",
            })
        })?;
        match url.scheme() {
            "http" | "https" => {}
            "socks5" | "socks5h" | "socks4" | "socks4a" if cfg!(feature = "socks") => {}
            "socks5" | "socks5h" | "socks4" | "socks4a" => {
                return Err(invalid("this program was built without support for SOCKS"));
            }
            _ => return Err(invalid("its scheme is not http, https or socks5")),
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(invalid("it has no host"));
        }
        if url.port() == Some(0) {
            return Err(invalid("the port is not a number from 1 to 65535"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(invalid(
                "there is text after the host; percent-encode #, / and ? in the password",
            ));
        }
        Ok(Self(url))
    }

    pub(super) fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.0.scheme(), self.0.host_str().unwrap_or_default())?;
        match self.0.port() {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

/// The proxy for each scheme, and the hosts that are reached without a proxy.
#[derive(Clone)]
pub(super) struct ProxyRules {
    http: Option<Result<ProxyAddress, InvalidProxy>>,
    https: Option<Result<ProxyAddress, InvalidProxy>>,
    direct: Result<HostList, InvalidProxy>,
}

impl Default for ProxyRules {
    fn default() -> Self {
        Self { http: None, https: None, direct: Ok(HostList::default()) }
    }
}

impl ProxyRules {
    /// One proxy for all hosts.
    pub(super) fn all(proxy: ProxyAddress) -> Self {
        let proxy = Some(Ok(proxy));
        Self { http: proxy.clone(), https: proxy, ..Self::default() }
    }

    /// The variables of the system.
    #[allow(clippy::disallowed_methods)] // reqwest reads the same variables, but ignores invalid ones
    pub(super) fn of_system() -> Self {
        Self::of_variables(|name| std::env::var(name))
    }

    /// Reads variables like curl: the variable of the scheme, then `ALL_PROXY`, each in upper or lower case. `HTTP_PROXY`
    /// of a CGI program is not read, because a request could set it (<https://httpoxy.org>).
    fn of_variables(get: impl Fn(&str) -> Result<String, VarError>) -> Self {
        let value = |names: &[&'static str]| {
            names.iter().find_map(|name| match get(name) {
                Ok(text) => (!text.trim().is_empty()).then_some((*name, Ok(text))),
                Err(VarError::NotPresent) => None,
                Err(VarError::NotUnicode(_)) => {
                    Some((*name, Err(InvalidProxy { variable: name, problem: "it is not UTF-8" })))
                }
            })
        };
        let proxy = |names: &[&'static str]| {
            let (name, text) = value(names).or_else(|| value(&["ALL_PROXY", "all_proxy"]))?;
            Some(text.and_then(|text| ProxyAddress::parse(name, &text)))
        };
        let is_cgi = !matches!(get("REQUEST_METHOD"), Err(VarError::NotPresent));
        let direct = value(&["NO_PROXY", "no_proxy"])
            .map_or_else(|| Ok(HostList::default()), |(_, hosts)| Ok(HostList::parse(&hosts?)));
        Self {
            http: proxy(match is_cgi {
                false => &["HTTP_PROXY", "http_proxy"],
                true if cfg!(windows) => &[], // the case of a name does not matter there
                true => &["http_proxy"],
            }),
            https: proxy(&["HTTPS_PROXY", "https_proxy"]),
            direct,
        }
    }

    /// Replaces the hosts that need no proxy.
    pub(super) fn direct(mut self, hosts: HostList) -> Self {
        self.direct = Ok(hosts);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.http.is_none() && self.https.is_none()
    }

    /// Checks the proxy of encrypted connections, or else the other one.
    pub(super) fn check(&self) -> Result<(), InvalidProxy> {
        match (&self.https, &self.http) {
            (Some(Err(error)), _) => Err(error.clone()),
            (None, Some(Err(error))) => Err(error.clone()),
            (None, None) => Ok(()),
            _ => self.direct.as_ref().map(drop).map_err(Clone::clone),
        }
    }

    /// Returns the proxy for a URL; `None` for a direct connection.
    pub(super) fn proxy_for(&self, url: &Url) -> Result<Option<&ProxyAddress>, InvalidProxy> {
        let proxy = if url.scheme() == "https" { &self.https } else { &self.http };
        let Some(proxy) = proxy.as_ref().filter(|_| !is_loopback(url)) else { return Ok(None) };
        if self.direct.as_ref().map_err(Clone::clone)?.contains(url) {
            return Ok(None);
        }
        proxy.as_ref().map(Some).map_err(Clone::clone)
    }

    pub(super) fn into_reqwest(self) -> reqwest::Proxy {
        reqwest::Proxy::custom(move |url| match self.proxy_for(url) {
            Ok(proxy) => proxy.map(|proxy| proxy.url().clone()),
            Err(_) => None,
        })
    }
}

/// A list of hosts in the format of `NO_PROXY`.
#[derive(Clone, Debug, Default)]
pub(super) struct HostList(Vec<Entry>);

#[derive(Clone, Debug)]
enum Entry {
    All,
    /// A name and its subdomains.
    Name(String),
    /// The addresses whose first bits are the same.
    Network(IpAddr, u32),
}

impl HostList {
    pub(super) fn parse(text: &str) -> Self {
        let entries = text.split([',', ' ', ';']).map(str::trim).filter(|entry| !entry.is_empty());
        Self(entries.filter_map(entry).collect())
    }

    fn contains(&self, url: &Url) -> bool {
        let host = match url.host() {
            Some(Host::Ipv4(address)) => Ok(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Ok(address.to_canonical()),
            Some(Host::Domain(name)) => Err(name.trim_end_matches('.')),
            None => return false,
        };
        self.0.iter().any(|entry| match (entry, host) {
            (Entry::All, _) => true,
            (Entry::Name(name), Err(host)) => host
                .strip_suffix(name.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
            (Entry::Network(network, bits), Ok(host)) => has_prefix(host, *network, *bits),
            _ => false,
        })
    }
}

fn entry(text: &str) -> Option<Entry> {
    if text == "*" {
        return Some(Entry::All);
    }
    let bare = text.trim_start_matches('[').replace(']', "");
    let (address, bits) = match bare.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u32>().ok()?)),
        None => (bare.as_str(), None),
    };
    if let Ok(address) = address.parse::<IpAddr>() {
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most).min(most);
        // An IPv4 network may be written as an IPv6 network: `::ffff:10.0.0.0/104`.
        return Some(match address.to_canonical() {
            short @ IpAddr::V4(_) if address.is_ipv6() && bits >= 96 => {
                Entry::Network(short, bits - 96)
            }
            _ => Entry::Network(address, bits),
        });
    }
    // A port is not part of the name.
    let name = bare.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let name = name.trim_start_matches("*.").trim_start_matches('.').trim_end_matches('.');
    (!name.is_empty()).then(|| Entry::Name(name.to_owned()))
}

fn has_prefix(host: IpAddr, network: IpAddr, bits: u32) -> bool {
    match (host, network) {
        (IpAddr::V4(host), IpAddr::V4(network)) => {
            let differs = host.to_bits() ^ network.to_bits();
            differs.checked_shr(32 - bits).unwrap_or(0) == 0
        }
        (IpAddr::V6(host), IpAddr::V6(network)) => {
            let differs = host.to_bits() ^ network.to_bits();
            differs.checked_shr(128 - bits).unwrap_or(0) == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_addresses_are_refused_and_not_quoted() {
        for (text, words) in [
            ("", "empty"),
            ("http://", "host"),
            ("http://:planted@", "host"),
            ("http://proxy:99999", "port"),
            ("http://proxy:x", "port"),
            ("http://proxy:0", "port"),
            ("http://user:planted@#proxy:3128", "host"),
            ("http://user:planted#word@proxy:3128", "port"),
            ("http://user:pl/anted@proxy:3128", "port"),
            ("http://proxy:3128/planted", "text after the host"),
            ("http://proxy:3128?planted", "text after the host"),
            ("http://proxy#planted", "text after the host"),
            ("ftp://proxy", "scheme"),
            ("not a url: planted", "not a URL"),
            ("http://pro xy", "not a URL"),
            ("http://[::1", "not a URL"),
        ] {
            let error = ProxyAddress::parse("HTTPS_PROXY", text).map(|proxy| proxy.to_string());
            let error = error.unwrap_err().to_string();
            assert!(error.starts_with("the proxy in HTTPS_PROXY is invalid: "), "{error}");
            assert!(error.contains(words) && !error.contains("planted"), "{text}: {error}");
        }
        let socks = ProxyAddress::parse("", "socks5h://proxy:1080");
        assert_eq!(socks.is_ok(), cfg!(feature = "socks"));
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (text, shown) in [
            ("http://proxy.example:3128", "http://proxy.example:3128"),
            ("proxy.example:3128", "http://proxy.example:3128"),
            ("https://user:planted@proxy", "https://proxy"),
            ("http://user:p%40ss%23@10.0.0.1:8080/", "http://10.0.0.1:8080"),
            (" http://[::1]:3128 ", "http://[::1]:3128"),
        ] {
            assert_eq!(ProxyAddress::parse("", text).unwrap().to_string(), shown, "{text}");
        }
    }

    /// Stands for a value that is not text.
    const NOT_UTF_8: &str = "not UTF-8";

    fn choose(variables: &[(&str, &str)], url: &str) -> String {
        let rules = ProxyRules::of_variables(|name| {
            match variables.iter().find(|(variable, _)| *variable == name) {
                Some((_, NOT_UTF_8)) => Err(VarError::NotUnicode("x".into())),
                Some((_, value)) => Ok((*value).to_owned()),
                None => Err(VarError::NotPresent),
            }
        });
        match rules.proxy_for(&Url::parse(url).unwrap()) {
            Ok(Some(proxy)) => proxy.to_string(),
            Ok(None) => "direct".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_variable_of_the_scheme_takes_precedence() {
        let api = "https://api.example/v1";
        for (variables, url, expected) in [
            (&[][..], api, "direct"),
            (&[("HTTPS_PROXY", "http://a"), ("ALL_PROXY", "http://b")], api, "http://a"),
            (&[("https_proxy", "http://a")], api, "http://a"),
            (&[("HTTPS_PROXY", ""), ("https_proxy", "http://a")], api, "http://a"),
            (&[("HTTP_PROXY", "http://a")], api, "direct"),
            (&[("ALL_PROXY", "http://b")], api, "http://b"),
            (&[("HTTP_PROXY", "http://a")], "http://api.example", "http://a"),
            (&[("HTTPS_PROXY", "http://a"), ("REQUEST_METHOD", "GET")], api, "http://a"),
            (
                &[("HTTP_PROXY", "http://a"), ("REQUEST_METHOD", "GET")],
                "http://api.example",
                "direct",
            ),
            (
                &[
                    ("HTTP_PROXY", "http://a"),
                    ("ALL_PROXY", "http://b"),
                    ("REQUEST_METHOD", NOT_UTF_8),
                ],
                "http://api.example",
                "http://b",
            ),
            (
                &[("HTTPS_PROXY", NOT_UTF_8), ("ALL_PROXY", "http://b")],
                api,
                "the proxy in HTTPS_PROXY is invalid: it is not UTF-8",
            ),
            (
                &[("all_proxy", NOT_UTF_8)],
                api,
                "the proxy in all_proxy is invalid: it is not UTF-8",
            ),
            (
                &[("HTTPS_PROXY", "http://a"), ("NO_PROXY", NOT_UTF_8)],
                api,
                "the list of hosts in NO_PROXY is invalid: it is not UTF-8",
            ),
            (&[("NO_PROXY", NOT_UTF_8)], api, "direct"),
            (&[("HTTPS_PROXY", "http://a"), ("NO_PROXY", "example")], api, "direct"),
            (&[("HTTPS_PROXY", "http://a"), ("NO_PROXY", "x, *")], api, "direct"),
            (
                &[("HTTPS_PROXY", "http://a:b")],
                api,
                "the proxy in HTTPS_PROXY is invalid: the port is not a number from 1 to 65535",
            ),
            (
                &[("ALL_PROXY", "x://a")],
                api,
                "the proxy in ALL_PROXY is invalid: its scheme is not http, https or socks5",
            ),
        ] {
            assert_eq!(choose(variables, url), expected, "{variables:?} {url}");
        }
    }

    #[test]
    fn this_machine_is_never_reached_through_a_proxy() {
        let rules = ProxyRules::all(ProxyAddress::parse("", "http://proxy").unwrap());
        for (url, is_direct) in [
            ("http://127.0.0.1:8085", true),
            ("http://localhost", true),
            ("https://localhost", true),
            ("http://a.localhost:1", true),
            ("http://[::1]:1", true),
            ("https://localhost.", true),
            ("https://[::ffff:127.0.0.1]", true),
            ("https://0.0.0.0", true),
            ("https://[::]", true),
            ("http://127.0.0.1.example", false),
            ("https://api.example", false),
        ] {
            let proxy = rules.proxy_for(&Url::parse(url).unwrap()).unwrap();
            assert_eq!(proxy.is_none(), is_direct, "{url}");
        }
    }

    #[test]
    fn host_lists_have_names_addresses_and_networks() {
        for (list, url, expected) in [
            ("example.com", "https://example.com", true),
            ("example.com", "https://api.example.com", true),
            (".example.com", "https://api.example.com", true),
            ("*.example.com", "https://api.example.com", true),
            ("EXAMPLE.com:443", "https://example.com", true),
            ("example.com", "https://notexample.com", false),
            ("example.com", "https://example.com.evil.test", false),
            ("a, b;c d", "https://d", true),
            ("10.0.0.1", "https://10.0.0.1", true),
            ("10.0.0.0/8", "https://10.200.3.4", true),
            ("10.0.0.0/8", "https://11.0.0.1", false),
            ("10.0.0.0/8", "https://[::ffff:10.1.2.3]", true),
            ("::ffff:10.0.0.0/104", "https://10.1.2.3", true),
            ("::ffff:10.0.0.0/104", "https://11.1.2.3", false),
            ("0.0.0.0/0", "https://11.0.0.1", true),
            ("fe80::/10", "https://[fe80::1]", true),
            ("[fe80::1]", "https://[fe80::2]", false),
            ("::/0", "https://[fe80::2]", true),
            ("10.0.0.0/x", "https://10.0.0.1", false),
            ("", "https://10.0.0.1", false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(HostList::parse(list).contains(&url), expected, "{list} {url}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[ -~é]{0,40}") {
            let _ = ProxyAddress::parse("", &text);
            HostList::parse(&text).contains(&Url::parse("https://10.0.0.1").unwrap());
        }
    }
}
