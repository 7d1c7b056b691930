//! The page on which a person enters a device code. It looks like the inspector page, and has no script.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{CONTENT_SECURITY_POLICY, HeaderValue, REFERRER_POLICY};
use http::{Response, StatusCode};
use sha2::{Digest, Sha256};

use super::oauth_error::uncached_response;
use super::settings::LoginUser;
use crate::api::response::ascii;

const HTML: &str = "text/html; charset=utf-8";

const STYLE: &str = concat!("\n", include_str!("../palette.css"), include_str!("device_page.css"));

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    ascii(&format!(
        "default-src 'none'; style-src 'sha256-{}'; img-src data:; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
        STANDARD.encode(Sha256::digest(STYLE))
    ))
});

/// Returns the form, with the code filled in if the link contained one.
pub(super) fn form(users: &[LoginUser], code: &str) -> Response<Bytes> {
    let users: String =
        users.iter().map(|user| format!("<option>{}</option>", escape_html(&user.name))).collect();
    let code = escape_html(code);
    let focus = if code.is_empty() { " autofocus" } else { "" };
    page(
        StatusCode::OK,
        &format!(
            "<p>Your program shows a code. Enter it here to sign in to the program.</p>\
             <form method=\"post\"><label>Code <input name=\"user_code\" value=\"{code}\" autocomplete=\"off\" \
             autocapitalize=\"characters\" spellcheck=\"false\" required{focus}></label><label>User <select \
             name=\"user\">{users}</select></label><div class=\"actions\"><button class=\"main\" name=\"action\" \
             value=\"approve\">Sign in</button><button name=\"action\" value=\"decline\" formnovalidate>Decline</button></div></form>"
        ),
    )
}

/// Returns a page with a message.
pub(super) fn message(status: StatusCode, text: &str) -> Response<Bytes> {
    let kind = if status.is_client_error() { "bad" } else { "good" };
    page(status, &format!("<p class=\"{kind}\" role=\"status\">{text}</p>"))
}

fn page(status: StatusCode, body: &str) -> Response<Bytes> {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Sign in to the emulator</title>\
         <link rel=\"icon\" href=\"data:,\"><style>{STYLE}</style></head><body><main><h1>Sign in to the emulator</h1>{body}\
         <p class=\"soft\">This page is not from Microsoft. You need no password. <a href=\"/_emulator/\">The emulator’s page</a> \
         shows what your program sent.</p></main></body></html>\n"
    );
    let mut response = uncached_response(status, HTML, html.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_from_requests_stay_text_and_only_the_own_style_is_allowed() {
        let users = [LoginUser::new("<b>&\"agent")];
        let page = form(&users, "\"><script>hit()</script>");
        let html = std::str::from_utf8(page.body()).unwrap();
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        assert!(html.contains("<option>&lt;b&gt;&amp;&quot;agent</option>"), "{html}");
        let (_, style) = html.split_once("<style>").unwrap();
        let (style, _) = style.split_once("</style>").unwrap();
        let hash = STANDARD.encode(Sha256::digest(style));
        let policy = page.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains(&format!("style-src 'sha256-{hash}'")), "{policy}");
    }
}
