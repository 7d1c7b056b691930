//! Tests of the service as a client sees it. Only `host` and `https` open sockets.

#![allow(clippy::unwrap_used)]

mod audit;
mod client_assertions;
mod clients;
mod customers;
mod data;
mod examples;
mod faults;
mod headers;
mod host;
#[cfg(feature = "tls")]
mod https;
mod jobs;
mod lists;
mod login;
mod management;
mod outcomes;
mod page;
mod policies;
mod requests;
mod support;
mod world;
