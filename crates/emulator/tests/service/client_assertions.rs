//! The sign-in of apps without a secret, missing refresh tokens, and claims challenges.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use partner_center_devices_emulator::{AuthMode, LoginApp, LoginSettings};
use serde_json::{Value, json};

use crate::login::{
    DEFAULT, NO_EXTRA_HEADER, V2, builder, oauth_error, policies, post, sign_in, tokens,
};
use crate::support::{Response, Service};

const ISSUER: &str = "https://token.actions.githubusercontent.com";
const SUBJECT: &str = "repo:contoso/devices:ref:refs/heads/main";
/// The start of the tests, 2017-07-25T17:00:00Z.
const START: i64 = 1_501_002_000;

/// Returns an assertion with a signature that no key made.
fn assertion(header: &Value, claims: &Value) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.{}", encode(header), encode(claims), URL_SAFE_NO_PAD.encode("signature"))
}

fn own_header() -> Value {
    json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": "any" })
}

fn own_claims() -> Value {
    json!({
        "aud": format!("http://127.0.0.1:8085{V2}"), "iss": "app", "sub": "app", "jti": "1",
        "nbf": START, "exp": START + 600,
    })
}

fn federated_claims() -> Value {
    json!({
        "aud": "api://AzureADTokenExchange", "iss": ISSUER, "sub": SUBJECT,
        "nbf": START, "exp": START + 300,
    })
}

fn with(mut value: Value, name: &str, new: impl Into<Value>) -> Value {
    value[name] = new.into();
    value
}

fn request(service: &mut Service, assertion: &str) -> Response {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "app"),
        ("scope", DEFAULT),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
    ];
    post(service, V2, &form)
}

/// Returns the number of the error, or 0 for tokens.
fn code(service: &mut Service, assertion: &str) -> u64 {
    let response = request(service, assertion);
    if response.status == 200 { 0 } else { oauth_error(&response).2 }
}

#[test]
fn an_assertion_needs_the_documented_form_and_claims() {
    let mut service = Service::from_builder(&builder().auth(AuthMode::Strict));
    let own = |header, claims: Value| assertion(&header, &claims);
    let federated = |claims: Value| assertion(&json!({ "alg": "RS256", "kid": "k" }), &claims);
    let v1 = format!("http://127.0.0.1:8085{}", V2.replace("/v2.0", ""));
    for (assertion, expected) in [
        (own(own_header(), own_claims()), 0),
        (own(with(own_header(), "alg", "RS256"), own_claims()), 0),
        (own(own_header(), with(own_claims(), "aud", v1)), 0),
        (federated(federated_claims()), 0),
        (federated(with(federated_claims(), "aud", "api://AzureADTokenExchangeChina")), 0),
        ("x".to_owned(), 50027),
        ("eyJ9.eyJ9.eyJ9".to_owned(), 50027),
        (own(with(own_header(), "alg", "none"), own_claims()), 50027),
        (own(with(own_header(), "alg", "HS256"), own_claims()), 50027),
        (own(with(own_header(), "x5t#S256", Value::Null), own_claims()), 50027),
        (own(own_header(), with(own_claims(), "sub", "other")), 700_021),
        (own(own_header(), with(own_claims(), "iss", "other")), 700_021),
        (own(own_header(), with(own_claims(), "aud", DEFAULT)), 700_023),
        (own(own_header(), with(own_claims(), "exp", START)), 700_024),
        (own(own_header(), with(own_claims(), "exp", Value::Null)), 700_024),
        (own(own_header(), with(own_claims(), "nbf", START + 301)), 700_024),
        (federated(with(federated_claims(), "aud", "https://github.com/contoso")), 700_212),
        (federated(with(federated_claims(), "exp", START - 1)), 700_024),
    ] {
        assert_eq!(code(&mut service, &assertion), expected, "{assertion}");
    }
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "app"),
        ("scope", DEFAULT),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"),
        ("client_assertion", &own(own_header(), own_claims())),
    ];
    assert_eq!(oauth_error(&post(&mut service, V2, &form)).2, 50027);
}

#[test]
fn a_registered_app_accepts_only_its_own_credentials() {
    let federated = |claims: Value| assertion(&json!({ "alg": "RS256" }), &claims);
    let own = assertion(&own_header(), &own_claims());
    for (app, assertion, expected) in [
        (LoginApp::federated("app", ISSUER, SUBJECT), federated(federated_claims()), 0),
        (
            LoginApp::federated("app", ISSUER, SUBJECT),
            federated(with(federated_claims(), "sub", "repo:evil/fork")),
            700_213,
        ),
        (
            LoginApp::federated("app", "https://kubernetes.example", SUBJECT),
            federated(federated_claims()),
            700_211,
        ),
        (LoginApp::federated("app", ISSUER, SUBJECT), own.clone(), 700_027),
        (LoginApp::confidential("app", "s3cr3t"), own.clone(), 700_027),
        (LoginApp::confidential("app", "s3cr3t"), federated(federated_claims()), 700_211),
        (LoginApp::public("app"), own.clone(), 700_025),
        (LoginApp::confidential("other", "s3cr3t"), own, 700_016),
    ] {
        let shown = format!("{app:?}");
        let login = LoginSettings::default().app(app);
        let mut service = Service::from_builder(&builder().login(login));
        assert_eq!(code(&mut service, &assertion), expected, "{shown}");
    }
}

#[test]
fn a_sign_in_without_refresh_tokens_issues_none() {
    let login = LoginSettings::default().without_refresh_tokens();
    let mut service = Service::from_builder(&builder().login(login));
    let user = sign_in(&mut service, "app", "admin@contoso.onmicrosoft.com");
    assert!(user["access_token"].is_string() && user.get("refresh_token").is_none(), "{user}");
}

#[test]
fn a_challenged_token_is_replaced_by_one_with_the_claims() {
    for (auth, without) in
        [(AuthMode::Off, 200), (AuthMode::AnyBearer, 401), (AuthMode::Strict, 401)]
    {
        let login = LoginSettings::default().challenge_tokens();
        let mut service = Service::from_builder(&builder().auth(auth).login(login));
        let app = [
            ("grant_type", "client_credentials"),
            ("client_id", "a"),
            ("client_secret", "b"),
            ("scope", DEFAULT),
        ];
        let token = tokens(&mut service, V2, &app)["access_token"].clone();
        let response = policies(&mut service, &token, NO_EXTRA_HEADER);
        assert_eq!(response.status, without, "{auth:?}");
        if without == 200 {
            continue;
        }
        let challenge = response.header("www-authenticate").to_owned();
        assert!(
            challenge.starts_with("Bearer ") && challenge.contains("error=\"insufficient_claims\"")
        );
        let claims = challenge.split_once("claims=\"").unwrap().1.trim_end_matches('"');
        let claims = String::from_utf8(STANDARD.decode(claims).unwrap()).unwrap();
        for (claims, expected) in [
            (claims.as_str(), 200),
            ("{}", 401),
            (r#"{"access_token":{"nbf":{"value":"1"}}}"#, 401),
        ] {
            let form = [&app[..], &[("claims", claims)]].concat();
            let token = tokens(&mut service, V2, &form)["access_token"].clone();
            assert_eq!(
                policies(&mut service, &token, NO_EXTRA_HEADER).status,
                expected,
                "{claims}"
            );
        }
        let form = [&app[..], &[("claims", "not JSON")]].concat();
        assert_eq!(oauth_error(&post(&mut service, V2, &form)).2, 90100);
    }
}
