//! The sign-in: the issued tokens, their claims, and the tokens that the service accepts.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::Request;
use partner_center_devices_emulator::{
    AuthMode, Builder, Emulator, LoginApp, LoginSettings, LoginUser, Pace,
};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::support::{CUSTOMER, KEY, Response, Service};

const API: &str = "https://api.partnercenter.microsoft.com";
pub(crate) const DEFAULT: &str = "https://api.partnercenter.microsoft.com/.default";
const USER: &str = "https://api.partnercenter.microsoft.com/user_impersonation offline_access";
const V1: &str = "/contoso.onmicrosoft.com/oauth2/token";
pub(crate) const V2: &str = "/contoso.onmicrosoft.com/oauth2/v2.0/token";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The start of the tests, 2017-07-25T17:00:00Z.
const START: i64 = 1_501_002_000;

pub(crate) type Form<'a> = &'a [(&'a str, &'a str)];

pub(crate) fn builder() -> Builder {
    Emulator::builder().pace(Pace::instant())
}

fn registered() -> Service {
    let login = LoginSettings::default()
        .app(LoginApp::confidential("web", "s3cr3t+%").role("Devices.All"))
        .app(LoginApp::public("native"))
        .user(LoginUser::new("admin@contoso.onmicrosoft.com"))
        .user(LoginUser::new("sales@contoso.onmicrosoft.com").without_mfa());
    Service::from_builder(&builder().auth(AuthMode::Strict).login(login))
}

fn post_with(service: &mut Service, path: &str, form: Form<'_>, header: (&str, &str)) -> Response {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = Request::post(path)
        .header("host", "127.0.0.1:8085")
        .header("content-type", "application/x-www-form-urlencoded")
        .header(header.0, header.1);
    service.call(&request.body(body.into()).unwrap())
}

pub(crate) fn post(service: &mut Service, path: &str, form: Form<'_>) -> Response {
    post_with(service, path, form, ("accept", "application/json"))
}

fn get(service: &mut Service, path: &str) -> Response {
    let request = Request::get(path).header("host", "127.0.0.1:8085");
    service.call(&request.body(Bytes::new()).unwrap())
}

/// Returns the tokens after checking the response.
pub(crate) fn tokens(service: &mut Service, path: &str, form: Form<'_>) -> Value {
    let response = post(service, path, form);
    assert_eq!(response.status, 200, "{}", response.json());
    assert_eq!(response.header("cache-control"), "no-store, no-cache");
    response.json()
}

/// Checks an error response and returns its status, error and code.
pub(crate) fn oauth_error(response: &Response) -> (u16, String, u64) {
    let body = response.json();
    let code = body["error_codes"][0].as_u64().unwrap_or_else(|| panic!("{body}"));
    let description = body["error_description"].as_str().unwrap();
    assert!(description.starts_with(&format!("AADSTS{code}: ")), "{description}");
    for (name, length) in [("trace_id", 36), ("correlation_id", 36), ("timestamp", 20)] {
        assert_eq!(body[name].as_str().unwrap().len(), length, "{body}");
    }
    (response.status, body["error"].as_str().unwrap().to_owned(), code)
}

fn claims(token: &Value) -> Value {
    let content = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(content).unwrap()).unwrap()
}

/// Signs in by device code, with approval by `user`.
pub(crate) fn sign_in(service: &mut Service, client: &str, user: &str) -> Value {
    let path = "/contoso.onmicrosoft.com/oauth2/v2.0/devicecode";
    let started = tokens(service, path, &[("client_id", client), ("scope", USER)]);
    let approve = format!(
        "/_emulator/login/devicecodes/{}/approve?user={user}",
        started["user_code"].as_str().unwrap()
    );
    assert_eq!(post(service, &approve, &[]).status, 204);
    let code = started["device_code"].as_str().unwrap();
    let mut form = vec![("grant_type", DEVICE), ("client_id", client), ("device_code", code)];
    if client == "web" {
        form.push(("client_secret", "s3cr3t+%"));
    }
    tokens(service, V2, &form)
}

pub(crate) fn policies(service: &mut Service, token: &Value, header: (&str, &str)) -> Response {
    let bearer = format!("Bearer {}", token.as_str().unwrap());
    let path = format!("{CUSTOMER}/policies");
    service.send_with("GET", &path, "", &[("authorization", &bearer), header])
}

