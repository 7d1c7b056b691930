//! The arguments of `pcdevices raw`.

use clap::Args;
use http::Method;

use crate::args::{CustomerName, Service};

#[derive(Args)]
pub(crate) struct Raw {
    /// GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE
    #[arg(value_name = "METHOD", value_parser = method)]
    pub(crate) method: Method,

    /// The path, with or without /v1/ before it, such as customers/{customer}/policies; {customer} stands for the id of
    /// --customer
    #[arg(value_name = "PATH")]
    pub(crate) path: String,

    /// The body, which must be JSON: as it is, from the file after an @, or from the standard input by -
    #[arg(long, short, value_name = "JSON|@FILE|-")]
    pub(crate) data: Option<String>,

    /// Show the status and the ids of the answer on stderr
    #[arg(long, short)]
    pub(crate) include: bool,

    /// The customer that {customer} stands for: an alias of `pcdevices customers`, or the tenant id
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

/// A method in whatever case.
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
        .ok_or_else(|| "it is one of GET, HEAD, OPTIONS, POST, PUT, PATCH and DELETE".to_owned())
}
