//! `pcdevices auth`: signs in once for all other commands. The refresh token or the client secret goes to the secrets
//! file, the account and the service to the profile, and neither is written before the sign-in has worked. Only `setup` saves the
//! answers of a new profile earlier.

pub(crate) mod args;
mod organization;
mod profile;
mod secret_input;
mod sign_in_names;

use std::time::{Duration, SystemTime};

use partner_center_devices::raw::printable;
use partner_center_devices::{
    AccessToken, AuthorizationCode, ClientCredential, DeviceCode, DevicePrompt, SignInPage,
    TokenClaims, TokenError, TokenProvider as _, is_loopback_url,
};
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Serialize;

use self::args::{AuthCommand, Login};
use self::organization::Organization;
pub(crate) use self::profile::save_answers;
use self::profile::{set_profile, updated_profile};
use self::secret_input::{CANCELLED, client_secret, refresh_token, variable};
use self::sign_in_names::sign_in_name;
use crate::args::{Global, Service};
use crate::errors::{CommandError, Exit};
use crate::settings::app_credential::app_credential;
use crate::settings::config::{Config, SignIn};
use crate::settings::connection::Connection;
use crate::settings::secret_readers::{SecretReaders, profile_ca_file};
use crate::settings::secrets::{SecretStore, Secrets, StoredToken};
use crate::settings::session::{Target, TokenSource, environment_token, token_source};
use crate::settings::sign_in::{
    self, App, NextRefreshToken, SignedIn, WITHOUT_MFA, lock_secrets, sign_in_error,
};
use crate::settings::toml_file::edit_toml;
use crate::ui::browser;
use crate::ui::output::{Ui, facts};
use crate::ui::style::BOLD;
use crate::ui::text_layout::{count, or_empty, timestamp};

/// The sign-in of a profile, according to this machine and the token.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthStatus {
    /// The profile.
    profile: String,
    /// The root of the API that commands use, from flags, variables and the profile.
    service: String,
    /// True if commands use this sign-in there. They do not if a token is given, or if the service is not the
    /// profile's.
    used: bool,
    /// The way the profile gets its tokens; null if it has no sign-in.
    sign_in: Option<SignIn>,
    /// The partner's tenant, as an id or a domain.
    tenant: Option<String>,
    /// The client id of the app registration.
    client_id: Option<String>,
    /// The file or keyring with the secrets; null without stored secrets.
    kept_in: Option<String>,
    /// True if a new token was issued just now; null if none was requested.
    works: Option<bool>,
    /// False if there is no refresh token, so that the sign-in ends with its access token; null if no token was
    /// requested.
    renewable: Option<bool>,
    /// The claims of the token; null if they cannot be read.
    token: Option<TokenFacts>,
    /// Your organization in Partner Center; null if it was not requested, or if the token cannot read it.
    organization: Option<Organization>,
}

/// The claims of an access token, without verification.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenFacts {
    /// The name of the signed-in user.
    user: Option<String>,
    /// True for a token of the app itself, which cannot create batches.
    app_only: bool,
    /// The id of the token's tenant.
    tenant_id: Option<String>,
    /// True if the user signed in with multi-factor authentication; null if the token does not state it.
    multi_factor: Option<bool>,
    /// The scopes that the app has for the user.
    scopes: Vec<String>,
    /// The expiry time, in RFC 3339.
    expires: Option<String>,
}

impl From<TokenClaims> for TokenFacts {
    fn from(claims: TokenClaims) -> Self {
        Self {
            user: claims.user,
            app_only: claims.is_app_only,
            tenant_id: claims.tenant_id,
            multi_factor: claims.multi_factor,
            scopes: claims.scopes,
            expires: claims.expires.map(timestamp),
        }
    }
}

