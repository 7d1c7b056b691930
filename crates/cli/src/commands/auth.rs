//! `pcdevices auth`: signing in once, so that no other command asks for it. Decides what of a sign-in is kept: the refresh
//! token or the client secret in the secrets' file, who and where in the profile, and nothing before it has worked.

use std::fs;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use partner_center_devices::raw::{BoxError, BoxFuture};
use partner_center_devices::{
    AccessToken, AppOnly, DeviceCode, DevicePrompt, RefreshToken, TokenClaims, TokenError,
    TokenProvider, TokenStore, is_this_machine,
};
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use toml_edit::{DocumentMut, Item, Table, value};

use crate::args::{self, AuthCommand, CloudName, Global, Login, Service};
use crate::config::{Config, KeptIn, Profile, SignIn, edit_toml};
use crate::error::{Exit, Failure};
use crate::output::{facts, note, say, warn, write, write_json};
use crate::secrets::{SecretStore, Secrets, loose};
use crate::session::{Provider, Target, network, no_token, sign_in_provider};
use crate::style::BOLD;
use crate::text::{count, moment, opt};

/// Who is signed in, as far as this machine and the token say.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthStatus {
    /// The profile.
    profile: String,
    /// The root of the API.
    service: String,
    /// How the profile gets its tokens; null if it does not.
    sign_in: Option<SignIn>,
    /// The partner's tenant, by id or domain.
    tenant: Option<String>,
    /// The client id of the app registration.
    client_id: Option<String>,
    /// The file that the secrets are in; null if there is none.
    kept_in: Option<String>,
    /// Whether a token could be had just now; null if none was asked for.
    works: Option<bool>,
    /// What the token says of itself; null if it does not.
    token: Option<TokenFacts>,
}

/// What an access token says of itself, unverified.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenFacts {
    /// The name of the signed-in user.
    user: Option<String>,
    /// Whether it is an app's own: batches cannot be made with it.
    app_only: bool,
    /// The id of the tenant it is of.
    tenant_id: Option<String>,
    /// Whether the user signed in with more than one factor; null if the token does not say.
    multi_factor: Option<bool>,
    /// What the app may do for the user.
    scopes: Vec<String>,
    /// Until when it is good, in RFC 3339.
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
            expires: claims.expires.map(moment),
        }
    }
}

pub(crate) async fn run(global: &Global, args: args::AuthCommands) -> Result<Exit, Failure> {
    match args.what {
        AuthCommand::Login(args) => tokio::select! {
            biased;
            () = crate::interrupt::ctrl_c() => {
                Err(Failure::new(Exit::Interrupted, "stopped by Ctrl-C: nothing was kept"))
            }
            done = login(global, args) => done,
        },
        AuthCommand::Status(args) => status(global, &args).await,
        AuthCommand::Logout => logout(global),
    }
}

// ---- Signing in ---------------------------------------------------------------------------------------------

async fn login(global: &Global, args: Login) -> Result<Exit, Failure> {
    let mut config = Config::read_for_login(global)?;
    let sign_in = match (args.app_only, args.refresh_token) {
        (true, _) => SignIn::AppOnly,
        (_, true) => SignIn::RefreshToken,
        _ => SignIn::DeviceCode,
    };
    let (profile, tenant, client_id) = profile_of(&args, &config, sign_in)?;
    config.profile = profile;
    // The profile alone says where: what is set for other commands is not meant.
    let target = Target::of(&Service::default(), &config.profile);
    let network = network(&Service::default(), &config)?;
    let cloud = target.cloud();
    let secret = client_secret(args.client_secret_file.as_deref(), sign_in)?;
    let kept = Kept::default();
    let token = match sign_in {
        SignIn::AppOnly => {
            let secret = secret.clone().unwrap_or_default();
            let app = AppOnly::new(cloud, tenant, client_id, secret);
            app.and_then(|app| app.network(network)).map_err(no_token)?.token().await
        }
        SignIn::RefreshToken => {
            let token = refresh_token(args.refresh_token_file.as_deref())?;
            kept.keep(&token);
            let user = RefreshToken::new(cloud, tenant, client_id, token, kept.clone());
            let user = user.map(|user| match &secret {
                Some(secret) => user.client_secret(secret.clone()),
                None => user,
            });
            user.and_then(|user| user.network(network)).map_err(no_token)?.token().await
        }
        SignIn::DeviceCode => {
            let user = DeviceCode::new(cloud, tenant, client_id, kept.clone(), prompt);
            user.and_then(|user| user.network(network)).map_err(no_token)?.token().await
        }
    };
    let token = token.map_err(no_token)?;

    // It works: now it is kept, the secrets first.
    let file = SecretStore::of(&config.profile_name, &config.profile)?;
    file.write(&Secrets { refresh_token: kept.take(), client_secret: secret })?;
    let name = &config.profile_name;
    let path = config.config_file();
    edit_toml(&path, |document| set_profile(document, name, &config.profile))?;
    let claims = token.claims().unwrap_or_default();
    let who = claims.user.as_deref().unwrap_or("the app itself");
    say(&format!("signed in as {who}; this is profile '{name}' in {}\n", path.display()));
    if claims.multi_factor == Some(false) {
        warn("the sign-in had one factor, and Partner Center asks for more: it may refuse calls");
    }
    let status = AuthStatus::of(&config, &target, &file, Some(&Ok(token)));
    status.write(args.json.json).map(|()| Exit::AllWell)
}