pub(crate) const NO_EXTRA_HEADER: (&str, &str) = ("accept", "application/json");

#[test]
fn issues_app_only_tokens_in_both_versions() {
    let mut service = registered();
    let mut form = vec![
        ("grant_type", "client_credentials"),
        ("client_id", "WEB"),
        ("client_secret", "s3cr3t+%"),
        ("scope", DEFAULT),
    ];
    let v2 = tokens(&mut service, V2, &form);
    form[3] = ("resource", API);
    let v1 = tokens(&mut service, V1, &form);

    let lifetime = v2["expires_in"].as_i64().unwrap();
    assert!((3600..5400).contains(&lifetime));
    assert_eq!(v2["token_type"], "Bearer");
    assert!(v2.get("refresh_token").is_none() && v2.get("scope").is_none());

    let lifetime: i64 = v1["expires_in"].as_str().unwrap().parse().unwrap();
    assert_eq!(v1["expires_on"], (START + lifetime).to_string());
    assert_eq!((&v1["not_before"], &v1["resource"]), (&json!(START.to_string()), &json!(API)));

    for response in [&v1, &v2] {
        let claims = claims(&response["access_token"]);
        assert_eq!(claims["aud"], API);
        assert_eq!((&claims["appid"], &claims["ver"]), (&json!("web"), &json!("1.0")));
        assert_eq!((&claims["idtyp"], &claims["roles"]), (&json!("app"), &json!(["Devices.All"])));
        assert_eq!(claims["oid"], claims["sub"]);
        assert_eq!((&claims["iat"], &claims["nbf"]), (&json!(START), &json!(START)));
        let issuer = format!("http://127.0.0.1:8085/{}/", claims["tid"].as_str().unwrap());
        assert_eq!(claims["iss"], issuer);
        assert!(claims.get("scp").is_none() && claims.get("upn").is_none());
        assert_eq!(policies(&mut service, &response["access_token"], NO_EXTRA_HEADER).status, 200);
    }
}

