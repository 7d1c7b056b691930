//! Name resolution that never looks up the names of this machine. A wrong entry in a hosts file or a name server cannot
//! redirect `localhost`, for which plain HTTP is allowed.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::base_url::is_loopback_name;

/// Resolves `localhost` and `*.localhost` to loopback addresses (RFC 6761, section 6.3), and other names with the system.
pub(super) struct LoopbackNames;

impl Resolve for LoopbackNames {
    fn resolve(&self, name: Name) -> Resolving {
        let loopback = loopback(name.as_str());
        Box::pin(async move {
            if let Some(addresses) = loopback {
                return Ok(Box::new(addresses.into_iter()) as Addrs);
            }
            // reqwest sets the port of the URL.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

fn loopback(name: &str) -> Option<[SocketAddr; 2]> {
    is_loopback_name(name)
        .then(|| [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_names_of_this_machine_are_fixed() {
        for (name, expected) in [
            ("localhost", true),
            ("LOCALHOST.", true),
            ("a.localhost", true),
            ("localhost.example", false),
            ("notlocalhost", false),
        ] {
            let found = loopback(name);
            assert_eq!(found.is_some(), expected, "{name}");
            assert!(found.into_iter().flatten().all(|address| address.ip().is_loopback()));
        }
    }
}
