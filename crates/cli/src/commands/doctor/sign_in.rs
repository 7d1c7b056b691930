//! The checks of the sign-in: the secrets, the token and its claims.

use std::time::{Duration, SystemTime};

use partner_center_devices::raw::BoxFuture;
use partner_center_devices::{AccessToken, TokenClaims, TokenError, TokenProvider};

use super::checkup::{Check, CheckState};
use crate::args::Service;
use crate::errors::{CommandError, Exit, login};
use crate::settings::app_credential::app_credential;
use crate::settings::config::{Config, SignIn};
use crate::settings::connection::Connection;
use crate::settings::secret_readers::SecretReaders;
use crate::settings::secrets::SecretStore;
use crate::settings::session::{
    NOT_SENT, PLACEHOLDER_TOKEN, Target, TokenSource, environment_token, token_source,
};
use crate::settings::sign_in::SignedIn;
use crate::ui::output::Ui;
use crate::ui::text_layout::{count, timestamp};

/// The audiences of tokens for Partner Center
/// (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-authentication>).
const AUDIENCES: [&str; 3] = [
    "https://api.partnercenter.microsoft.com",
    "https://partner.partnercenterapi.microsoftonline.cn",
    "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
];

/// The token of the checks, and the provider that commands would use: the service may demand another token.
pub(super) struct Token {
    pub(super) claims: Option<TokenClaims>,
    pub(super) provider: Box<dyn TokenProvider>,
    pub(super) is_app_only: bool,
}

impl Token {
    fn new(token: &AccessToken, provider: impl TokenProvider) -> Self {
        let is_app_only = provider.is_app_only();
        Self { claims: token.claims(), provider: Box::new(provider), is_app_only }
    }

    fn fixed(token: AccessToken) -> Self {
        Self::new(&token.clone(), StaticToken(token))
    }

    /// Returns a token that an emulator accepts.
    pub(super) fn placeholder() -> Self {
        Self::fixed(AccessToken::new(PLACEHOLDER_TOKEN.to_owned()))
    }
}

/// A provider with a single token.
struct StaticToken(AccessToken);

