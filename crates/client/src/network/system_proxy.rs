//! The proxy in the settings of Windows or macOS, for users whose network sets no variables.
//!
//! A script that chooses the proxy (`AutoConfigURL`, WPAD) is not run: that needs a JavaScript engine.

#[cfg(any(windows, test))]
use url::Url;

/// The settings of the system, as text.
#[derive(Clone, Default)]
pub(super) struct SystemProxy {
    /// The proxy for `http:`.
    pub(super) http: Option<String>,
    /// The proxy for `https:`.
    pub(super) https: Option<String>,
    /// The hosts that are reached without a proxy.
    pub(super) direct: String,
    /// The URL of a script that chooses the proxy.
    pub(super) script: Option<String>,
}

/// The place of the settings, for errors.
pub(super) const SETTINGS: &str =
    if cfg!(windows) { "the Windows settings" } else { "the system settings" };

impl SystemProxy {
    /// Reads the settings of this user. A policy can replace them by the settings of the machine (`ProxySettingsPerUser` is 0).
    #[cfg(windows)]
    pub(super) fn read() -> Self {
        use windows_registry::{CURRENT_USER, LOCAL_MACHINE};
        const KEY: &str = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";
        const POLICY: &str =
            r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings";
        let per_user =
            LOCAL_MACHINE.open(POLICY).and_then(|key| key.get_u32("ProxySettingsPerUser"));
        let root =
            if per_user.is_ok_and(|value| value == 0) { LOCAL_MACHINE } else { CURRENT_USER };
        let Ok(key) = root.open(KEY) else { return Self::default() };
        let text = |name| key.get_string(name).unwrap_or_default();
        let is_enabled = key.get_u32("ProxyEnable").is_ok_and(|enabled| enabled != 0);
        let server = if is_enabled { text("ProxyServer") } else { String::new() };
        Self::of_windows(&server, &text("ProxyOverride"), &text("AutoConfigURL"))
    }

    /// Reads the settings of this user, without the exceptions, which the library does not read.
    #[cfg(target_os = "macos")]
    pub(super) fn read() -> Self {
        use hyper_util::client::proxy::matcher::Matcher;
        let matcher = Matcher::from_system();
        let proxy =
            |probe| Some(matcher.intercept(&http::Uri::from_static(probe))?.uri().to_string());
        Self {
            http: proxy("http://proxy-probe.invalid"),
            https: proxy("https://proxy-probe.invalid"),
            ..Self::default()
        }
    }

    /// Other systems have only the variables.
    #[cfg(not(any(windows, target_os = "macos")))]
    pub(super) fn read() -> Self {
        Self::default()
    }

    /// Interprets the texts of Windows: one `proxy:8080` for all schemes, or `http=proxy:80;https=proxy:443`, and a list of
    /// hosts such as `*.contoso.example;10.*;<local>`.
    #[cfg(any(windows, test))]
    pub(super) fn of_windows(server: &str, direct: &str, script: &str) -> Self {
        let mut found = Self { direct: direct.to_owned(), ..Self::default() };
        found.script = Some(without_password(script.trim())).filter(|script| !script.is_empty());
        let entries = server.split(|c: char| c == ';' || c.is_whitespace());
        for entry in entries.filter(|entry| !entry.is_empty()) {
            match entry.split_once('=') {
                None => {
                    found.http.get_or_insert_with(|| entry.to_owned());
                    found.https.get_or_insert_with(|| entry.to_owned());
                }
                Some((scheme, proxy)) => match scheme.to_ascii_lowercase().as_str() {
                    "http" => found.http = Some(proxy.to_owned()),
                    "https" => found.https = Some(proxy.to_owned()),
                    // A SOCKS proxy is for the schemes without one. It has version 4.
                    "socks" if cfg!(feature = "socks") => {
                        let proxy = format!("socks4://{proxy}");
                        found.http.get_or_insert_with(|| proxy.clone());
                        found.https.get_or_insert(proxy);
                    }
                    _ => {}
                },
            }
        }
        found
    }
}

#[cfg(any(windows, test))]
fn without_password(url: &str) -> String {
    let Ok(mut parsed) = Url::parse(url) else { return url.to_owned() };
    let _ = parsed.set_username("");
    let _ = parsed.set_password(None);
    parsed.to_string()
}
