//! Signs a person in with a browser (authorization code with PKCE), and shares the refresh token with two other processes.
//!
//! ```text
//! cargo run -p partner-center-devices --example browser_sign_in
//! ```
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::error::Error;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use partner_center_devices::secrecy::{ExposeSecret, SecretString};
use partner_center_devices::{
    AuthorizationCode, BoxError, BoxFuture, Client, Cloud, CustomerId, RefreshToken, SignInPage,
    TokenProvider as _, TokenStore, reqwest,
};
use partner_center_devices_emulator::{AuthMode, Emulator};

const TENANT: &str = "contoso.onmicrosoft.com";
/// The app registration. It has the redirect address `http://localhost` for mobile and desktop applications.
const CLIENT_ID: &str = "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    if let (Some(url), Some(folder)) = (args.next(), args.next()) {
        return work(&url, Path::new(&folder)).await;
    }
    // With the real service: `Cloud::public()`. In this mode a refresh token works once, so the processes must share its
    // successors.
    let emulator = Emulator::builder().auth(AuthMode::Strict).start().await?;
    let folder = std::env::temp_dir().join(format!("browser-sign-in-{}", std::process::id()));
    fs::create_dir(&folder)?; // a real program uses a directory that only its owner can read
    let store = FileStore(folder.join("refresh-token"));
    let cloud = Cloud::emulator(emulator.url());
    let provider = AuthorizationCode::new(cloud, TENANT, CLIENT_ID, store, open)?;
    // Request the first token before the first call: a person may need longer than the deadline of a call.
    let token = provider.token().await?;
    println!("signed in as {:?}", token.claims().and_then(|claims| claims.user));

    let program = std::env::current_exe()?;
    let start = || Command::new(&program).arg(emulator.url()).arg(&folder).spawn();
    let processes = [start()?, start()?];
    let ended = tokio::task::spawn_blocking(|| processes.map(|mut process| process.wait()));
    for status in ended.await? {
        let status = status?;
        if !status.success() {
            return Err(format!("a process failed: {status}").into());
        }
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// Opens the page. A real program starts a browser; this one does what the browser would do with the emulator, which asks for
/// no password.
fn open(page: SignInPage) {
    tokio::spawn(async move {
        let browser = reqwest::Client::builder().no_proxy().build();
        if let Ok(browser) = browser {
            let _ = browser.get(page.url).send().await;
        }
    });
}

/// The work of another process, such as a service. It never asks a person.
async fn work(url: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    let store = FileStore(folder.join("refresh-token"));
    let user = RefreshToken::stored(Cloud::emulator(url), TENANT, CLIENT_ID, store)?;
    let client = Client::builder().base_url(url).token_provider(user).build()?;
    let customer = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);
    let policies = customer.policies().list().await?.len();
    println!("process {}: {policies} policies", std::process::id());
    Ok(())
}

/// A file with a refresh token, shared by processes on one machine.
struct FileStore(PathBuf);

impl TokenStore for FileStore {
    fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async {
            // If the process ends here, the store has the old token or the new one, but never half of one.
            let new = self.0.with_extension("new");
            fs::write(&new, token.expose_secret())?;
            Ok(fs::rename(new, &self.0)?)
        })
    }

    fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, BoxError>> {
        Box::pin(async {
            match fs::read_to_string(&self.0) {
                Ok(token) => Ok(Some(token.into())),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn lock(&self) -> BoxFuture<'_, Result<Box<dyn Send>, BoxError>> {
        let path = self.0.with_extension("lock");
        Box::pin(async {
            // Waiting for another process would block all tasks of this thread.
            let file = tokio::task::spawn_blocking(move || {
                let file = File::create(path)?;
                file.lock()?; // until the file is dropped
                io::Result::Ok(file)
            });
            Ok(Box::new(file.await??) as Box<dyn Send>)
        })
    }
}
