//! The checks of this machine: settings, journals, proxy and certificates.

use partner_center_devices::Network;

use super::checkup::{Check, CheckState};
use crate::args::Service;
use crate::atomic_file::create_private_folder;
use crate::errors::Exit;
use crate::settings::config::Config;
use crate::settings::connection::{Connection, proxy};
use crate::settings::folders::{old_secrets, state_dir};
use crate::settings::session::{Target, rate};
use crate::ui::text_layout::count;

pub(super) fn check_configuration(service: &Service, config: &Config) -> Check {
    if let Err(failure) = rate(service, config) {
        return Check::failed("configuration", &failure);
    }
    let file = config.config_file();
    let detail = if config.profile_exists {
        format!("profile '{}' in {}", config.profile_name, file.display())
    } else {
        format!(
            "no profile '{}' in {}; using flags and environment variables",
            config.profile_name,
            file.display()
        )
    };
    Check::new("configuration", CheckState::Ok, detail)
}

/// Checks that uploads can write their journals.
pub(super) fn check_journals() -> Check {
    let folder = match state_dir() {
        Ok(folder) => folder.join("journals"),
        Err(failure) => return Check::failed("journals", &failure),
    };
    let written = create_private_folder(&folder).and_then(|()| tempfile::tempfile_in(&folder));
    match written {
        Ok(_) => {
            Check::new("journals", CheckState::Ok, format!("{} is writable", folder.display()))
        }
        Err(error) => {
            let detail = format!("{} is not writable: {error}", folder.display());
            Check::new("journals", CheckState::Failed, detail)
                .hint("use another file with --journal")
        }
    }
}

/// Warns of secrets in the directory of older versions, which Windows may copy to other machines. The newer directory has other
/// secrets for the same profile, or another process uses them.
pub(super) fn check_old_secrets() -> Option<Check> {
    let files = old_secrets();
    let folder = files.first()?.parent()?.display().to_string();
    let files = count(files.len(), "file");
    let detail = format!("{files} with saved credentials of an older version in {folder}");
    let hint =
        format!("if no other command is running, delete them: Remove-Item '{folder}' -Recurse");
    Some(Check::new("old secrets", CheckState::Warning, detail).hint(hint))
}

/// Checks the proxy and the certificates. Returns no connection if one of them cannot be used.
pub(super) fn check_network(
    service: &Service,
    config: &Config,
    target: &Target,
) -> (Option<Connection>, Vec<Check>) {
    let network = match proxy(config) {
        Ok(network) => network,
        Err(failure) => return (None, vec![Check::failed("proxy", &failure)]),
    };
    let mut checks = Vec::from_iter(check_proxy(&network, target));
    if checks.iter().any(|check| check.state == CheckState::Failed) {
        return (None, checks);
    }
    match Connection::through(network, service, config) {
        Ok(connection) => (Some(connection), checks),
        Err(failure) => {
            checks.push(Check::failed("certificates", &failure));
            (None, checks)
        }
    }
}

/// Names the proxies for the API and the sign-in, if there are any.
fn check_proxy(network: &Network, target: &Target) -> Option<Check> {
    let cloud = target.cloud();
    let places = [("the service", &target.base_url), ("the sign-in", &cloud.authority)];
    let mut used = Vec::new();
    for (place, url) in places {
        match network.proxy_for(url) {
            Ok(Some(proxy)) => used.push(format!("{proxy} for {place}")),
            Ok(None) => {}
            Err(error) => {
                let problem = error.to_string();
                let hint = match problem.contains("list of hosts") {
                    true => "correct it, such as localhost,.example.com,10.0.0.0/8",
                    false => "correct it, such as http://proxy.example:3128",
                };
                let check = Check::new("proxy", CheckState::Failed, problem);
                return Some(check.exit(Exit::Usage).hint(hint));
            }
        }
    }
    if let Some(script) = places.iter().find_map(|(_, url)| network.unused_proxy_script(url)) {
        let detail = format!(
            "the script {script} of the system's settings is not run, so connections are direct"
        );
        return Some(Check::new("proxy", CheckState::Warning, detail).hint(
            "if they fail, ask your administrator which proxy the script chooses, and set it: proxy in config.toml, or the variable HTTPS_PROXY",
        ));
    }
    (!used.is_empty()).then(|| Check::new("proxy", CheckState::Ok, used.join(", ")))
}
