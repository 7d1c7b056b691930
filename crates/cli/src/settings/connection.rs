//! The network settings of a command, and those of them that a profile contributes. `config.toml` may come from a stranger,
//! whose proxy and certificate authority together could read every request. Stored secrets are therefore bound to them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use partner_center_devices::Network;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::args::Service;
use crate::bounded_file;
use crate::errors::{CommandError, Exit};
use crate::settings::config::Config;

/// The network settings for API and sign-in.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub(crate) network: Network,
    pub(crate) route: Route,
}

/// The network settings that the profile contributes, as hashes, because a proxy may contain a password. Flags and
/// variables are the user's own choice and are not part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Route {
    proxy: Option<String>,
    no_proxy: Option<String>,
    /// The content of the file.
    ca_file: Option<String>,
}

impl Route {
    /// Returns the keys whose values are not those of the sign-in. A key that was removed is not one of them: without it,
    /// only the user's own settings count.
    pub(crate) fn changed_keys(&self, at_sign_in: &Self) -> Vec<&'static str> {
        let keys = [
            ("proxy", &self.proxy, &at_sign_in.proxy),
            ("no-proxy", &self.no_proxy, &at_sign_in.no_proxy),
            ("ca-file", &self.ca_file, &at_sign_in.ca_file),
        ];
        let is_changed = |own: &Option<String>, old| own.is_some() && own != old;
        keys.into_iter()
            .filter(|(_, own, old)| is_changed(own, *old))
            .map(|(key, ..)| key)
            .collect()
    }
}

impl Connection {
    /// Reads the network settings. Flags and variables take precedence over the profile.
    pub(crate) fn of(service: &Service, config: &Config) -> Result<Self, CommandError> {
        Self::through(proxy(config)?, service, config)
    }

    /// Like [`of`](Self::of), with these settings of the proxy.
    pub(crate) fn through(
        network: Network,
        service: &Service,
        config: &Config,
    ) -> Result<Self, CommandError> {
        let profile = &config.profile;
        let mut route = Route {
            proxy: profile.proxy.as_ref().map(hash),
            no_proxy: profile.no_proxy.as_ref().map(hash),
            ca_file: None,
        };
        let own = service.ca_file.as_ref();
        let file: Option<&PathBuf> = own.or(profile.ca_file.as_ref());
        let Some(file) = file.filter(|file| !file.as_os_str().is_empty()) else {
            return Ok(Self { network, route });
        };
        let read = if own.is_some() { bounded_file::read } else { bounded_file::read_regular };
        let pem = read(file).map_err(|error| {
            let message = format!("cannot read the certificates in {}", file.display());
            CommandError::new(Exit::InvalidFile, message).with_source(error).hint(match own {
                Some(_) => "name another file with --ca-file".to_owned(),
                None => format!("correct ca-file in {}", config.config_file().display()),
            })
        })?;
        if own.is_none() {
            route.ca_file = Some(hash(&pem));
        }
        Ok(Self { network: trusting(network, file, pem)?, route })
    }
}

/// Returns the settings with the proxy of the profile, if it has one.
pub(crate) fn proxy(config: &Config) -> Result<Network, CommandError> {
    let mut network = Network::new();
    let proxy = config.profile.proxy.as_deref().map(str::trim);
    network = match proxy {
        Some("") => network.no_proxy(),
        Some(proxy) => network.proxy(proxy),
        None => network,
    };
    if proxy.is_some()
        && let Err(error) = network.proxy_for("https://proxy.invalid")
    {
        let (file, name) = (config.config_file(), &config.profile_name);
        let message = format!("{error} (key `proxy` of profile '{name}' in {})", file.display());
        return Err(CommandError::new(Exit::Usage, message)
            .hint("correct it, such as http://proxy.example:3128"));
    }
    let Some(hosts) = &config.profile.no_proxy else { return Ok(network) };
    let any = Network::new().proxy("http://proxy.invalid").no_proxy_for(hosts);
    if let Err(error) = any.proxy_for("https://api.invalid") {
        let (file, name) = (config.config_file(), &config.profile_name);
        let message = format!("{error} (key `no-proxy` of profile '{name}' in {})", file.display());
        return Err(CommandError::new(Exit::Usage, message)
            .hint("separate names, addresses and networks with commas: example.com,10.0.0.0/8"));
    }
    Ok(network.no_proxy_for(hosts))
}

fn trusting(network: Network, file: &Path, pem: Vec<u8>) -> Result<Network, CommandError> {
    let network = network.root_certificate(pem);
    network.check_certificates().map_err(|problem| {
        let message = format!("cannot use the certificates in {}: {problem}", file.display());
        CommandError::new(Exit::InvalidFile, message)
            .hint("export the certificate of the authority in PEM or DER format")
    })?;
    Ok(network)
}

fn hash(content: impl AsRef<[u8]>) -> String {
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(content) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_differs_if_the_profile_sets_another_value() {
        let route = |proxy: &str, no_proxy: &str, ca_file: &str| {
            let value = |text: &str| (!text.is_empty()).then(|| hash(text));
            Route { proxy: value(proxy), no_proxy: value(no_proxy), ca_file: value(ca_file) }
        };
        for (own, at_sign_in, keys) in [
            (route("", "", ""), route("", "", ""), &[][..]),
            (route("p", "n", "c"), route("p", "n", "c"), &[]),
            (route("", "", ""), route("p", "n", "c"), &[]),
            (route("p", "", "c"), route("", "", ""), &["proxy", "ca-file"]),
            (route("q", "m", "d"), route("p", "n", "c"), &["proxy", "no-proxy", "ca-file"]),
        ] {
            assert_eq!(own.changed_keys(&at_sign_in), keys, "{own:?}");
        }
    }
}