/// The profile as it is to be: what is there, and what is typed.
fn profile_of(
    args: &Login,
    config: &Config,
    sign_in: SignIn,
) -> Result<(Profile, String, String), Failure> {
    let missing = |what: &str, flag: &str| {
        Failure::new(Exit::Argument, format!("{what} is not known"))
            .hint(format!("name it with {flag}; the README says where it is found"))
    };
    let mut profile = config.profile.clone();
    profile.token_file = None;
    profile.sign_in = Some(sign_in);
    profile.secrets = args.kept_in().or(profile.secrets);
    profile.tenant = args.tenant.clone().or(profile.tenant);
    profile.client_id = args.client_id.clone().or(profile.client_id);
    profile.ca_file = match &args.ca_file {
        // Found from any folder later on.
        Some(file) => Some(std::path::absolute(file).unwrap_or_else(|_| file.clone())),
        None => profile.ca_file,
    };
    if args.cloud.is_some() {
        (profile.cloud, profile.base_url, profile.authority) = (args.cloud, None, None);
    }
    if let Some(url) = &args.base_url {
        profile.base_url = Some(url.clone());
        // An emulator is both, as the service's own addresses are not.
        profile.authority = is_this_machine(url).then(|| url.clone());
    }
    profile.authority = args.authority.clone().or(profile.authority);
    let tenant = profile.tenant.clone();
    let tenant = tenant.ok_or_else(|| missing("the partner's tenant", "--tenant"))?;
    let client_id = profile.client_id.clone();
    let client_id =
        client_id.ok_or_else(|| missing("the client id of the app registration", "--client-id"))?;
    Ok((profile, tenant, client_id))
}

/// Writes the profile; what else stands in it stays.
fn set_profile(document: &mut DocumentMut, name: &str, profile: &Profile) {
    let profiles = document.entry("profiles").or_insert_with(|| {
        let mut profiles = Table::new();
        profiles.set_implicit(true);
        Item::Table(profiles)
    });
    if profiles.get(name).is_none() {
        profiles[name] = Item::Table(Table::new());
    }
    let cloud = profile.cloud.map(|cloud| match cloud {
        CloudName::Public => "public",
        CloudName::UsGovernment => "us-government",
        CloudName::China => "china",
    });
    let sign_in = profile.sign_in.map(|sign_in| match sign_in {
        SignIn::DeviceCode => "device-code",
        SignIn::RefreshToken => "refresh-token",
        SignIn::AppOnly => "app-only",
    });
    let secrets = profile.secrets.map(|secrets| match secrets {
        KeptIn::File => "file",
        KeptIn::Keyring => "keyring",
    });
    let ca_file = profile.ca_file.as_ref().map(|file| file.display().to_string());
    for (key, text) in [
        ("cloud", cloud),
        ("base-url", profile.base_url.as_deref()),
        ("authority", profile.authority.as_deref()),
        ("ca-file", ca_file.as_deref()),
        ("tenant", profile.tenant.as_deref()),
        ("client-id", profile.client_id.as_deref()),
        ("sign-in", sign_in),
        ("secrets", secrets),
        ("token-file", None),
    ] {
        match (text, profiles[name].as_table_like_mut()) {
            (Some(text), Some(table)) => {
                table.insert(key, value(text));
            }
            (None, Some(table)) => {
                table.remove(key);
            }
            _ => {}
        }
    }
}

