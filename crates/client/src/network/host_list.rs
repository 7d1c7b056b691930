//! A list of hosts in the format of `NO_PROXY`, for which programs have no common rules. Each entry is read as its author
//! means it, or is an error: a host that is missing in the list would be reached through the proxy without a word.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};
use url::{Host, Url};

/// The longest entry that an error quotes, in characters.
const MAX_QUOTED: usize = 60;

/// A list of hosts.
#[derive(Clone, Debug, Default)]
pub(super) struct HostList(Vec<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Clone, Debug)]
enum Hosts {
    All,
    /// The names without a dot, as `<local>` in Windows.
    Local,
    /// A name and its subdomains.
    Name(String),
    /// A name or an address with `*` for any text.
    Pattern(String),
    /// An address or a network.
    Network(IpNet),
}

impl HostList {
    /// Reads a list. Entries are separated by commas, semicolons, bars or white space. The error names an entry that cannot
    /// be read.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let is_quote = |c| matches!(c, '"' | '\'');
        let is_separator = |c: char| matches!(c, ',' | ';' | '|') || c.is_whitespace();
        let entries = text.split(is_separator).map(|entry| entry.trim_matches(is_quote));
        let entries = entries.filter(|entry| !entry.is_empty());
        let parse = |text| entry(text).map_err(|problem| format!("{}: {problem}", quoted(text)));
        entries.map(parse).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn contains(&self, url: &Url) -> bool {
        let host = match url.host() {
            Some(Host::Ipv4(address)) => Host::Ipv4(address),
            Some(Host::Ipv6(address)) => match address.to_canonical() {
                IpAddr::V4(address) => Host::Ipv4(address),
                IpAddr::V6(address) => Host::Ipv6(address),
            },
            Some(Host::Domain(name)) => Host::Domain(name.trim_end_matches('.')),
            None => return false,
        };
        let has_port = |port: Option<u16>| port.is_none() || port == url.port_or_known_default();
        self.0.iter().any(|entry| has_port(entry.port) && entry.hosts.contains(&host))
    }
}

impl Hosts {
    fn contains(&self, host: &Host<&str>) -> bool {
        match (self, host) {
            (Self::All, _) => true,
            (Self::Local, Host::Domain(host)) => !host.contains('.'),
            (Self::Name(name), Host::Domain(host)) => host
                .strip_suffix(name.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
            (Self::Pattern(pattern), Host::Domain(host)) => matches(pattern, host),
            (Self::Pattern(pattern), Host::Ipv4(host)) => matches(pattern, &host.to_string()),
            (Self::Pattern(pattern), Host::Ipv6(host)) => matches(pattern, &host.to_string()),
            (Self::Network(network), Host::Ipv4(host)) => network.contains(&IpAddr::V4(*host)),
            (Self::Network(network), Host::Ipv6(host)) => network.contains(&IpAddr::V6(*host)),
            (Self::Local | Self::Name(_) | Self::Network(_), _) => false,
        }
    }
}

/// Returns an entry for an error, which must not show a password.
fn quoted(text: &str) -> String {
    if text.contains('@') || text.chars().count() > MAX_QUOTED || text.chars().any(char::is_control)
    {
        return "an entry".to_owned();
    }
    format!("the entry '{text}'")
}

fn entry(text: &str) -> Result<Entry, &'static str> {
    let lower = text.to_lowercase();
    let all_ports = |hosts| Ok(Entry { hosts, port: None });
    match lower.as_str() {
        "*" => return all_ports(Hosts::All),
        "<local>" => return all_ports(Hosts::Local),
        // It sends this machine's own addresses through the proxy, which never happens here.
        "<-loopback>" => return all_ports(Hosts::Pattern(String::new())),
        _ => {}
    }
    // A scheme is ignored, and its default port is not part of the entry.
    let rest = match lower.split_once("://") {
        Some((_, rest)) => rest.split('/').next().unwrap_or_default(),
        None => lower.strip_suffix('/').unwrap_or(&lower),
    };
    if rest.contains('@') {
        return Err("a host has no user name");
    }
    if let Ok(address) = bare_address(rest).parse::<IpAddr>() {
        return all_ports(network(address.into()));
    }
    if let Some((address, bits)) = rest.split_once('/') {
        return all_ports(parse_network(address, bits)?);
    }
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse().map_err(|_| "the port is not a number")?)),
        None => (rest, None),
    };
    if let Ok(address) = bare_address(host).parse::<IpAddr>() {
        return Ok(Entry { hosts: network(address.into()), port });
    }
    Ok(Entry { hosts: parse_hosts(host)?, port })
}

