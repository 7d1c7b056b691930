//! Text of a hostile service on a terminal: only the program's own styles control it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use common::terminal::Watched;
use common::{CUSTOMER, Desk};

/// Escapes, a control of C1, a zero byte, line breaks and characters that turn or hide text.
const HOSTILE: &str = "A\\u001b]0;title\\u0007\\u001b[2J\\u001b[31m\\u009b1;1H\\u0000\\r\\nerror: forged\\u0085\\u2028\u{202e}\\u2066\u{200b}\u{9b}8mZ";

/// Serves the same object for every request: as a list, a policy, a device, a batch, a job and a fault.
fn serve(status: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let count = stream.read(&mut buffer).unwrap();
                if count == 0 {
                    break;
                }
                request.extend_from_slice(&buffer[..count]);
            }
            let names = [
                "id",
                "name",
                "description",
                "category",
                "serialNumber",
                "modelName",
                "oemManufacturerName",
                "policyId",
                "batchTrackingId",
                "batchStatus",
                "createdBy",
                "errorCode",
                "errorDescription",
                "status",
                "deviceStatus",
            ];
            let members: Vec<_> =
                names.iter().map(|name| format!("\"{name}\":\"{HOSTILE}\"")).collect();
            let object = format!("{},\"policySettings\":[\"{HOSTILE}\"]", members.join(","));
            let is_fault = status != "200 OK";
            let fault = format!("{{\"code\":\"{HOSTILE}\",\"description\":\"{HOSTILE}\"}}");
            let list = format!(
                "{{\"totalCount\":1,\"items\":[{{{object}}}],{object},\"devicesStatus\":[{{{object}}}]}}"
            );
            let body = if is_fault { fault } else { list };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
                MS-CV: a\u{9b}b\u{202e}c\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(body.as_bytes());
        }
    });
    url
}

#[test]
fn text_of_the_service_does_not_control_the_terminal() {
    let desk = Desk::new();
    for status in ["200 OK", "403 Forbidden"] {
        let url = serve(status);
        for args in [
            &["policies", "list"][..],
            &["policies", "list", "--csv"],
            &["policies", "list", "--json"],
            &["policies", "show", "x"],
            &["policies", "export"],
            &["batches", "list"],
            &["batches", "list", "--csv"],
            &["devices", "list"],
            &["devices", "list", "--json"],
            &["devices", "find", "A"],
            &["jobs", "status", "00000000-0000-0000-0000-000000000001"],
            &["raw", "GET", "x"],
            &["raw", "GET", "x", "--include"],
            &["doctor"],
            &["policies", "delete", "x", "--yes"],
            &["-vvv", "policies", "list"],
        ] {
            let mut command = desk.program().command(args);
            command.env("PCDEVICES_BASE_URL", &url).env("PCDEVICES_CUSTOMER", CUSTOMER);
            let mut watched = Watched::start(&command, 120);
            watched.end();
            let seen = String::from_utf8_lossy(&watched.seen).into_owned();
            for control in [
                "\u{1b}]",
                "\u{1b}[2J",
                "\u{7}",
                "\u{0}",
                "\u{9b}",
                "\u{85}",
                "\u{2028}",
                "\u{202e}",
                "\u{2066}",
                "\u{200b}",
                "\nerror: forged",
                "\rerror: forged",
            ] {
                // An empty line and a moved cursor are the program's own.
                assert!(!seen.contains(control), "{status} {args:?} {control:?}: {seen:?}");
            }
            assert!(!seen.is_empty(), "{args:?}");
        }
    }
}