/// Shown to the person who is to sign in.
fn prompt(prompt: DevicePrompt) {
    let minutes = usize::try_from(prompt.expires_in.as_secs() / 60).unwrap_or_default();
    // Even a quiet program has to say this: nothing goes on without.
    note(&format!(
        "To sign in, open {BOLD}{}{BOLD:#} in any browser and type {BOLD}{}{BOLD:#}; it is good for {}.\n",
        prompt.verification_uri,
        prompt.user_code,
        count(minutes, "minute"),
    ));
}

/// Keeps a refresh token until it is known that it works.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Option<SecretString>>>);

impl Kept {
    fn keep(&self, token: &SecretString) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
    }

    fn take(&self) -> Option<SecretString> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl TokenStore for Kept {
    fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>> {
        self.keep(token);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// The client secret, where the sign-in has one.
fn client_secret(file: Option<&Path>, sign_in: SignIn) -> Result<Option<SecretString>, Failure> {
    let variable = variable("PCDEVICES_CLIENT_SECRET");
    match (file, variable, sign_in) {
        (None, _, SignIn::DeviceCode) | (None, None, SignIn::RefreshToken) => Ok(None),
        (Some(_), _, SignIn::DeviceCode) => {
            Err(Failure::new(Exit::Argument, "a sign-in by device code has no client secret")
                .hint("with a client secret it is --app-only, or --refresh-token"))
        }
        (file, variable, _) => secret("client secret", file, variable).map(Some),
    }
}

fn refresh_token(file: Option<&Path>) -> Result<SecretString, Failure> {
    secret("refresh token", file, variable("PCDEVICES_REFRESH_TOKEN"))
}

/// A secret from a file, else from a variable, else from whoever sits there. Never from an argument: those are in the
/// list of processes and in the shell's history.
fn secret(
    what: &str,
    file: Option<&Path>,
    variable: Option<SecretString>,
) -> Result<SecretString, Failure> {
    let failure = |message: String| Failure::new(Exit::NotAllowed, message);
    let text = match (file, variable) {
        (Some(file), _) if file.as_os_str() == "-" => {
            let mut text = String::new();
            let read = io::stdin().lock().read_to_string(&mut text);
            read.map_err(|error| failure(format!("cannot read the {what}: {error}")))?;
            SecretString::from(text)
        }
        (Some(file), _) => {
            if let Some(problem) = loose(file) {
                warn(&problem);
            }
            let text = fs::read_to_string(file).map_err(|error| {
                failure(format!("cannot read the {what} in {}: {error}", file.display()))
            })?;
            SecretString::from(text)
        }
        (None, Some(text)) => text,
        (None, None) if io::stdin().is_terminal() => {
            note(&format!("The {what} (it is not shown): "));
            let text = rpassword::read_password();
            SecretString::from(
                text.map_err(|error| failure(format!("cannot read the {what}: {error}")))?,
            )
        }
        (None, None) => {
            let flag = what.replace(' ', "-");
            let name = flag.to_uppercase().replace('-', "_");
            return Err(failure(format!("there is no {what}")).hint(format!(
                "name a file with --{flag}-file (- is the standard input), or set PCDEVICES_{name}"
            )));
        }
    };
    let clean = text.expose_secret().trim_start_matches('\u{feff}').trim();
    if clean.is_empty() || clean.chars().any(char::is_control) {
        return Err(failure(format!("this is no {what}: it is empty, or has more than one line")));
    }
    Ok(clean.to_owned().into())
}

#[allow(clippy::disallowed_methods)] // secrets come from the environment or a file, never from an argument
fn variable(name: &str) -> Option<SecretString> {
    std::env::var(name).ok().filter(|text| !text.trim().is_empty()).map(SecretString::from)
}

// ---- What is kept -------------------------------------------------------------------------------------------

async fn status(global: &Global, args: &args::Status) -> Result<Exit, Failure> {
    let config = Config::read(global)?;
    let service = Service::default();
    let target = Target::of(&service, &config.profile);
    let file = SecretStore::of(&config.profile_name, &config.profile)?;
    let token = match (args.offline, config.profile.sign_in) {
        (true, _) | (_, None) => None,
        (false, Some(sign_in)) => {
            let network = network(&service, &config)?;
            let provider = sign_in_provider(&config, &target, sign_in, network)?;
            Some(match provider {
                Provider::AppOnly(provider) => provider.token().await,
                Provider::User(provider) => provider.token().await,
            })
        }
    };
    AuthStatus::of(&config, &target, &file, token.as_ref()).write(args.json.json)?;
    match token {
        Some(Err(error)) => Err(no_token(error)),
        None if config.profile.sign_in.is_none() => {
            Err(Failure::new(Exit::NotAllowed, "nobody is signed in")
                .hint("sign in: pcdevices auth login"))
        }
        _ => Ok(Exit::AllWell),
    }
}

fn logout(global: &Global) -> Result<Exit, Failure> {
    let config = Config::read(global)?;
    let file = SecretStore::of(&config.profile_name, &config.profile)?;
    if file.remove()? {
        say(&format!("{} holds nothing of it any more\n", file.shown()));
        if config.profile.sign_in != Some(SignIn::AppOnly) {
            say(
                "what was given out stays good until it expires, or until it is revoked at https://myaccount.microsoft.com\n",
            );
        }
    } else {
        say(&format!("nothing is kept for profile '{}'\n", config.profile_name));
    }
    Ok(Exit::AllWell)
}

impl AuthStatus {
    fn of(
        config: &Config,
        target: &Target,
        file: &SecretStore,
        token: Option<&Result<AccessToken, TokenError>>,
    ) -> Self {
        let claims = token.and_then(|token| token.as_ref().ok()?.claims());
        Self {
            profile: config.profile_name.clone(),
            service: target.base_url.clone(),
            sign_in: config.profile.sign_in,
            tenant: config.profile.tenant.clone(),
            client_id: config.profile.client_id.clone(),
            kept_in: file.exists().then(|| file.shown()),
            works: token.map(Result::is_ok),
            token: claims.map(TokenFacts::from),
        }
    }

    fn write(&self, json: bool) -> Result<(), Failure> {
        if json {
            return write_json(self);
        }
        let sign_in = self.sign_in.map_or("none", |sign_in| match sign_in {
            SignIn::DeviceCode => "device code",
            SignIn::RefreshToken => "refresh token",
            SignIn::AppOnly => "the app's own: batches cannot be made",
        });
        let yes_or_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
        let token = self.token.as_ref();
        write(&facts(&[
            ("Profile", self.profile.clone()),
            ("Service", self.service.clone()),
            ("Sign-in", sign_in.to_owned()),
            ("Tenant", opt(&self.tenant)),
            ("Client id", opt(&self.client_id)),
            ("Kept in", opt(&self.kept_in)),
            ("Works", self.works.map(yes_or_no).unwrap_or_default()),
            ("User", token.map(|token| opt(&token.user)).unwrap_or_default()),
            (
                "Factors",
                match token.and_then(|token| token.multi_factor) {
                    Some(true) => "more than one".to_owned(),
                    Some(false) => "one: Partner Center asks for more".to_owned(),
                    None => String::new(),
                },
            ),
            ("Token until", token.map(|token| opt(&token.expires)).unwrap_or_default()),
        ]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_written_into_what_is_there() {
        let mut document: DocumentMut =
            "# mine\nprofile = 'a'\n\n[profiles.a]\nrate = 2 # slow\ntoken-file = 'x'\n"
                .parse()
                .unwrap();
        let profile = Profile {
            tenant: Some("t".to_owned()),
            sign_in: Some(SignIn::DeviceCode),
            ..Profile::default()
        };
        set_profile(&mut document, "a", &profile);
        set_profile(&mut document, "b c", &profile);
        let text = document.to_string();
        insta::assert_snapshot!(text);
        let again: toml_edit::DocumentMut = text.parse().unwrap();
        assert_eq!(again["profiles"]["b c"]["tenant"].as_str(), Some("t"));
    }

    #[test]
    fn a_secret_of_more_than_one_line_is_none() {
        for text in ["planted\nplanted", " ", "plan\u{7f}ted"] {
            let failure = secret("client secret", None, Some(text.to_owned().into())).unwrap_err();
            assert!(!failure.to_string().contains("planted"), "{failure}");
        }
        let clean = secret("client secret", None, Some("\u{feff}planted\r\n".to_owned().into()));
        assert_eq!(clean.unwrap().expose_secret(), "planted");
    }
}