fn bare_address(text: &str) -> &str {
    let text = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    // The zone of a link-local address, which URLs cannot have.
    text.split_once('%').filter(|(address, _)| address.contains(':')).map_or(text, |(text, _)| text)
}

fn parse_hosts(host: &str) -> Result<Hosts, &'static str> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '*');
    if host == "*" {
        return Ok(Hosts::All);
    }
    if host.is_empty() || !host.chars().all(is_plain) {
        return Err("it is not a host name, an address or a network");
    }
    let is_digits = host.chars().all(|c| c.is_ascii_digit() || c == '.');
    if is_digits && host.ends_with('.') {
        return Ok(Hosts::Pattern(format!("{host}*")));
    }
    let name = host.trim_start_matches("*.").trim_start_matches('.').trim_end_matches('.');
    if name.contains('*') {
        return Ok(Hosts::Pattern(name.to_owned()));
    }
    match Host::parse(name) {
        // URLs have names in this form.
        Ok(Host::Domain(name)) => Ok(Hosts::Name(name)),
        _ if is_digits => Err("the address is not complete; write a network as 10.0.0.0/8"),
        _ => Err("it is not a host name, an address or a network"),
    }
}

/// Parses a network, such as `10.0.0.0/8` or `10.0.0.0/255.0.0.0`.
fn parse_network(address: &str, bits: &str) -> Result<Hosts, &'static str> {
    let problem = "it is not a network such as 10.0.0.0/8";
    // macOS writes short networks: 169.254/16.
    let is_short = |address: &str| address.chars().all(|c| c.is_ascii_digit() || c == '.');
    let missing = 3_usize.saturating_sub(address.matches('.').count());
    let address = match is_short(address) {
        true => address.trim_end_matches('.').to_owned() + &".0".repeat(missing),
        false => address.to_owned(),
    };
    let address: IpAddr = bare_address(&address).parse().map_err(|_| problem)?;
    let network_of = match bits.parse() {
        Ok(bits) => IpNet::new(address, bits),
        Err(_) => IpNet::with_netmask(address, bits.parse().map_err(|_| problem)?),
    };
    network_of.map(network).map_err(|_| problem)
}

/// Returns a network. An IPv4 network may be written as an IPv6 network: `::ffff:10.0.0.0/104`.
fn network(network: IpNet) -> Hosts {
    let mapped = match (network.addr().to_canonical(), network.prefix_len().checked_sub(96)) {
        (IpAddr::V4(address), Some(bits)) => Ipv4Net::new(address, bits).ok(),
        _ => None,
    };
    Hosts::Network(mapped.map_or(network, Into::into))
}

