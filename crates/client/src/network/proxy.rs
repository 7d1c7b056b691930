//! The choice of a proxy: from a setting, or from the variables that most programs read. An invalid proxy is an error. A
//! direct connection instead would bypass the rules of a network, or hang.

use std::borrow::Cow;
use std::env::VarError;
use std::fmt;

use url::Url;

use super::host_list::HostList;
use super::system_proxy::{SETTINGS, SystemProxy};
use crate::base_url::is_loopback;

/// The error for text that is not the URL of a proxy, or not a list of hosts without a proxy. It does not contain the URL,
/// which may contain a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidProxy {
    /// `the proxy` or `the list of hosts without a proxy`.
    what: &'static str,
    /// The variable, or an empty text for a setting.
    variable: &'static str,
    problem: Cow<'static, str>,
}

const PROXY: &str = "the proxy";
const DIRECT_HOSTS: &str = "the list of hosts without a proxy";

impl fmt::Display for InvalidProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, variable, problem } = self;
        match *variable {
            "" => write!(f, "{what} is invalid: {problem}"),
            variable => write!(f, "{what} in {variable} is invalid: {problem}"),
        }
    }
}

impl std::error::Error for InvalidProxy {}

/// The address of a proxy. `Display` leaves out the user and the password.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ProxyAddress(Url);

impl ProxyAddress {
    pub(super) fn parse(variable: &'static str, text: &str) -> Result<Self, InvalidProxy> {
        let invalid =
            |problem: &'static str| InvalidProxy { what: PROXY, variable, problem: problem.into() };
        // `set NAME="value"` of Windows keeps the quotes.
        let text = text.trim().trim_matches(['"', '\'']).trim();
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
#[derive(Clone, Default)]
pub(super) struct ProxyRules {
    http: Option<Result<ProxyAddress, InvalidProxy>>,
    https: Option<Result<ProxyAddress, InvalidProxy>>,
    /// `None` if nothing sets the list.
    direct: Option<Result<HostList, InvalidProxy>>,
    /// The hosts without a proxy of the settings, if their proxy is used.
    settings_direct: Option<Result<HostList, InvalidProxy>>,
    /// The address of a script of the settings that chooses the proxy.
    script: Option<String>,
}

impl ProxyRules {
    /// One proxy for all hosts.
    pub(super) fn all(proxy: ProxyAddress) -> Self {
        let proxy = Some(Ok(proxy));
        Self { http: proxy.clone(), https: proxy, ..Self::default() }
    }

    /// The variables of the system, and then its settings.
    #[allow(clippy::disallowed_methods)] // reqwest reads the same variables, but ignores invalid ones
    pub(super) fn of_system() -> Self {
        Self::of_variables(|name| std::env::var(name)).or_settings(SystemProxy::read())
    }

    /// Adds the settings of the system for the schemes without a variable.
    fn or_settings(mut self, settings: SystemProxy) -> Self {
        let parse =
            |text: &Option<String>| text.as_ref().map(|text| ProxyAddress::parse(SETTINGS, text));
        let is_used = |variable: &Option<_>, setting: &Option<String>| {
            variable.is_none() && setting.is_some()
        };
        let is_used = is_used(&self.http, &settings.http) || is_used(&self.https, &settings.https);
        self.http = self.http.or_else(|| parse(&settings.http));
        self.https = self.https.or_else(|| parse(&settings.https));
        if is_used {
            self.settings_direct = Some(parse_hosts(SETTINGS, &settings.direct));
        }
        self.script = settings.script;
        self
    }

    /// Reads variables like curl: the variable of the scheme, then `ALL_PROXY`, each in upper or lower case. `HTTP_PROXY`
    /// of a CGI program is not read, because a request could set it (<https://httpoxy.org>).
    fn of_variables(get: impl Fn(&str) -> Result<String, VarError>) -> Self {
        let value = |what, names: &[&'static str]| {
            names.iter().find_map(|name| match get(name) {
                Ok(text) => (!text.trim().is_empty()).then_some((*name, Ok(text))),
                Err(VarError::NotPresent) => None,
                Err(VarError::NotUnicode(_)) => {
                    let problem = "it is not UTF-8".into();
                    Some((*name, Err(InvalidProxy { what, variable: name, problem })))
                }
            })
        };
        let proxy = |names: &[&'static str]| {
            let all = || value(PROXY, &["ALL_PROXY", "all_proxy"]);
            let (name, text) = value(PROXY, names).or_else(all)?;
            Some(text.and_then(|text| ProxyAddress::parse(name, &text)))
        };
        let is_cgi = !matches!(get("REQUEST_METHOD"), Err(VarError::NotPresent));
        let direct = value(DIRECT_HOSTS, &["NO_PROXY", "no_proxy"])
            .map(|(name, hosts)| hosts.and_then(|hosts| parse_hosts(name, &hosts)));
        Self {
            http: proxy(match is_cgi {
                false => &["HTTP_PROXY", "http_proxy"],
                true if cfg!(windows) => &[], // the case of a name does not matter there
                true => &["http_proxy"],
            }),
            https: proxy(&["HTTPS_PROXY", "https_proxy"]),
            direct,
            settings_direct: None,
            script: None,
        }
    }

    /// Replaces the hosts that need no proxy.
    pub(super) fn direct(mut self, hosts: &str) -> Self {
        self.direct = Some(parse_hosts("", hosts));
        self.settings_direct = None;
        self
    }

    /// Returns the proxy for a URL; `None` for a direct connection.
    pub(super) fn proxy_for(&self, url: &Url) -> Result<Option<&ProxyAddress>, InvalidProxy> {
        let proxy = if url.scheme() == "https" { &self.https } else { &self.http };
        let Some(proxy) = proxy.as_ref().filter(|_| !is_loopback(url)) else { return Ok(None) };
        if let Some(direct) = &self.direct
            && direct.as_ref().map_err(Clone::clone)?.contains(url)
        {
            return Ok(None);
        }
        if let Some(direct) = &self.settings_direct
            && direct.as_ref().map_err(Clone::clone)?.contains(url)
        {
            return Ok(None);
        }
        proxy.as_ref().map(Some).map_err(Clone::clone)
    }

    /// Returns the URL of the script that chooses the proxy for a URL, if no proxy is set otherwise.
    pub(super) fn script_for(&self, url: &Url) -> Option<&str> {
        let has_proxy = self.http.is_some() || self.https.is_some() || is_loopback(url);
        self.script.as_deref().filter(|_| !has_proxy)
    }

    pub(super) fn into_reqwest(self) -> reqwest::Proxy {
        reqwest::Proxy::custom(move |url| match self.proxy_for(url) {
            Ok(proxy) => proxy.map(|proxy| proxy.url().clone()),
            Err(_) => None,
        })
    }
}

fn parse_hosts(variable: &'static str, hosts: &str) -> Result<HostList, InvalidProxy> {
    HostList::parse(hosts).map_err(|problem| InvalidProxy {
        what: DIRECT_HOSTS,
        variable,
        problem: problem.into(),
    })
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
            ("\"http://proxy.example:3128\" ", "http://proxy.example:3128"),
        ] {
            assert_eq!(ProxyAddress::parse("", text).unwrap().to_string(), shown, "{text}");
        }
    }

