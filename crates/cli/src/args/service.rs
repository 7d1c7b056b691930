//! Arguments that select the service and the customer.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use partner_center_devices::{Cloud, is_loopback_url};
use serde::Deserialize;

use super::values::path;

/// The service to call. A flag overrides its environment variable, and both override the profile.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Service")]
pub(crate) struct Service {
    /// The cloud that hosts the API and the sign-in [default: public]
    #[arg(long, value_name = "CLOUD", value_enum, env = "PCDEVICES_CLOUD", hide_env_values = true)]
    pub(crate) cloud: Option<CloudName>,

    /// The root URL of the API, such as a running emulator, instead of the cloud's; the profile's sign-in is not used
    /// there
    #[arg(long, value_name = "URL", env = "PCDEVICES_BASE_URL", hide_env_values = true, value_parser = base_url)]
    pub(crate) base_url: Option<String>,

    /// Read the access token from this file [default: PCDEVICES_TOKEN, then the profile's sign-in]
    #[arg(long, value_name = "FILE", env = "PCDEVICES_TOKEN_FILE", hide_env_values = true, value_parser = path())]
    pub(crate) token_file: Option<PathBuf>,

    /// An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator
    #[arg(long, value_name = "FILE", env = "PCDEVICES_CA_FILE", hide_env_values = true, value_parser = path())]
    pub(crate) ca_file: Option<PathBuf>,

    /// Send at most this many requests per second
    #[arg(long, value_name = "REQUESTS", value_parser = rate)]
    pub(crate) rate: Option<f64>,
}

/// The name of a cloud.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CloudName {
    #[default]
    Public,
    UsGovernment,
    China,
}

impl CloudName {
    pub(crate) fn cloud(self) -> Cloud {
        match self {
            Self::Public => Cloud::public(),
            Self::UsGovernment => Cloud::us_government(),
            Self::China => Cloud::china(),
        }
    }
}

/// The customer of a command.
#[derive(Args, Clone, Debug)]
pub(crate) struct OneCustomer {
    /// The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id
    #[arg(
        long,
        short,
        value_name = "CUSTOMER",
        env = "PCDEVICES_CUSTOMER",
        hide_env_values = true
    )]
    pub(crate) customer: CustomerName,
}

/// Parses a base URL. The client checks the rest of it.
fn base_url(text: &str) -> Result<String, String> {
    match text.contains("://") {
        true => Ok(text.to_owned()),
        false if is_loopback_url(&format!("http://{text}")) => {
            Err(format!("add http:// in front for an emulator on this machine: http://{text}"))
        }
        false => Err(format!("add https:// in front: https://{text}")),
    }
}

/// A customer as typed: an alias, a tenant id, a company name or a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CustomerName(pub(crate) String);

impl FromStr for CustomerName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.is_empty() || text.chars().any(char::is_control) {
            return Err("a customer cannot be empty or contain control characters");
        }
        if !text.contains(char::is_alphanumeric) {
            return Err("a customer has a letter or a digit");
        }
        Ok(Self(text.to_owned()))
    }
}

pub(crate) fn rate(text: &str) -> Result<f64, &'static str> {
    match text.parse::<f64>() {
        Ok(rate) if is_rate(rate) => Ok(rate),
        _ => Err("must be a number from 0.001 to 10000"),
    }
}

pub(crate) fn is_rate(rate: f64) -> bool {
    (0.001..=10_000.0).contains(&rate)
}
