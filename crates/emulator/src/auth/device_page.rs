//! The page on which a person enters a device code.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::oauth_error::uncached_response;
use super::settings::LoginUser;

const HTML: &str = "text/html; charset=utf-8";

/// Returns the form, with the code filled in if the link contained one.
pub(super) fn form(users: &[LoginUser], code: &str) -> Response<Bytes> {
    let users: String =
        users.iter().map(|user| format!("<option>{}</option>", escape_html(&user.name))).collect();
    let code = escape_html(code);
    page(
        StatusCode::OK,
        &format!(
            "<form method=\"post\"><p><label>Code <input name=\"user_code\" value=\"{code}\" autofocus \
             required></label></p><p><label>User <select name=\"user\">{users}</select></label></p><p><button \
             name=\"action\" value=\"approve\">Sign in</button> <button name=\"action\" \
             value=\"decline\">Decline</button></p></form>"
        ),
    )
}

/// Returns a page with a message.
pub(super) fn message(status: StatusCode, text: &str) -> Response<Bytes> {
    page(status, &format!("<p>{text}</p>"))
}

fn page(status: StatusCode, body: &str) -> Response<Bytes> {
    let html = format!(
        "<!doctype html><html lang=\"en\"><title>Sign in to the emulator</title><h1>Sign in to the \
         emulator</h1><p>This page is not from Microsoft. You need no password.</p>{body}</html>\n"
    );
    uncached_response(status, HTML, html.into())
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