    /// Stands for a value that is not text.
    const NOT_UTF_8: &str = "not UTF-8";

    fn rules(variables: &[(&str, &str)]) -> ProxyRules {
        ProxyRules::of_variables(|name| {
            match variables.iter().find(|(variable, _)| *variable == name) {
                Some((_, NOT_UTF_8)) => Err(VarError::NotUnicode("x".into())),
                Some((_, value)) => Ok((*value).to_owned()),
                None => Err(VarError::NotPresent),
            }
        })
    }

    fn choose(variables: &[(&str, &str)], url: &str) -> String {
        choose_with(variables, SystemProxy::default(), url)
    }

    fn choose_with(variables: &[(&str, &str)], settings: SystemProxy, url: &str) -> String {
        let rules = rules(variables).or_settings(settings);
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
                "the list of hosts without a proxy in NO_PROXY is invalid: it is not UTF-8",
            ),
            (&[("NO_PROXY", NOT_UTF_8)], api, "direct"),
            (&[("NO_PROXY", "10.0.0.0/x")], api, "direct"),
            (
                &[("HTTPS_PROXY", "http://a"), ("NO_PROXY", "a,10.0.0.0/x")],
                api,
                "the list of hosts without a proxy in NO_PROXY is invalid: the entry '10.0.0.0/x': it is not a network such as 10.0.0.0/8",
            ),
            (&[("HTTPS_PROXY", "http://a"), ("NO_PROXY", "https://api.example")], api, "direct"),
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
    fn only_the_variable_that_applies_must_be_valid() {
        let (api, invalid) = ("https://api.example/v1", "http://a:b");
        for (variables, url, is_valid) in [
            (&[("HTTP_PROXY", invalid)][..], api, true),
            (&[("HTTP_PROXY", invalid)], "http://api.example", false),
            (&[("HTTP_PROXY", invalid), ("HTTPS_PROXY", "http://a")], api, true),
            (&[("ALL_PROXY", invalid), ("HTTPS_PROXY", "http://a")], api, true),
            (&[("ALL_PROXY", invalid)], api, false),
            (&[("HTTPS_PROXY", invalid)], api, false),
            (&[("HTTPS_PROXY", invalid)], "http://api.example", true),
            (&[("HTTPS_PROXY", invalid), ("NO_PROXY", "example")], api, true),
            (&[("HTTPS_PROXY", invalid)], "https://localhost", true),
            (&[("NO_PROXY", "10.0.0.0/x")], api, true),
            (&[("HTTP_PROXY", "http://a"), ("NO_PROXY", "10.0.0.0/x")], api, true),
            (&[("HTTPS_PROXY", "http://a"), ("NO_PROXY", "10.0.0.0/x")], api, false),
        ] {
            let chosen = choose(variables, url);
            assert_eq!(!chosen.contains("invalid"), is_valid, "{variables:?} {url}: {chosen}");
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

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[ -~é]{0,40}") {
            let _ = ProxyAddress::parse("", &text);
        }
    }