#[test]
fn errors_have_the_codes_of_microsoft_entra() {
    let app = ("grant_type", "client_credentials");
    let (id, secret) = (("client_id", "web"), ("client_secret", "s3cr3t+%"));
    let scope = ("scope", DEFAULT);
    let refresh = ("grant_type", "refresh_token");
    let cases: &[(&str, Form<'_>, (u16, &str, u64))] = &[
        (V2, &[], (400, "invalid_request", 900_144)),
        (V2, &[app, app], (400, "invalid_request", 9_000_411)),
        (V2, &[app, scope], (400, "invalid_request", 900_144)),
        (V2, &[app, id, secret], (400, "invalid_request", 900_144)),
        (V1, &[app, id, secret, scope], (400, "invalid_request", 900_144)),
        (V2, &[app, ("client_id", "x"), secret, scope], (400, "unauthorized_client", 700_016)),
        (V2, &[app, id, ("client_secret", "x"), scope], (401, "invalid_client", 7_000_215)),
        (V2, &[app, id, scope], (401, "invalid_client", 7_000_218)),
        (V2, &[app, id, ("client_assertion", "x"), scope], (400, "invalid_request", 900_144)),
        (V2, &[app, ("client_id", "native"), secret, scope], (401, "invalid_client", 700_025)),
        (V2, &[app, ("client_id", "native"), scope], (401, "invalid_client", 7_000_218)),
        (V2, &[app, id, secret, ("scope", API)], (400, "invalid_scope", 1_002_012)),
        (V1, &[app, id, secret, ("resource", "x")], (400, "invalid_resource", 500_011)),
        (V2, &[("grant_type", "password"), id, secret], (400, "unsupported_grant_type", 70003)),
        (V2, &[refresh, id, secret], (400, "invalid_request", 900_144)),
        (V2, &[refresh, id, secret, ("refresh_token", "x")], (400, "invalid_grant", 9_002_313)),
        (
            V2,
            &[("grant_type", DEVICE), id, secret, ("device_code", "x")],
            (400, "bad_verification_code", 70018),
        ),
        (
            V2,
            &[("grant_type", "authorization_code"), id, secret, ("code", "x")],
            (400, "invalid_grant", 9_002_313),
        ),
    ];
    let mut service = registered();
    for (path, form, (status, error, code)) in cases {
        let response = post(&mut service, path, form);
        assert_eq!(oauth_error(&response), (*status, (*error).to_owned(), *code), "{form:?}");
        assert!(!response.json().to_string().contains("s3cr3t"), "{form:?}");
    }
    let json = Request::post(V2).header("content-type", "application/json");
    let json = service.call(&json.body(r#"{"grant_type":"refresh_token"}"#.into()).unwrap());
    assert_eq!(oauth_error(&json).2, 900_144, "only a form is read");
    let read = get(&mut service, V2);
    assert_eq!((oauth_error(&read).2, read.status, read.header("allow")), (900_561, 405, "POST"));

    let id = "7c141ea9-2816-4e15-a819-53f6856499ff";
    let response = post_with(&mut service, V2, &[], ("client-request-id", id));
    assert_eq!(response.json()["correlation_id"], id);
    assert_eq!(response.header("date"), "Tue, 25 Jul 2017 17:00:00 GMT");
}

#[test]
fn accepts_app_credentials_in_the_authorization_header() {
    let mut service = registered();
    let form = [("grant_type", "client_credentials"), ("scope", DEFAULT)];
    for (header, expected) in [
        ("Basic d2ViOnMzY3IzdCUyQiUyNQ==", 200), // web:s3cr3t%2B%25
        ("Basic d2ViOngK", 401),                 // web:x
        ("Basic ???", 400),
    ] {
        let response = post_with(&mut service, V2, &form, ("authorization", header));
        assert_eq!(response.status, expected, "{header}");
    }
}

#[test]
fn accepts_any_app_and_has_one_user_without_registrations() {
    let mut service = Service::from_builder(&builder().auth(AuthMode::Strict));
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "any-app"),
        ("client_secret", "any-secret"),
        ("scope", "http://127.0.0.1:8085/.default"),
    ];
    let own = tokens(&mut service, V2, &form);
    assert_eq!(claims(&own["access_token"])["aud"], "http://127.0.0.1:8085");
    assert_eq!(policies(&mut service, &own["access_token"], NO_EXTRA_HEADER).status, 200);
    let user = sign_in(&mut service, "any-app", "ADMIN@contoso.onmicrosoft.com");
    assert_eq!(claims(&user["access_token"])["upn"], "admin@contoso.onmicrosoft.com");
}

#[test]
fn a_device_code_is_pending_until_a_person_decides() {
    let mut service = registered();
    let endpoint = "/common/oauth2/v2.0/devicecode";
    let form = [("client_id", "native"), ("scope", USER)];
    let started = tokens(&mut service, endpoint, &form);
    let (code, user_code) =
        (started["device_code"].as_str().unwrap(), started["user_code"].as_str().unwrap());
    assert_eq!((&started["expires_in"], &started["interval"]), (&json!(900), &json!(5)));
    assert!(started["message"].as_str().unwrap().contains(user_code));
    let page = started["verification_uri"].as_str().unwrap();
    let page = page.strip_prefix("http://127.0.0.1:8085").unwrap();

    let poll_form = [("grant_type", DEVICE), ("client_id", "native"), ("device_code", code)];
    let poll = |service: &mut Service| oauth_error(&post(service, V2, &poll_form)).1;
    assert_eq!(poll(&mut service), "authorization_pending");
    assert_eq!(poll(&mut service), "slow_down");
    service.now += Duration::from_secs(10);
    assert_eq!(poll(&mut service), "authorization_pending");

    let shown = get(&mut service, &format!("{page}?user_code=%22%3E%3Cscript%3E"));
    let html = String::from_utf8(shown.body.to_vec()).unwrap();
    assert!(html.contains("sales@contoso.onmicrosoft.com") && !html.contains("<script"), "{html}");
    let typed = user_code.to_lowercase();
    let sales = ("user", "sales@contoso.onmicrosoft.com");
    assert_eq!(post(&mut service, page, &[("user_code", "wrong"), sales]).status, 400);
    assert_eq!(post(&mut service, page, &[("user_code", &typed), sales]).status, 200);
    let response = tokens(&mut service, V2, &poll_form);
    assert_eq!(response["scope"], format!("{API}/user_impersonation"));
    let claims = claims(&response["access_token"]);
    for (name, expected) in [
        ("upn", json!("sales@contoso.onmicrosoft.com")),
        ("scp", json!("user_impersonation")),
        ("idtyp", json!("user")),
        ("appidacr", json!("0")),
        ("amr", json!(["pwd"])),
    ] {
        assert_eq!(claims[name], expected, "{name}");
    }
    assert!(claims.get("roles").is_none());
    assert_eq!(poll(&mut service), "invalid_grant", "a code works once");

    for (decision, error) in [("decline", "authorization_declined"), ("", "expired_token")] {
        let started = tokens(&mut service, endpoint, &form);
        let (code, user_code) =
            (started["device_code"].as_str().unwrap(), started["user_code"].as_str().unwrap());
        let manage = format!("/_emulator/login/devicecodes/{user_code}");
        if decision.is_empty() {
            service.now += Duration::from_secs(900);
            let late = post(&mut service, &format!("{manage}/approve"), &[]);
            assert_eq!(
                (late.status, late.json()["error"].as_str().unwrap()),
                (404, "No sign-in is waiting for this code.")
            );
        } else {
            assert_eq!(get(&mut service, &format!("{manage}/{decision}")).status, 405);
            let unknown_user = post(&mut service, &format!("{manage}/approve?user=x"), &[]);
            assert_eq!(unknown_user.status, 400);
            assert_eq!(post(&mut service, &format!("{manage}/{decision}"), &[]).status, 204);
        }
        let poll_form = [("grant_type", DEVICE), ("client_id", "native"), ("device_code", code)];
        assert_eq!(oauth_error(&post(&mut service, V2, &poll_form)).1, error);
    }
}

#[test]
fn auto_approve_approves_device_codes_after_the_delay() {
    let login = LoginSettings::default().auto_approve(Duration::from_secs(30));
    let mut service = Service::from_builder(&builder().login(login));
    let form = [("client_id", "any"), ("scope", USER)];
    let started = tokens(&mut service, "/common/oauth2/v2.0/devicecode", &form);
    let code = started["device_code"].as_str().unwrap();
    let poll_form = [("grant_type", DEVICE), ("client_id", "any"), ("device_code", code)];
    service.now += Duration::from_secs(29);
    assert_eq!(oauth_error(&post(&mut service, V2, &poll_form)).1, "authorization_pending");
    service.now += Duration::from_secs(1);
    tokens(&mut service, V2, &poll_form);
}

#[test]
fn refresh_tokens_work_once_in_strict_mode() {
    for (auth, reuse) in [(AuthMode::AnyBearer, 200), (AuthMode::Strict, 400)] {
        let mut service = Service::from_builder(&builder().auth(auth));
        let first = sign_in(&mut service, "app", "admin@contoso.onmicrosoft.com");
        let refresh = |token: &Value, service: &mut Service| {
            let token = token["refresh_token"].as_str().unwrap();
            post(
                service,
                V2,
                &[("grant_type", "refresh_token"), ("client_id", "app"), ("refresh_token", token)],
            )
        };
        let second = refresh(&first, &mut service).json();
        assert_ne!(first["refresh_token"], second["refresh_token"]);
        let third = refresh(&second, &mut service);
        assert_eq!(third.status, 200);
        for old in [&first, &second] {
            let again = refresh(old, &mut service);
            assert_eq!(again.status, reuse, "{auth:?}");
            if reuse == 400 {
                assert_eq!(oauth_error(&again), (400, "invalid_grant".into(), 70000));
                let shown = again.json().to_string();
                assert!(!shown.contains(old["refresh_token"].as_str().unwrap()));
            }
        }
        assert_eq!(
            refresh(&third.json(), &mut service).status,
            200,
            "the newest token still works"
        );
    }
}

#[test]
fn a_refresh_token_is_valid_for_one_client_and_ninety_days() {
    let mut service = registered();
    let first = sign_in(&mut service, "web", "admin@contoso.onmicrosoft.com");
    let token = first["refresh_token"].as_str().unwrap();
    let grant = ("grant_type", "refresh_token");
    let other = [grant, ("client_id", "native"), ("refresh_token", token)];
    assert_eq!(oauth_error(&post(&mut service, V2, &other)).2, 70000);

    let form = [
        grant,
        ("client_id", "web"),
        ("client_secret", "s3cr3t+%"),
        ("refresh_token", token),
        ("resource", API),
        ("scope", "openid"),
    ];
    let day = Duration::from_secs(24 * 60 * 60);
    service.now = day * 90 - Duration::from_secs(1);
    let response = tokens(&mut service, V1, &form);
    assert_eq!(response["scope"], "user_impersonation");
    let id = claims(&response["id_token"]);
    assert_eq!((&id["aud"], &id["ver"]), (&json!("web"), &json!("1.0")));
    assert_eq!(policies(&mut service, &response["id_token"], NO_EXTRA_HEADER).status, 401);
    assert_eq!(policies(&mut service, &response["refresh_token"], NO_EXTRA_HEADER).status, 401);

    let mut service = registered();
    service.now = day * 90;
    assert_eq!(oauth_error(&post(&mut service, V1, &form)).2, 700_082);
}

#[test]
fn tokens_survive_a_restart_with_the_same_seed() {
    let start = |seed| Service::from_builder(&builder().auth(AuthMode::Strict).seed(seed));
    let response = sign_in(&mut start(7), "app", "admin@contoso.onmicrosoft.com");
    for (seed, api, login) in [(7, 200, 200), (8, 401, 400)] {
        let mut service = start(seed);
        assert_eq!(policies(&mut service, &response["access_token"], NO_EXTRA_HEADER).status, api);
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", "app"),
            ("refresh_token", response["refresh_token"].as_str().unwrap()),
        ];
        assert_eq!(post(&mut service, V2, &form).status, login);
    }
}

