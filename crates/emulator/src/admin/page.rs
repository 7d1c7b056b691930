//! The inspector page at `/_emulator/` and its Content-Security-Policy.
//!
//! The policy lets the page run its own script and style, which it identifies by their hashes, and call the emulator.
//! The page cannot turn text into HTML, be framed, or load anything from another host.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Response, StatusCode};
use sha2::{Digest, Sha256};

use crate::api::response;

const SCRIPT: &str = concat!(
    "\n'use strict';\n\n",
    include_str!("page/dom.js"),
    include_str!("page/api.js"),
    include_str!("page/location.js"),
    include_str!("page/widgets.js"),
    include_str!("page/clipboard.js"),
    include_str!("page/commands.js"),
    include_str!("page/customers.js"),
    include_str!("page/tabs.js"),
    include_str!("page/jobs.js"),
    include_str!("page/exchanges.js"),
    include_str!("page/words.js"),
    include_str!("page/recipes.js"),
    include_str!("page/faults.js"),
    include_str!("page/keys.js"),
    include_str!("page/live.js"),
    include_str!("page/main.js"),
);
const STYLE: &str = concat!("\n", include_str!("../palette.css"), include_str!("page/style.css"));

/// The page with its style and script inline, so that it needs no further requests.
static PAGE: LazyLock<String> = LazyLock::new(|| {
    include_str!("page/page.html").replace("{style}", STYLE).replace("{script}", SCRIPT)
});

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    response::ascii(&format!(
        "default-src 'none'; connect-src 'self'; img-src data:; script-src 'sha256-{}'; \
         style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        hash(SCRIPT),
        hash(STYLE),
    ))
});

/// Returns the inspector page.
pub(super) fn page() -> Response<Bytes> {
    let mut response = response::empty(StatusCode::OK);
    *response.body_mut() = Bytes::from_static(PAGE.as_bytes());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

fn hash(content: &str) -> String {
    STANDARD.encode(Sha256::digest(content))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault_injection::Rule;
    use partner_center_devices_raw::types::DEVICE_UPLOAD_DETAILS_ERROR_CODES;

    #[test]
    fn the_policy_allows_only_the_page_s_own_script_and_style() {
        for element in ["script", "style"] {
            assert_eq!(PAGE.matches(&format!("<{element}")).count(), 1, "{element}");
            let (_, content) = PAGE.split_once(&format!("<{element}>")).unwrap();
            let (content, _) = content.split_once(&format!("</{element}>")).unwrap();
            assert_ne!(hash(content), hash(""));
            let source = format!("'sha256-{}'", hash(content));
            assert!(POLICY.to_str().unwrap().contains(&source));
        }
        for sink in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "://",
            " style=\"",
        ] {
            assert!(!PAGE.contains(sink), "{sink}");
        }
    }

    #[test]
    fn every_code_of_a_magic_serial_number_is_on_the_page() {
        for (code, name) in
            DEVICE_UPLOAD_DETAILS_ERROR_CODES.iter().filter(|(code, _)| *code != "0")
        {
            assert!(PAGE.contains(&format!("['{code}', '{name}']")), "{code} {name}");
        }
    }

    /// The words are those that the parser names after an unknown one.
    #[test]
    fn every_word_of_a_rule_is_explained_on_the_page() {
        let rule = |matching: &str, effect: &str| {
            format!("{{\"id\":\"a\",\"matching\":{{{matching}}},\"effect\":{effect}}}")
        };
        let status = |more: &str| format!("{{\"status\":{{\"status\":500,{more}}}}}");
        for rule in [
            "{\"?\":1}".to_owned(),
            rule("\"?\":1", "\"gzip\""),
            rule("", "\"?\""),
            rule("", &status("\"?\":1")),
            rule("", &status("\"body\":\"?\"")),
            rule("", "{\"throttle\":{\"seconds\":1,\"?\":1}}"),
            rule("", "{\"throttle\":{\"seconds\":1,\"retryAfter\":\"?\"}}"),
            rule("", "{\"limit\":{\"?\":1}}"),
            rule("", "{\"limit\":{\"requests\":1,\"windowSeconds\":1,\"of\":\"?\"}}"),
            rule("", "{\"latency\":{\"?\":1}}"),
            rule("", "{\"truncate\":{\"?\":1}}"),
            rule("", "{\"slowBody\":{\"?\":1}}"),
            rule("", "{\"dates\":\"?\"}"),
            rule("", "{\"locationHost\":{\"?\":1}}"),
            rule("", "{\"jobPace\":{\"?\":1}}"),
        ] {
            let error = serde_json::from_str::<Rule>(&rule).unwrap_err().to_string();
            let (_, known) = error.split_once("expected ").unwrap();
            let words: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
            assert!(!words.is_empty(), "{error}");
            for word in words {
                assert!(PAGE.contains(&format!(" {word}: '")), "{word} of {rule}");
            }
        }
    }
}
