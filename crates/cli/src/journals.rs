//! Where journals are when none is named. Decides that each batch of a customer has one: two files for one batch are
//! then one history, and a device that has its outcome is not sent again from another file.

use std::net::IpAddr;
use std::path::PathBuf;

use etcetera::BaseStrategy as _;
use partner_center_devices::{BatchId, CustomerId, PUBLIC_CLOUD};
use partner_center_devices_fleet::Journals;

use crate::error::{Exit, Failure};

/// The file for a batch; `None` for a service on this machine: an emulator forgets, and what was registered there
/// then says nothing.
pub(crate) fn default_file(
    base_url: &str,
    customer: &CustomerId,
    batch: &BatchId,
) -> Result<Option<PathBuf>, Failure> {
    let (_, host) = base_url.split_once("://").unwrap_or(("", base_url));
    if is_this_machine(host) {
        return Ok(None);
    }
    let folders = etcetera::choose_base_strategy().map_err(|error| {
        Failure::new(Exit::Service, format!("there is no folder for the journal: {error}"))
            .hint("name a file with --journal")
    })?;
    let folder = folders.state_dir().unwrap_or_else(|| folders.data_dir());
    let journals = Journals::in_folder(folder.join("pcdevices").join("journals"));
    Ok(Some(journals.path(&name(base_url, customer, batch))))
}

/// Case makes no difference between customers, nor between batches.
fn name(base_url: &str, customer: &CustomerId, batch: &BatchId) -> String {
    let name = format!("{customer} {batch}").to_lowercase();
    match base_url {
        PUBLIC_CLOUD => name,
        other => format!("{} {name}", other.trim_start_matches("https://")),
    }
}

fn is_this_machine(host: &str) -> bool {
    let host = host.split('/').next().unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { host }
    });
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name == "localhost"
        || name.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_has_one_name_however_it_is_spelled() {
        let customer = CustomerId::new("47021739-3426-40BF-9601-61B4B6D7C793").unwrap();
        let named = |url: &str, batch: &str| name(url, &customer, &BatchId::new(batch).unwrap());
        let contoso = "47021739-3426-40bf-9601-61b4b6d7c793 contoso hq";
        assert_eq!(named(PUBLIC_CLOUD, "Contoso HQ"), contoso);
        assert_eq!(named(PUBLIC_CLOUD, "CONTOSO hq"), contoso);
        assert_eq!(named("https://x.example", "Contoso HQ"), format!("x.example {contoso}"));
    }

    #[test]
    fn an_emulator_on_this_machine_has_no_journal_of_its_own_accord() {
        for (host, here) in [
            ("127.0.0.1:8085", true),
            ("localhost", true),
            ("[::1]:80", true),
            ("a.localhost:1/x", true),
            ("api.partnercenter.microsoft.com", false),
            ("127.example.com", false),
            ("emulator:8085", false),
        ] {
            assert_eq!(is_this_machine(host), here, "{host}");
        }
    }
}