pub(crate) async fn run(
    ui: Ui,
    global: &Global,
    args: args::AuthCommands,
) -> Result<Exit, CommandError> {
    match args.what {
        AuthCommand::Login(args) => {
            let json = args.json.json;
            sign_in(ui, global, args).await?.write(ui, json).map(|()| Exit::Success)
        }
        AuthCommand::Status(args) => status(ui, global, &args).await,
        AuthCommand::Logout => logout(ui, global).await,
    }
}

// ---- Signing in ---------------------------------------------------------------------------------------------

/// Signs in and stores the sign-in. Ctrl-C cancels it.
pub(crate) async fn sign_in(
    ui: Ui,
    global: &Global,
    args: Login,
) -> Result<AuthStatus, CommandError> {
    tokio::select! {
        biased;
        () = crate::interrupt::ctrl_c() => Err(CommandError::new(Exit::Interrupted, CANCELLED)),
        done = login(ui, global, args) => done,
    }
}

async fn login(ui: Ui, global: &Global, args: Login) -> Result<AuthStatus, CommandError> {
    let mut config = Config::read_for_login(global)?;
    let sign_in = args.kind().or(config.profile.sign_in).unwrap_or(SignIn::Browser);
    let old_client_id = config.profile.client_id.clone();
    let (profile, tenant, client_id) = updated_profile(&args, &config, sign_in)?;
    config.profile = profile;
    let service = Service::default();
    let target = Target::of(&service, &config.profile);
    check_readers(&args, &config, &target, sign_in)?;
    let connection = Connection::of(&service, &config)?;
    // Check that the sign-in can be stored before the user signs in.
    let file = SecretStore::of(ui, &config)?;
    file.probe()?;
    config.probe()?;

    let cloud = target.cloud();
    let app = App { cloud, tenant, client_id, connection };
    // The secrets of the same app at the same sign-in, to renew one of them.
    let is_same_app = old_client_id.as_ref() == Some(&app.client_id);
    let stored = file.read().ok().flatten().filter(|_| is_same_app);
    let stored = stored
        .filter(|stored| stored.issuer.as_ref().is_some_and(|issuer| issuer.allows(&app.issuer())))
        .unwrap_or_default();
    let given = client_secret(ui, args.client_secret_file.as_deref(), sign_in)?;
    let secret = match (&given, sign_in) {
        (None, SignIn::Browser | SignIn::RefreshToken) => stored.client_secret,
        _ => given.clone(),
    };
    let (token, refresh_token) = match sign_in {
        SignIn::AppOnly | SignIn::Certificate | SignIn::FederatedTokenFile | SignIn::GithubOidc => {
            let stored = || ClientCredential::secret(secret.clone().unwrap_or_default());
            let credential = app_credential(ui, &config, sign_in)?.unwrap_or_else(stored);
            (app.app_token(credential, None).await.map_err(sign_in_failed)?, None)
        }
        SignIn::RefreshToken => {
            let is_secret_new = given.is_some() && args.refresh_token_file.is_none();
            let stored = stored.refresh_token.filter(|_| is_secret_new);
            let token = match (stored, variable("PCDEVICES_REFRESH_TOKEN")) {
                (Some(stored), None) => stored,
                _ => refresh_token(ui, args.refresh_token_file.as_deref())?,
            };
            let (token, next) =
                app.user_token(token, secret.clone(), None).await.map_err(sign_in_failed)?;
            (token, Some(next))
        }
        SignIn::Browser => {
            browser_sign_in(ui, &app, secret.clone()).await.map_err(sign_in_failed)?
        }
        SignIn::DeviceCode => device_code_sign_in(ui, &app).await.map_err(sign_in_failed)?,
    };

    // The sign-in works: store it, secrets first.
    let lock = lock_secrets(ui, &file).await?;
    let is_renewable = refresh_token.is_some() || !sign_in.is_by_user();
    let access_token = stored_token(&token, is_renewable, app.token_key(sign_in));
    let issuer = Some(app.issuer());
    file.write(&Secrets { refresh_token, client_secret: secret, access_token, issuer })?;
    drop(lock);
    let name = &config.profile_name;
    let path = config.config_file();
    edit_toml(&path, |document| set_profile(document, name, &config.profile))?;
    let claims = token.claims().unwrap_or_default();
    let user = claims.user.as_deref().unwrap_or(match sign_in.is_by_user() {
        true => "a user whose name the token does not contain",
        false => "the app itself",
    });
    ui.status_line(&format!(
        "Signed in as {user} at {} (profile '{name}' in {})",
        target.base_url,
        path.display()
    ));
    if claims.multi_factor == Some(false) {
        ui.warning(WITHOUT_MFA);
    }
    if !is_renewable {
        warn_without_refresh_token(ui, &token, &config);
    }
    Ok(AuthStatus::of(&config, &target, &file, Some(&Ok(token)), true).renewable(is_renewable))
}