impl TokenProvider for StaticToken {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

/// Gets a token in the way that commands would, and checks each step.
pub(super) async fn check_sign_in(
    ui: Ui,
    service: &Service,
    config: &Config,
    target: &Target,
    connection: &Connection,
) -> (Option<Token>, Vec<Check>) {
    let source = token_source(ui, service, config, target, environment_token());
    let source = source.and_then(|source| {
        let readers = SecretReaders::of_token(service, config, &target.base_url);
        if source.is_own_token() {
            readers.check(NOT_SENT, config)?;
        }
        Ok((source, readers.note(config)))
    });
    let given = |note: Option<String>, source: &str| {
        let note = note.map(|note| format!("; {note}")).unwrap_or_default();
        Check::new("sign-in", CheckState::Ok, format!("using the access token {source}{note}"))
    };
    match source {
        Ok((TokenSource::Token(token), note)) => {
            let token = Token::fixed(AccessToken::new(token));
            (Some(token), vec![given(note, "you provided")])
        }
        Ok((TokenSource::File(file), note)) => match file.next().await {
            Ok(token) => (Some(Token::new(&token, file)), vec![given(note, "of a file")]),
            Err(failure) => (None, vec![Check::failed("sign-in", &failure)]),
        },
        Ok((TokenSource::Placeholder, _)) => {
            (Some(Token::placeholder()), vec![check_placeholder(target, config)])
        }
        Ok((TokenSource::SignIn(sign_in), _)) => {
            let mut checks = vec![check_secrets(ui, config)];
            // Another problem of the credential is part of the renewal.
            let credential = app_credential(ui, config, sign_in).ok().flatten();
            let expires = credential.and_then(|credential| credential.certificate_expires());
            checks.extend(expires.map(|end| check_certificate(end, SystemTime::now(), config)));
            let connection = connection.clone();
            let (token, check) = check_renewal(ui, config, target, sign_in, connection).await;
            checks.push(check);
            (token, checks)
        }
        Err(failure) => (None, vec![Check::failed("sign-in", &failure)]),
    }
}

/// Requests a token with the sign-in of the profile.
async fn check_renewal(
    ui: Ui,
    config: &Config,
    target: &Target,
    sign_in: SignIn,
    connection: Connection,
) -> (Option<Token>, Check) {
    let renewed: Result<_, CommandError> = async {
        let signed_in = SignedIn::of(ui, config, target.cloud(), sign_in, connection)?;
        let is_renewable = signed_in.is_renewable();
        let token = signed_in.renew().await;
        let token = token.map_err(|failure| failure.context("cannot get a token"))?;
        Ok((Token::new(&token, signed_in), is_renewable))
    }
    .await;
    match renewed {
        Ok((token, true)) => {
            (Some(token), Check::new("sign-in", CheckState::Ok, "a new token was issued"))
        }
        Ok((token, false)) => {
            let detail = "the saved access token is used until it expires; the tenant issued no refresh token";
            let check = Check::new("sign-in", CheckState::Warning, detail)
                .hint(format!("then sign in again: {}", login(&config.profile_name)));
            (Some(token), check)
        }
        Err(failure) => (None, Check::failed("sign-in", &failure)),
    }
}

/// Checks that the stored secrets can be read, by this user only.
fn check_secrets(ui: Ui, config: &Config) -> Check {
    let check = |state, detail: String| Check::new("secrets", state, detail);
    let store = match SecretStore::of(ui, config) {
        Ok(store) => store,
        Err(failure) => return Check::failed("secrets", &failure),
    };
    let readers = store.readers(); // reading would print a warning
    match (store.read(), readers) {
        (Err(failure), _) => Check::failed("secrets", &failure),
        (Ok(None), _) => {
            check(CheckState::Warning, format!("no saved credentials in {}", store.shown()))
                .hint(format!("sign in: {}", login(&config.profile_name)))
        }
        (Ok(Some(_)), Err(problem)) => check(CheckState::Warning, problem),
        (Ok(Some(_)), Ok(readers)) => {
            check(CheckState::Ok, format!("{}, {readers}", store.shown()))
        }
    }
}

/// Checks that the certificate of the app does not expire soon.
fn check_certificate(expires: SystemTime, now: SystemTime, config: &Config) -> Check {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let time = timestamp(expires);
    let (state, detail) = match expires.duration_since(now) {
        Ok(rest) if rest > 30 * DAY => {
            let detail = format!("the certificate of the app is valid until {time}");
            return Check::new("certificate", CheckState::Ok, detail);
        }
        Ok(rest) => {
            let days = usize::try_from(rest.as_secs() / DAY.as_secs()).unwrap_or_default();
            let rest = match days {
                0 => "less than a day".to_owned(),
                days => count(days, "day"),
            };
            (CheckState::Warning, format!("the certificate of the app expires in {rest}: {time}"))
        }
        Err(_) => (CheckState::Failed, format!("the certificate of the app expired at {time}")),
    };
    let login = login(&config.profile_name);
    Check::new("certificate", state, detail).exit(Exit::AccessDenied).hint(format!(
        "add a new certificate to the app registration, and sign in with it: {login} --certificate-file FILE"
    ))
}

pub(super) fn no_token(name: &'static str) -> Check {
    Check::new(name, CheckState::Skipped, "there is no token to check with")
}

/// Reports the placeholder token, which is enough for an emulator.
fn check_placeholder(target: &Target, config: &Config) -> Check {
    let detail = "no token given; sending a placeholder token, which an emulator accepts";
    let check = |state| Check::new("sign-in", state, detail);
    match target.unused_sign_in(config) {
        Some(unused) => check(CheckState::Warning).hint(unused),
        None => check(CheckState::Ok),
    }
}

/// Checks the claims of the token. An emulator on this machine accepts any audience.
pub(super) fn check_claims(
    claims: Option<&TokenClaims>,
    is_loopback: bool,
    now: SystemTime,
) -> Check {
    let check = |state, detail: String| Check::new("token", state, detail).exit(Exit::AccessDenied);
    let Some(claims) = claims else {
        return check(CheckState::Ok, "its claims cannot be read".to_owned());
    };
    let user = match &claims.user {
        Some(user) => format!("for {user}"),
        None if claims.is_app_only => "for the app itself".to_owned(),
        None => "for an unnamed user".to_owned(),
    };
    let tenant = claims.tenant_id.as_ref().map(|id| format!(", tenant {id}")).unwrap_or_default();
    let expires =
        claims.expires.map(|time| format!(", expires {}", timestamp(time))).unwrap_or_default();
    let detail = format!("{user}{tenant}{expires}");
    let audience = claims.audience.as_deref().map(|audience| audience.trim_end_matches('/'));
    match audience {
        Some(other) if !is_loopback && !AUDIENCES.contains(&other) => {
            return check(
                CheckState::Failed,
                format!("the token is for {other}, not for Partner Center"),
            )
            .hint(format!("request a token with the scope {}/user_impersonation", AUDIENCES[0]));
        }
        _ => {}
    }
    if claims.expires.is_some_and(|expires| expires <= now) {
        return check(CheckState::Failed, format!("the token expired: {detail}"))
            .hint("sign in with pcdevices auth login, which renews tokens automatically; a token lasts about an hour");
    }
    if claims.is_app_only {
        return check(CheckState::Warning, detail)
            .hint("to create batches, sign in as a user: pcdevices auth login --browser");
    }
    if claims.multi_factor == Some(false) {
        return check(CheckState::Warning, format!("{detail}; signed in without MFA"))
            .hint("turn on multi-factor authentication for this user and sign in again; Partner Center requires it");
    }
    check(CheckState::Ok, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Global;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_certificate_that_expires_soon_is_reported() {
        let config = Config::of_no_profile(&Global::default()).unwrap();
        let (now, day) = (at(100 * 86_400), 86_400);
        for (expires, state, words) in [
            (at(131 * day), CheckState::Ok, "is valid until 1970-05-12"),
            (at(130 * day), CheckState::Warning, "expires in 30 days: 1970-05-11"),
            (at(101 * day + 5), CheckState::Warning, "expires in 1 day: "),
            (at(100 * day + 5), CheckState::Warning, "expires in less than a day: "),
            (at(99 * day), CheckState::Failed, "expired at 1970-04-10"),
        ] {
            let check = check_certificate(expires, now, &config);
            assert_eq!(check.state, state, "{check:?}");
            assert!(check.detail.contains(words), "{check:?}");
            let hint = check.hints.join("");
            assert_eq!(hint.contains("--certificate-file FILE"), state != CheckState::Ok, "{hint}");
        }
    }

    #[test]
    fn claims_show_why_a_token_would_be_rejected() {
        let claims = |change: fn(&mut TokenClaims)| {
            let mut claims = TokenClaims::default();
            claims.audience = Some("https://api.partnercenter.microsoft.com/".to_owned());
            claims.user = Some("user@example.com".to_owned());
            claims.expires = Some(at(2_000));
            change(&mut claims);
            Some(claims)
        };
        for (claims, state, words) in [
            (claims(|_| ()), CheckState::Ok, "for user@example.com, expires 1970-01-01T00:33:20Z"),
            (None, CheckState::Ok, "its claims cannot be read"),
            (
                claims(|claims| claims.expires = Some(at(1_000))),
                CheckState::Failed,
                "the token expired",
            ),
            (
                claims(|claims| claims.multi_factor = Some(false)),
                CheckState::Warning,
                "without MFA",
            ),
            (
                claims(|claims| (claims.user, claims.is_app_only) = (None, true)),
                CheckState::Warning,
                "app itself",
            ),
            (
                claims(|claims| claims.audience = Some("https://graph.microsoft.com".to_owned())),
                CheckState::Failed,
                "is for https://graph.microsoft.com",
            ),
        ] {
            let check = check_claims(claims.as_ref(), false, at(1_000));
            assert_eq!(check.state, state, "{check:?}");
            assert!(check.detail.contains(words), "{check:?}");
            assert_eq!(check.hints.is_empty(), state == CheckState::Ok, "{check:?}");
        }
    }
}