#[test]
fn signs_in_with_an_authorization_code() {
    let mut service = registered();
    let query = |challenge: &str| {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("client_id", "web"),
                ("response_type", "code"),
                ("redirect_uri", "http://localhost:9/back?x=1"),
                ("scope", &format!("openid {USER}")),
                ("state", "a b"),
                ("nonce", "n"),
                ("login_hint", "sales@contoso.onmicrosoft.com"),
                ("code_challenge", challenge),
            ])
            .finish()
    };
    let authorize = "/contoso.onmicrosoft.com/oauth2/v2.0/authorize";
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"; // RFC 7636, appendix B
    let authorize_code = |service: &mut Service| {
        let response = get(service, &format!("{authorize}?{}", query(challenge)));
        assert_eq!(response.status, 302);
        let location = url::Url::parse(response.header("location")).unwrap();
        let pairs: Vec<(String, String)> = location.query_pairs().into_owned().collect();
        assert_eq!(pairs[0], ("x".into(), "1".into()));
        assert_eq!(pairs[2], ("state".into(), "a b".into()));
        pairs[1].1.clone()
    };
    let redeem = |service: &mut Service, code: &str, reply: &str, verifier: &str| {
        let grant = ("grant_type", "authorization_code");
        let (id, secret) = (("client_id", "web"), ("client_secret", "s3cr3t+%"));
        let (reply, verifier) = (("redirect_uri", reply), ("code_verifier", verifier));
        post(service, V2, &[grant, id, secret, reply, verifier, ("code", code)])
    };
    let (reply, verifier) =
        ("http://localhost:9/back?x=1", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let code = authorize_code(&mut service);
    assert_eq!(oauth_error(&redeem(&mut service, &code, "http://x/", verifier)).2, 500_112);
    assert_eq!(oauth_error(&redeem(&mut service, &code, reply, "other")).2, 501_481);
    assert_eq!(oauth_error(&redeem(&mut service, &code, reply, "")).2, 501_481);
    let response = redeem(&mut service, &code, reply, verifier).json();
    assert_eq!(claims(&response["id_token"])["nonce"], "n");
    assert_eq!(claims(&response["access_token"])["upn"], "sales@contoso.onmicrosoft.com");
    assert!(response["refresh_token"].is_string());
    assert_eq!(oauth_error(&redeem(&mut service, &code, reply, verifier)).2, 54005);
    let code = authorize_code(&mut service);
    service.now += Duration::from_secs(600);
    assert_eq!(oauth_error(&redeem(&mut service, &code, reply, verifier)).2, 70008);

    let back = "client_id=web&redirect_uri=http://localhost/";
    for (query, code) in [
        ("client_id=web&response_type=code&scope=openid", 900_971),
        (&format!("{back}&response_type=token&scope=openid"), 70005),
        (&format!("{back}&response_type=code&scope=openid&login_hint=x"), 50034),
        (&format!("{back}&response_type=code"), 900_144),
        ("client_id=x&response_type=code", 700_016),
    ] {
        assert_eq!(oauth_error(&get(&mut service, &format!("{authorize}?{query}"))).2, code);
    }
}