/// Returns the name of the user or app whose saved sign-in works.
///
/// # Errors
/// If there is none, if it no longer works, or if it cannot be checked.
pub(crate) async fn signed_in_user(ui: Ui, config: &Config) -> Result<String, CommandError> {
    let service = Service::default();
    let cloud = Target::of(&service, &config.profile).cloud();
    let connection = Connection::of(&service, config)?;
    let sign_in = config
        .profile
        .sign_in
        .ok_or_else(|| CommandError::new(Exit::AccessDenied, "not signed in"))?;
    let signed_in = SignedIn::of(ui, config, cloud, sign_in, connection)?;
    let claims = signed_in.renew().await?.claims().unwrap_or_default();
    Ok(claims.user.unwrap_or_else(|| "the app itself".to_owned()))
}

/// Checks that the user decides who takes part in the sign-in.
fn check_readers(
    args: &Login,
    config: &Config,
    target: &Target,
    sign_in: SignIn,
) -> Result<(), CommandError> {
    let ca_file = args.ca_file.as_deref().filter(|file| !file.as_os_str().is_empty());
    let is_local = |url: &String| is_loopback_url(url);
    let readers = SecretReaders {
        base_url: args.base_url.is_none().then_some(&target.base_url),
        authority: args.authority.is_none().then_some(&target.authority),
        ca_file: profile_ca_file(ca_file, config),
        // A job in GitHub Actions requests its token from GitHub.
        is_remote: sign_in == SignIn::GithubOidc
            || ![&target.base_url, &target.authority].into_iter().all(is_local),
    };
    readers.check("cannot sign in", config)
}

/// Signs a user in with a browser. Returns the refresh token, if there is one.
async fn browser_sign_in(
    ui: Ui,
    app: &App,
    secret: Option<SecretString>,
) -> Result<(AccessToken, Option<SecretString>), TokenError> {
    let next = NextRefreshToken::default();
    let App { cloud, tenant, client_id, connection } = app.clone();
    let open = move |page| open_page(ui, &page);
    let user = AuthorizationCode::new(cloud, tenant, client_id, next.clone(), open)?;
    let user = match secret {
        Some(secret) => user.client_secret(secret),
        None => user,
    };
    Ok((user.network(connection.network)?.token().await?, next.take()))
}

/// Signs a user in with a device code. Returns the refresh token, if there is one.
async fn device_code_sign_in(
    ui: Ui,
    app: &App,
) -> Result<(AccessToken, Option<SecretString>), TokenError> {
    let next = NextRefreshToken::default();
    let App { cloud, tenant, client_id, connection } = app.clone();
    let show = move |code| prompt(ui, code);
    let user = DeviceCode::new(cloud, tenant, client_id, next.clone(), show)?;
    Ok((user.network(connection.network)?.token().await?, next.take()))
}

/// Returns the access token to store. Without a refresh token it is the whole sign-in, so it is stored even if its lifetime is
/// unknown: the service refuses it when it has expired.
fn stored_token(token: &AccessToken, is_renewable: bool, key: String) -> Option<StoredToken> {
    const USUAL_LIFETIME: Duration = Duration::from_secs(60 * 60);
    let token = match token.lifetime() {
        None if !is_renewable => token.clone().expires_in(USUAL_LIFETIME),
        _ => token.clone(),
    };
    StoredToken::of(&token, key, SystemTime::now())
}