/// Returns true if a text matches a pattern, in which `*` is any text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_means_the_hosts_that_its_author_means() {
        for (list, url, expected) in [
            ("example.com", "https://example.com", true),
            ("example.com", "https://api.example.com", true),
            (".example.com", "https://api.example.com", true),
            ("*.example.com", "https://api.example.com", true),
            ("example.com.", "https://example.com", true),
            ("example.com", "https://example.com.", true),
            ("example.com", "https://notexample.com", false),
            ("example.com", "https://example.com.evil.test", false),
            ("MÜNCHEN.example", "https://münchen.example", true),
            ("a, b;c d", "https://d", true),
            ("a|b", "https://b", true),
            ("a\n\tb", "https://b", true),
            // A scheme, quotes and a path.
            ("https://example.com", "https://api.example.com", true),
            ("http://example.com/", "https://example.com", true),
            ("https://example.com:8443/v1", "https://example.com:8443", true),
            ("example.com/", "https://example.com", true),
            ("\"a, example.com\"", "https://example.com", true),
            ("'a','example.com'", "https://example.com", true),
            ("https://10.0.0.1", "https://10.0.0.1", true),
            // Ports.
            ("EXAMPLE.com:443", "https://example.com", true),
            ("example.com:8443", "https://example.com:8443", true),
            ("example.com:8443", "https://example.com", false),
            ("10.0.0.1:443", "https://10.0.0.1", true),
            ("10.0.0.1:80", "https://10.0.0.1", false),
            ("[fe80::1]:443", "https://[fe80::1]", true),
            ("*:8443", "https://example.com:8443", true),
            ("*:8443", "https://example.com", false),
            // Wildcards.
            ("*", "https://example.com", true),
            ("x, *", "https://example.com", true),
            ("example.*", "https://example.com", true),
            ("example.*", "https://api.example.com", false),
            ("*example.com", "https://notexample.com", true),
            ("api-*.example.com", "https://api-eu.example.com", true),
            ("api-*.example.com", "https://web.example.com", false),
            ("a*b*c", "https://a1b2c", true),
            ("ab*ba", "https://aba", false),
            ("10.1.*", "https://10.1.2.3", true),
            ("10.1.*.*", "https://10.2.2.3", false),
            ("192.168.", "https://192.168.2.3", true),
            ("<local>", "https://server", true),
            ("<local>", "https://server.example", false),
            // Addresses and networks.
            ("10.0.0.1", "https://10.0.0.1", true),
            ("10.0.0.0/8", "https://10.200.3.4", true),
            ("169.254/16", "https://169.254.3.4", true),
            ("10/8", "https://11.1.1.1", false),
            ("192.168.1/24", "https://192.168.1.9", true),
            ("fe80::1%en0", "https://[fe80::1]", true),
            ("<-loopback>;example.com", "https://example.com", true),
            ("<-loopback>", "https://example.com", false),
            ("10.0.0.0/255.0.0.0", "https://10.200.3.4", true),
            ("10.0.0.0/8", "https://11.0.0.1", false),
            ("10.0.0.0/8", "https://[::ffff:10.1.2.3]", true),
            ("::ffff:10.0.0.0/104", "https://10.1.2.3", true),
            ("::ffff:10.0.0.0/104", "https://11.1.2.3", false),
            ("0.0.0.0/0", "https://11.0.0.1", true),
            ("fe80::/10", "https://[fe80::1]", true),
            ("[fe80::]/10", "https://[fe80::1]", true),
            ("[fe80::1]", "https://[fe80::2]", false),
            ("::/0", "https://[fe80::2]", true),
            ("", "https://10.0.0.1", false),
            (" , ;", "https://10.0.0.1", false),
        ] {
            let url = Url::parse(url).unwrap();
            let list = HostList::parse(list).unwrap();
            assert_eq!(list.contains(&url), expected, "{list:?} {url}");
        }
    }

    #[test]
    fn an_entry_without_a_meaning_is_named() {
        for (list, expected) in [
            ("a, 10.0.0.0/x", "the entry '10.0.0.0/x': it is not a network such as 10.0.0.0/8"),
            ("10.0.0.0/33", "the entry '10.0.0.0/33': it is not a network such as 10.0.0.0/8"),
            ("10.0.0.0/255.0.255.0", "it is not a network"),
            ("example.com/8", "it is not a network"),
            (
                "10.0",
                "the entry '10.0': the address is not complete; write a network as 10.0.0.0/8",
            ),
            ("example.com:https", "the entry 'example.com:https': the port is not a number"),
            ("example.com:99999", "the port is not a number"),
            ("<lokal>", "it is not a host name"),
            ("a?.example.com", "it is not a host name"),
            ("https://", "it is not a host name"),
            ("http://user:planted@example.com", "an entry: a host has no user name"),
        ] {
            let error = HostList::parse(list).unwrap_err();
            assert!(error.contains(expected) && !error.contains("planted"), "{list}: {error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[ -~é]{0,40}") {
            let url = Url::parse("https://10.0.0.1").unwrap();
            let _ = HostList::parse(&text).map(|list| list.contains(&url));
        }
    }
}