#[test]
fn discovery_returns_the_endpoints_and_the_key() {
    let mut service = Service::instant();
    for (path, token) in [
        ("/c.example/v2.0/.well-known/openid-configuration", "/c.example/oauth2/v2.0/token"),
        ("/c.example/.well-known/openid-configuration", "/c.example/oauth2/token"),
    ] {
        let found = get(&mut service, path).json();
        let root = "http://127.0.0.1:8085";
        assert_eq!(found["token_endpoint"], format!("{root}{token}"));
        assert!(found["issuer"].as_str().unwrap().starts_with(root));
        let keys = found["jwks_uri"].as_str().unwrap().strip_prefix(root).unwrap();
        let keys = get(&mut service, keys).json();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "a"),
            ("client_secret", "b"),
            ("scope", DEFAULT),
        ];
        let token = tokens(&mut service, V2, &form)["access_token"].clone();
        let head = token.as_str().unwrap().split('.').next().unwrap();
        let head: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
        assert_eq!(
            (&head["kid"], &head["alg"]),
            (&keys["keys"][0]["kid"], &keys["keys"][0]["alg"])
        );
    }
}

#[test]
fn each_auth_mode_accepts_its_tokens() {
    let login = LoginSettings::default().token_lifetime(Duration::from_secs(60));
    for (auth, none, any, expired, graph) in [
        (AuthMode::Off, 200, 200, 200, 200),
        (AuthMode::AnyBearer, 401, 200, 200, 200),
        (AuthMode::Strict, 401, 401, 401, 401),
    ] {
        let mut service = Service::from_builder(&builder().auth(auth).login(login.clone()));
        let mut form = [
            ("grant_type", "client_credentials"),
            ("client_id", "a"),
            ("client_secret", "b"),
            ("scope", DEFAULT),
        ];
        let token = tokens(&mut service, V2, &form)["access_token"].clone();
        form[3] = ("scope", "https://graph.windows.net/.default");
        let other = tokens(&mut service, V2, &form)["access_token"].clone();

        let path = format!("/v1/customers/{CUSTOMER}/policies");
        assert_eq!(get(&mut service, &path).status, none, "{auth:?}");
        assert_eq!(policies(&mut service, &json!("any"), NO_EXTRA_HEADER).status, any, "{auth:?}");
        let response = policies(&mut service, &other, NO_EXTRA_HEADER);
        assert_eq!(response.status, graph, "{auth:?}");
        if graph == 401 {
            assert_eq!(response.json()["code"], 900_420);
        }
        service.now = Duration::from_secs(59);
        assert_eq!(policies(&mut service, &token, NO_EXTRA_HEADER).status, 200, "{auth:?}");
        service.now = Duration::from_secs(60);
        let response = policies(&mut service, &token, NO_EXTRA_HEADER);
        assert_eq!(response.status, expired, "{auth:?}");
        if expired == 401 {
            assert_eq!(response.error_description(), "Access denied. The token has expired.");
            assert!(response.header("www-authenticate").starts_with("OAuth realm="));
        }
    }
}