/// Warns that a sign-in ends with its access token.
fn warn_without_refresh_token(ui: Ui, token: &AccessToken, config: &Config) {
    let until = token.lifetime().map(|lifetime| timestamp(SystemTime::now() + lifetime));
    ui.warning(&format!(
        "the tenant issued no refresh token, probably because of a policy: commands use this access token until {}, then sign in again: {}",
        until.as_deref().unwrap_or("it expires"),
        config.complete(&sign_in::login(&config.profile_name))
    ));
}

/// Describes a failed sign-in.
fn sign_in_failed(error: TokenError) -> CommandError {
    sign_in_error(error).context("cannot sign in")
}

/// Opens the page of the sign-in in a browser, and shows its address in case that fails.
fn open_page(ui: Ui, page: &SignInPage) {
    ui.notice(&format!(
        "To sign in, use the browser on this machine; if it does not open, open this page:\n{}\nWithout a browser here, cancel and add --device-code.\n",
        page.url
    ));
    // A failure is not an error: the user can open the page.
    drop(browser::open(&page.url));
}

/// Shows the device code to the user.
fn prompt(ui: Ui, prompt: DevicePrompt) {
    let minutes = usize::try_from(prompt.expires_in.as_secs() / 60).unwrap_or_default();
    // Shown even with --quiet, because the sign-in cannot continue without the user.
    ui.notice(&format!(
        "To sign in, open {BOLD}{}{BOLD:#} in a browser and enter the code {BOLD}{}{BOLD:#}. It expires in {}.\n",
        printable::line(&prompt.verification_uri),
        printable::line(&prompt.user_code),
        count(minutes, "minute"),
    ));
}

// ---- The stored sign-in -------------------------------------------------------------------------------------------

async fn status(ui: Ui, global: &Global, args: &args::Status) -> Result<Exit, CommandError> {
    let config = Config::read(global)?;
    let file = SecretStore::of(ui, &config)?;
    let target = Target::of(&args.service, &config.profile);
    let source = token_source(ui, &args.service, &config, &target, environment_token());
    let is_used = matches!(source, Ok(TokenSource::SignIn(_)));
    let mut is_renewable = None;
    let token = match (args.offline, config.profile.sign_in) {
        (true, _) | (_, None) => None,
        (false, Some(sign_in)) => {
            // Sign in where the profile does, even if flags name another service.
            let cloud = Target::of(&Service::default(), &config.profile).cloud();
            let connection = Connection::of(&args.service, &config)?;
            Some(match SignedIn::of(ui, &config, cloud, sign_in, connection) {
                Ok(signed_in) => {
                    is_renewable = Some(signed_in.is_renewable());
                    let token = signed_in.renew().await;
                    token.map_err(|failure| failure.context("cannot get a token"))
                }
                Err(failure) => Err(failure),
            })
        }
    };
    let organization = match &token {
        Some(Ok(token)) => Organization::read(ui, &args.service, &config, token).await,
        _ => None,
    };
    let status = AuthStatus::of(&config, &target, &file, token.as_ref(), is_used);
    AuthStatus { renewable: is_renewable, organization, ..status }.write(ui, args.json.json)?;
    if let Some(unused) = target.unused_sign_in(&config) {
        ui.status_line(&unused);
    } else if !is_used && config.profile.sign_in.is_some() {
        ui.status(
            "A flag or variable provides a token; commands use it instead of this sign-in.\n",
        );
    }
    match token {
        Some(Err(failure)) => Err(failure),
        None if config.profile.sign_in.is_none() => {
            Err(CommandError::new(Exit::AccessDenied, "not signed in")
                .hint(format!("sign in: {}", sign_in::login(&config.profile_name))))
        }
        _ => Ok(Exit::Success),
    }
}