    #[test]
    fn settings_apply_where_no_variable_does() {
        let one = "proxy.example:8080";
        let each = "http=one:80; HTTPS=https://two:443;ftp=three";
        let lists = "*.contoso.example;10.*;<local>;http://fabrikam.example";
        let api = "https://api.example/v1";
        for (variables, server, direct, url, expected) in [
            (&[][..], "", "", api, "direct"),
            (&[], one, "", api, "http://proxy.example:8080"),
            (&[], one, "", "http://api.example", "http://proxy.example:8080"),
            (&[], one, "", "http://localhost", "direct"),
            (&[], each, "", api, "https://two"),
            (&[], each, "", "http://api.example", "http://one"),
            (&[], "http=one:80", "", api, "direct"),
            (&[], one, lists, "https://a.contoso.example", "direct"),
            (&[], one, lists, "https://10.1.2.3", "direct"),
            (&[], one, lists, "https://intranet", "direct"),
            (&[], one, lists, "https://fabrikam.example", "direct"),
            (&[], one, lists, api, "http://proxy.example:8080"),
            (
                &[],
                "proxy:99999",
                "",
                api,
                "the proxy in the system settings is invalid: the port is not a number from 1 to 65535",
            ),
            (&[("HTTPS_PROXY", "http://mine")], one, "", api, "http://mine"),
            (&[("HTTPS_PROXY", "http://mine")], "proxy:99999", "", api, "http://mine"),
            (&[("HTTP_PROXY", "http://mine")], one, "", api, "http://proxy.example:8080"),
            (&[("NO_PROXY", "api.example")], one, "", api, "direct"),
            (
                &[("NO_PROXY", "other.example")],
                one,
                "third.example",
                api,
                "http://proxy.example:8080",
            ),
            (&[("NO_PROXY", "other.example")], one, "api.example", api, "direct"),
            // The list of the settings belongs to the proxy of the settings.
            (&[("ALL_PROXY", "http://mine")], one, "api.example", api, "http://mine"),
        ] {
            let settings = SystemProxy::of_windows(server, direct, "");
            let chosen = choose_with(variables, settings, url)
                .replace("Windows settings", "system settings");
            assert_eq!(chosen, expected, "{variables:?} {server} {direct} {url}");
        }
        let socks = choose_with(&[], SystemProxy::of_windows("socks=one:1080", "", ""), api);
        assert_eq!(socks, if cfg!(feature = "socks") { "socks4://one:1080" } else { "direct" });
    }

    #[test]
    fn a_script_is_named_if_no_proxy_is_set_otherwise() {
        let script = "http://me:planted@wpad.example/proxy.pac";
        for (variables, server, expected) in [
            (&[][..], "", Some("http://wpad.example/proxy.pac")),
            (&[], "proxy:1", None),
            (&[("HTTPS_PROXY", "http://mine")], "", None),
        ] {
            let settings = SystemProxy::of_windows(server, "", script);
            let rules = rules(variables).or_settings(settings);
            assert_eq!(rules.script_for(&Url::parse("https://api.example").unwrap()), expected);
            assert_eq!(rules.script_for(&Url::parse("http://127.0.0.1:1").unwrap()), None);
        }
    }
}
