//! Decides what the page says on which a person types a device code.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::oauth_error::private;
use super::settings::LoginUser;

const HTML: &str = "text/html; charset=utf-8";

/// The form, with a code in it if the link had one.
pub(super) fn form(users: &[LoginUser], code: &str) -> Response<Bytes> {
    let users: String =
        users.iter().map(|user| format!("<option>{}</option>", escaped(&user.name))).collect();
    let code = escaped(code);
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

pub(super) fn said(status: StatusCode, words: &str) -> Response<Bytes> {
    page(status, &format!("<p>{words}</p>"))
}

fn page(status: StatusCode, body: &str) -> Response<Bytes> {
    let html = format!(
        "<!doctype html><html lang=\"en\"><title>Sign-in of the emulator</title><h1>Sign-in of the \
         emulator</h1><p>This is not Microsoft. No password is asked for.</p>{body}</html>\n"
    );
    private(status, HTML, html.into())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