async fn logout(ui: Ui, global: &Global) -> Result<Exit, CommandError> {
    let config = Config::read(global)?;
    let file = SecretStore::of(ui, &config)?;
    // A renewal in another process would write the file again.
    let _lock = if file.exists() { Some(lock_secrets(ui, &file).await?) } else { None };
    if file.remove()? {
        ui.status_line(&format!("Signed out; removed the saved credentials in {}", file.shown()));
        if config.profile.sign_in.is_none_or(SignIn::is_by_user) {
            ui.status(
                "Tokens that were issued stay valid until they expire or you revoke them at https://myaccount.microsoft.com\n",
            );
        }
    } else {
        ui.status_line(&format!("No saved credentials for profile '{}'", config.profile_name));
    }
    Ok(Exit::Success)
}

impl AuthStatus {
    fn of(
        config: &Config,
        target: &Target,
        file: &SecretStore,
        token: Option<&Result<AccessToken, CommandError>>,
        used: bool,
    ) -> Self {
        let claims = token.and_then(|token| token.as_ref().ok()?.claims());
        Self {
            profile: config.profile_name.clone(),
            service: target.base_url.clone(),
            used,
            sign_in: config.profile.sign_in,
            tenant: config.profile.tenant.clone(),
            client_id: config.profile.client_id.clone(),
            kept_in: file.exists().then(|| file.shown()),
            works: token.map(Result::is_ok),
            renewable: None,
            token: claims.map(TokenFacts::from),
            organization: None,
        }
    }

    fn renewable(mut self, is_renewable: bool) -> Self {
        self.renewable = Some(is_renewable);
        self
    }

    fn write(&self, ui: Ui, json: bool) -> Result<(), CommandError> {
        if json {
            return ui.print_json(self);
        }
        let sign_in = match self.sign_in {
            Some(sign_in) if !sign_in.is_by_user() => {
                format!("{} (cannot create batches)", sign_in_name(sign_in))
            }
            Some(sign_in) => sign_in_name(sign_in).to_owned(),
            None => "none".to_owned(),
        };
        let yes_or_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
        let works = match (self.works, self.renewable) {
            (Some(true), Some(false)) => "until the token expires; there is no refresh token",
            (Some(true), _) => "yes",
            (Some(false), _) => "no",
            (None, _) => "",
        };
        let token = self.token.as_ref();
        let mfa = match token.and_then(|token| token.multi_factor) {
            Some(true) => "yes",
            Some(false) => "no (Partner Center may reject calls)",
            None => "",
        };
        ui.print(&facts(&[
            ("Profile", self.profile.clone()),
            ("Service", self.service.clone()),
            ("Sign-in", sign_in),
            ("In use", self.sign_in.map(|_| yes_or_no(self.used)).unwrap_or_default()),
            ("Tenant", or_empty(&self.tenant)),
            ("Client id", or_empty(&self.client_id)),
            ("Stored in", or_empty(&self.kept_in)),
            ("Works", works.to_owned()),
            ("User", token.map(|token| or_empty(&token.user)).unwrap_or_default()),
            (
                "Organization",
                self.organization.as_ref().map(ToString::to_string).unwrap_or_default(),
            ),
            ("MFA", mfa.to_owned()),
            ("Token expires", token.map(|token| or_empty(&token.expires)).unwrap_or_default()),
        ]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_is_the_whole_sign_in_is_always_stored() {
        let (opaque, short) =
            (AccessToken::new("t"), AccessToken::new("t").expires_in(Duration::from_secs(9)));
        for (token, is_renewable, is_stored) in
            [(&opaque, true, false), (&opaque, false, true), (&short, true, true)]
        {
            let stored = stored_token(token, is_renewable, "key".to_owned());
            assert_eq!(stored.is_some(), is_stored, "{is_renewable}");
        }
    }
}