#[test]
fn an_app_only_token_cannot_create_a_batch() {
    for (auth, expected) in
        [(AuthMode::Off, 202), (AuthMode::AnyBearer, 403), (AuthMode::Strict, 403)]
    {
        let mut service = Service::from_builder(&builder().auth(auth));
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "a"),
            ("client_secret", "b"),
            ("scope", DEFAULT),
        ];
        let app = tokens(&mut service, V2, &form);
        let user = sign_in(&mut service, "a", "admin@contoso.onmicrosoft.com");
        let mut create = |token: &Value, name: &str| {
            let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
            let body = json!({ "batchId": name, "devices": [{ "productKey": KEY }] });
            let path = format!("{CUSTOMER}/deviceBatches");
            service.send_with("POST", &path, body, &[("authorization", &bearer)])
        };
        let response = create(&app, "by-app");
        assert_eq!(response.status, expected, "{auth:?}");
        if expected == 403 {
            response.error_description();
            assert_eq!(response.json()["code"], 900_329);
        }
        assert_eq!(create(&user, "by-user").status, 202, "{auth:?}");
        let bearer = format!("Bearer {}", user["access_token"].as_str().unwrap());
        let path = format!("{CUSTOMER}/deviceBatches");
        let list = service.send_with("GET", &path, "", &[("authorization", &bearer)]).json();
        assert_eq!(list["totalCount"], if expected == 202 { 2 } else { 1 });
    }
}

