//! Query parameters of the management endpoints.

use std::ops::RangeInclusive;
use std::str::FromStr;

use url::form_urlencoded;

use super::response::AdminError;

/// The number of items in a list if the query has no `limit`.
const DEFAULT_LIMIT: usize = 50;
/// The largest `limit`.
const MAX_LIMIT: usize = 1000;

/// The decoded query of a request.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn parse(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// Rejects parameters that are not `known`, so that a misspelled one is not silently ignored.
    pub(super) fn check_names(&self, known: &[&str]) -> Result<(), AdminError> {
        match self.0.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some(_) => Err(AdminError::bad_request(format!(
                "The query accepts only {}.",
                known.join(", ")
            ))),
        }
    }

    /// Returns a parameter's value, or `None` if it is absent or empty.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let value = self.0.iter().find(|(key, value)| key == name && !value.is_empty());
        value.map(|(_, value)| value.clone())
    }

    pub(super) fn number<N: FromStr>(&self, name: &str) -> Result<Option<N>, AdminError> {
        let parse = |text: String| {
            text.parse().map_err(|_| AdminError::bad_request(format!("{name}: must be a number")))
        };
        self.text(name).map(parse).transpose()
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, AdminError> {
        self.flag_or(name, false)
    }

    pub(super) fn flag_or(&self, name: &str, default: bool) -> Result<bool, AdminError> {
        match self.text(name).as_deref() {
            None => Ok(default),
            Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(AdminError::bad_request(format!("{name}: must be true or false"))),
        }
    }

    /// Parses `status`: `429`, or `4xx` for all statuses from 400 to 499.
    pub(super) fn statuses(&self) -> Result<Option<RangeInclusive<u16>>, AdminError> {
        let Some(text) = self.text("status") else { return Ok(None) };
        let class = text.strip_suffix("xx").filter(|class| class.len() == 1);
        let range = match class.map(str::parse::<u16>) {
            Some(class) => class.map(|class| class * 100..=class * 100 + 99),
            None => text.parse().map(|status| status..=status),
        };
        range
            .map(Some)
            .map_err(|_| AdminError::bad_request("status: must be a number or a class such as 4xx"))
    }

    pub(super) fn limit(&self) -> Result<usize, AdminError> {
        Ok(self.number("limit")?.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT))
    }
}
