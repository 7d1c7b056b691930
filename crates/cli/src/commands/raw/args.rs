//! The arguments of `pcdevices raw`.

use clap::Args;
use http::Method;

use crate::args::{CustomerName, Service};

#[derive(Args)]
pub(crate) struct Raw {
    /// The HTTP method: GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE
    #[arg(value_name = "METHOD", value_parser = method)]
    pub(crate) method: Method,

    /// The path, with or without /v1/, such as customers/{customer}/policies; {customer} is replaced by the tenant id
    /// of
    /// --customer
    #[arg(value_name = "PATH")]
    pub(crate) path: String,

    /// The JSON body: the text itself, @FILE to read a file, or - to read standard input
    #[arg(long, short, value_name = "JSON|@FILE|-")]
    pub(crate) data: Option<String>,

    /// Print the status and the ids of the response to stderr
    #[arg(long, short)]
    pub(crate) include: bool,

    /// The customer for {customer}: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id
    #[arg(
        long,
        short,
        value_name = "CUSTOMER",
        env = "PCDEVICES_CUSTOMER",
        hide_env_values = true
    )]
    pub(crate) customer: Option<CustomerName>,

    #[command(flatten)]
    pub(crate) service: Service,
}

/// Parses an HTTP method in upper or lower case.
fn method(text: &str) -> Result<Method, String> {
    const METHODS: [Method; 7] = [
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ];
    METHODS
        .into_iter()
        .find(|method| method.as_str().eq_ignore_ascii_case(text))
        .ok_or_else(|| "must be GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE".to_owned())
}