#[test]
fn returns_is_mfa_compliant_on_request() {
    let mut service = registered();
    for (user, expected) in [("admin", "true"), ("sales", "false")] {
        let user = format!("{user}@contoso.onmicrosoft.com");
        let token = sign_in(&mut service, "native", &user)["access_token"].clone();
        let response = policies(&mut service, &token, ("validatemfa", "True"));
        assert_eq!(response.header("ismfacompliant"), expected);
        let without_request = policies(&mut service, &token, NO_EXTRA_HEADER);
        assert!(!without_request.headers.contains_key("ismfacompliant"));
    }
}

#[test]
fn debug_output_has_no_secrets() {
    let login = LoginSettings::default().app(LoginApp::confidential("web", "s3cr3t"));
    let builder = builder().login(login);
    let shown = format!("{builder:?} {:?}", builder.core());
    assert!(shown.contains("web") && !shown.contains("s3cr3t"), "{shown}");
}

#[test]
fn exchanges_include_sign_ins_without_secrets() {
    let mut service = Service::instant();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "an-app"),
        ("client_secret", "planted-secret"),
        ("scope", DEFAULT),
    ];
    let token = tokens(&mut service, V2, &form)["access_token"].as_str().unwrap().to_owned();
    let exchanges = get(&mut service, "/_emulator/exchanges");
    let exchange = &exchanges.json()["items"][0];
    assert_eq!((&exchange["path"], &exchange["status"]), (&json!(V2), &json!(200)));
    let shown = exchanges.json().to_string();
    assert!(!shown.contains("planted") && !shown.contains(&token[..40]), "{shown}");
}

#[test]
fn a_user_without_a_second_factor_is_rejected_if_mfa_is_required() {
    for (auth, without_mfa) in
        [(AuthMode::Off, 200), (AuthMode::AnyBearer, 401), (AuthMode::Strict, 401)]
    {
        let users = LoginSettings::default()
            .user(LoginUser::new("mfa@contoso.onmicrosoft.com"))
            .user(LoginUser::new("password@contoso.onmicrosoft.com").without_mfa());
        let mut service = Service::from_builder(&builder().auth(auth).login(users.require_mfa()));
        let user =
            |service: &mut Service, name| sign_in(service, "a", name)["access_token"].clone();
        let with_mfa = user(&mut service, "mfa@contoso.onmicrosoft.com");
        let without = user(&mut service, "password@contoso.onmicrosoft.com");
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "a"),
            ("client_secret", "b"),
            ("scope", DEFAULT),
        ];
        let app = tokens(&mut service, V2, &form)["access_token"].clone();
        let mut check = |token: &Value| {
            let response = policies(&mut service, token, ("validatemfa", "true"));
            let header = response.headers.get("ismfacompliant");
            let header = header.map_or("", |value| value.to_str().unwrap()).to_owned();
            if response.status == 401 {
                response.error_description();
            }
            (response.status, header, response.json()["code"].as_u64())
        };
        let code = (without_mfa == 401).then_some(900_421);
        assert_eq!(check(&without), (without_mfa, "false".to_owned(), code), "{auth:?}");
        assert_eq!(check(&with_mfa), (200, "true".to_owned(), None), "{auth:?}");
        assert_eq!(check(&app), (200, "false".to_owned(), None), "{auth:?}");
        if auth == AuthMode::AnyBearer {
            assert_eq!(check(&json!("any")), (401, "false".to_owned(), code));
        }
    }
}
