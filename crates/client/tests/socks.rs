//! A proxy that speaks SOCKS5, which the feature `socks` adds. These tests use sockets.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use partner_center_devices::{Client, CustomerId, Error, ErrorKind, Network, Retry, Sent};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Starts a proxy that answers as the service itself, if `reply` is 0, or else refuses with this code (RFC 1928, section 6).
/// It asks for a user name and a password (RFC 1929). Returns its port, and the targets and the credentials that it received.
async fn proxy(reply: u8) -> (u16, Arc<Mutex<Vec<String>>>) {
    partner_center_devices_testkit::trace();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let received = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&received);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let words = negotiate(&mut client, reply).await.unwrap();
            log.lock().unwrap().push(words);
            if reply == 0 {
                let _ = client.read(&mut [0; 10_000]).await;
                let response =
                    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]";
                client.write_all(response).await.unwrap();
            }
        }
    });
    (port, received)
}

/// Reads a text after its length in one byte.
async fn text(client: &mut TcpStream) -> std::io::Result<String> {
    let mut text = vec![0; client.read_u8().await?.into()];
    client.read_exact(&mut text).await?;
    Ok(String::from_utf8(text).unwrap())
}

async fn negotiate(client: &mut TcpStream, reply: u8) -> std::io::Result<String> {
    assert_eq!(client.read_u8().await?, 5);
    let methods = text(client).await?;
    assert!(methods.contains('\u{2}'), "{methods:?}");
    client.write_all(&[5, 2]).await?;
    assert_eq!(client.read_u8().await?, 1);
    let (user, password) = (text(client).await?, text(client).await?);
    client.write_all(&[1, 0]).await?;

    let mut head = [0; 4];
    client.read_exact(&mut head).await?;
    assert_eq!(head, [5, 1, 0, 3], "a connection to a name");
    let (host, port) = (text(client).await?, client.read_u16().await?);
    client.write_all(&[5, reply, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    Ok(format!("{host}:{port} for {user}, {password}"))
}

async fn policies(url: &str, proxy: u16) -> Result<usize, Error> {
    let address = format!("socks5h://user:p%40ss@127.0.0.1:{proxy}");
    let client = Client::builder().base_url(url).allow_plain_http().retry(Retry::never());
    let client = client.token("planted-token".to_owned()).network(Network::new().proxy(address));
    let customer = client.build()?.customer(CustomerId::new("c").unwrap());
    Ok(customer.policies().list().await?.len())
}

#[tokio::test]
async fn a_socks_proxy_connects_to_the_name_of_the_service() {
    let (port, received) = proxy(0).await;
    assert_eq!(policies("http://api.test", port).await.unwrap(), 0);
    assert_eq!(*received.lock().unwrap(), ["api.test:80 for user, p@ss"]);
}

#[tokio::test]
async fn a_refusal_of_a_socks_proxy_names_it_without_its_password() {
    let (port, received) = proxy(5).await;
    let error = policies("https://api.test", port).await.unwrap_err();
    let words =
        format!("cannot connect to api.test through the proxy socks5h://127.0.0.1:{port}: ");
    let shown = format!("{error} {error:?}");
    assert!(error.to_string().contains(&words) && !shown.contains("p@ss"), "{shown}");
    assert!(!shown.contains("p%40ss") && !shown.contains("planted"), "{shown}");
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Connect, Sent::No));
    assert_eq!(received.lock().unwrap()[0], "api.test:443 for user, p@ss");
}
