//! The bound ports of an emulator, and their URLs.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;

/// The URLs of an emulator, and the certificate authority of the HTTPS one.
#[derive(Debug, Default)]
pub(super) struct Urls {
    pub(super) http: Option<String>,
    #[cfg(feature = "tls")]
    pub(super) https: Option<String>,
    #[cfg(feature = "tls")]
    pub(super) ca: Option<String>,
}

/// The ports that are bound before the emulator accepts connections.
#[derive(Default)]
pub(crate) struct Listeners {
    pub(super) urls: Urls,
    pub(super) bound: Vec<(TcpListener, Security)>,
}

/// The layer between TCP and HTTP.
#[derive(Clone)]
pub(super) enum Security {
    Plain,
    #[cfg(feature = "tls")]
    Tls(tokio_rustls::TlsAcceptor),
}

impl Listeners {
    /// Binds a port for HTTP.
    pub(crate) async fn bind_http(&mut self, address: &str) -> io::Result<()> {
        let bound = self.bind(address, Security::Plain).await?;
        self.urls.http = Some(format!("http://{bound}"));
        Ok(())
    }

    /// Binds a port for HTTPS.
    #[cfg(feature = "tls")]
    pub(crate) async fn bind_https(
        &mut self,
        address: &str,
        tls: &super::tls::Tls,
    ) -> io::Result<()> {
        let (acceptor, ca) = tls.acceptor()?;
        let bound = self.bind(address, Security::Tls(acceptor)).await?;
        self.urls.https = Some(format!("https://{bound}"));
        self.urls.ca = ca;
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bound.is_empty()
    }

    async fn bind(&mut self, address: &str, security: Security) -> io::Result<SocketAddr> {
        let bound = TcpListener::bind(address).await;
        let bound = bound.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (local_address, listener) = bound.map_err(|error| {
            io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
        })?;
        self.bound.push((listener, security));
        Ok(reachable(local_address))
    }
}

/// Replaces the "all interfaces" address, which not every client can connect to, with the loopback address.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}
