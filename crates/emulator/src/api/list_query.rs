//! The query of the lists of customers and audit records: size, filter, direction, and a range of days.

use http::HeaderMap;
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use serde_json::Value;
use url::form_urlencoded;

use crate::api::error::ApiError;
use crate::api::paging::CONTINUATION;
use crate::domain::ids::Guid;

/// The largest page, and the size of a page without `size`.
const MAX_SIZE: usize = 500;

/// The number of days that an audit query reaches back. Source:
/// <https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user>.
const MAX_AGE: i32 = 90;

/// The number of days between the first and the last day of an audit query. Source:
/// <https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records>.
const MAX_WINDOW: i32 = 30;

/// The parameters of a request.
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(crate) fn parse(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// Returns the value of a parameter. Case does not matter in names, and an empty value counts as missing.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let is_named =
            |(key, value): &&(String, String)| key.eq_ignore_ascii_case(name) && !value.is_empty();
        self.0.iter().find(is_named).map(|(_, value)| value.as_str())
    }

    /// Returns the number of customers on a page. `0` is the default size if there is a filter. The link to another page has the
    /// size of the request and no filter.
    pub(crate) fn size(&self) -> Result<Option<usize>, ApiError> {
        let Some(text) = self.get("size") else { return Ok(None) };
        match text.parse() {
            Ok(0) if self.get("filter").or(self.get("seekOperation")).is_some() => Ok(None),
            Ok(size @ 1..=MAX_SIZE) => Ok(Some(size)),
            _ => Err(ApiError::bad_input("size must be from 1 to 500, or 0 with a filter.")),
        }
    }

    /// Returns the number of audit records on a page. No document has a limit, so a page has at most the default.
    pub(crate) fn capped_size(&self) -> Result<Option<usize>, ApiError> {
        let Some(text) = self.get("size") else { return Ok(None) };
        match text.parse::<u32>() {
            Ok(0) => Ok(None),
            Ok(size) => Ok(Some(MAX_SIZE.min(size as usize))),
            Err(_) => Err(ApiError::bad_input("size must be a number.")),
        }
    }

    /// Returns the start of the names that a filter of related partners selects, in lower case.
    pub(crate) fn name_filter(&self) -> Result<String, ApiError> {
        let Some(text) = self.get("filter") else { return Ok(String::new()) };
        let filter = SearchFilter::parse(text)?;
        if !filter.field.eq_ignore_ascii_case("Name") {
            return Err(ApiError::bad_input("The field of a filter must be Name."));
        }
        filter.check_operator("starts_with")?;
        Ok(filter.value.to_lowercase())
    }

    /// Returns the direction.
    pub(crate) fn direction(&self) -> Result<Direction, ApiError> {
        let Some(text) = self.get("seekOperation") else { return Ok(Direction::Next) };
        // The .NET SDK has these numbers.
        let is = |name: &str, number: &str| text.eq_ignore_ascii_case(name) || text == number;
        match text {
            _ if is("Next", "0") => Ok(Direction::Next),
            _ if is("Previous", "1") => Ok(Direction::Previous),
            _ if is("First", "2") => Ok(Direction::First),
            _ if is("Last", "3") => Ok(Direction::Last),
            _ => Err(ApiError::bad_input("seekOperation must be Next, Previous, First or Last.")),
        }
    }
}

/// Returns the size of a page without `size`.
pub(crate) fn default_size() -> usize {
    MAX_SIZE
}

/// Returns the continuation token of a request, if it has one.
pub(crate) fn continuation_token(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let token = headers.get(CONTINUATION).filter(|token| !token.is_empty());
    let text = token.map(|token| token.to_str().map_err(|_| ApiError::bad_continuation_token()));
    text.transpose()
}

/// The page to return, relative to the page of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Next,
    Previous,
    First,
    Last,
}

/// A filter as the request has it: `{"Field":"CompanyName","Value":"cont","Operator":"starts_with"}`.
struct SearchFilter {
    field: String,
    value: String,
    operator: String,
}

impl SearchFilter {
    fn parse(text: &str) -> Result<Self, ApiError> {
        let json: Value = serde_json::from_str(text)
            .map_err(|_| ApiError::bad_input("filter must be a JSON object."))?;
        let member = |name: &str| {
            let members = json.as_object()?;
            let member = members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            member.and_then(|(_, value)| value.as_str()).map(ToOwned::to_owned)
        };
        match (member("Field"), member("Value"), member("Operator")) {
            (Some(field), Some(value), Some(operator)) => Ok(Self { field, value, operator }),
            _ => Err(ApiError::bad_input("filter must have the texts Field, Value and Operator.")),
        }
    }

    /// Returns an error unless the operator is the only one that works with this field, whose name is known.
    fn check_operator(&self, expected: &str) -> Result<(), ApiError> {
        if self.operator.eq_ignore_ascii_case(expected) {
            return Ok(());
        }
        Err(ApiError::bad_input(format!("The operator of {} must be {expected}.", self.field)))
    }
}

/// A filter of customers. Texts are in lower case.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CustomerFilter {
    CompanyName(String),
    Domain(String),
    IndirectReseller(String),
}

impl CustomerFilter {
    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        let filter = SearchFilter::parse(text)?;
        let value = filter.value.to_lowercase();
        let parsed = match filter.field.to_ascii_lowercase().as_str() {
            "companyname" => Self::CompanyName(value),
            "domain" => Self::Domain(value),
            "indirectreseller" => Self::IndirectReseller(value),
            "indirectcloudsolutionprovider" => {
                return Err(ApiError::not_emulated("the filter IndirectCloudSolutionProvider"));
            }
            _ => {
                let fields =
                    "The field of a filter must be CompanyName, Domain or IndirectReseller.";
                return Err(ApiError::bad_input(fields));
            }
        };
        filter.check_operator("starts_with")?;
        Ok(parsed)
    }

    /// Returns true for a customer with this name, domain and indirect reseller.
    pub(crate) fn matches(&self, name: &str, domain: &str, reseller: Option<Guid>) -> bool {
        match self {
            Self::CompanyName(start) => name.to_lowercase().starts_with(start),
            Self::Domain(start) => domain.to_lowercase().starts_with(start),
            Self::IndirectReseller(start) => {
                reseller.is_some_and(|reseller| reseller.to_string().starts_with(start))
            }
        }
    }
}

/// A filter of audit records. Texts are in lower case.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AuditFilter {
    CustomerId(String),
    CompanyName(String),
    ResourceType(String),
}

impl AuditFilter {
    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        let filter = SearchFilter::parse(text)?;
        let value = filter.value.to_lowercase();
        let (parsed, operator) = match filter.field.to_ascii_lowercase().as_str() {
            "customerid" => (Self::CustomerId(value), "equals"),
            "companyname" => (Self::CompanyName(value), "substring"),
            // `DevicePolicy` and `device_policy` are the same.
            "resourcetype" => (Self::ResourceType(value.replace('_', "")), "equals"),
            _ => {
                let fields =
                    "The field of a filter must be CustomerId, CompanyName or ResourceType.";
                return Err(ApiError::bad_input(fields));
            }
        };
        filter.check_operator(operator)?;
        Ok(parsed)
    }

    /// Returns true for a record of this customer and resource type.
    pub(crate) fn matches(
        &self,
        id: &str,
        name: impl FnOnce() -> String,
        resource_type: &str,
    ) -> bool {
        match self {
            Self::CustomerId(wanted) => id.to_lowercase() == *wanted,
            Self::CompanyName(part) => name().to_lowercase().contains(part.as_str()),
            Self::ResourceType(wanted) => resource_type.replace('_', "") == *wanted,
        }
    }
}

/// The days of an audit query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AuditDays {
    pub(crate) first: Date,
    /// The last day, inclusive.
    pub(crate) last: Date,
}

impl AuditDays {
    /// Reads the parameters of a request that arrives on `today`.
    ///
    /// Without a start, the first day is 30 days ago. Without an end, there are as many as possible.
    pub(crate) fn new(parameters: &Parameters, today: Date) -> Result<Self, ApiError> {
        let day = |name: &str| {
            let parse = |text| parse_day(text).ok_or_else(ApiError::invalid_request);
            parameters.get(name).map(parse).transpose()
        };
        let days = |from: Date, days: i32| from.saturating_add(Span::new().days(days));
        let (first, last) = (day("startDate")?, day("endDate")?);
        let first = first.unwrap_or_else(|| days(last.unwrap_or(today).min(today), -MAX_WINDOW));
        let last = last.unwrap_or_else(|| days(first, MAX_WINDOW).min(today).max(first));
        if first < days(today, -MAX_AGE) {
            return Err(ApiError::bad_input("startDate must be in the last 90 days."));
        }
        if last < first {
            return Err(ApiError::bad_input("endDate must not be before startDate."));
        }
        if last > days(first, MAX_WINDOW) {
            return Err(ApiError::bad_input(
                "startDate and endDate must be at most 30 days apart.",
            ));
        }
        Ok(Self { first, last })
    }

    /// Returns the day after the last one.
    pub(crate) fn end(&self) -> Date {
        self.last.saturating_add(1.day())
    }
}

/// Parses a day in one of the forms that clients send: `2017-06-01`, also with a time; `06/01/2017 00:00:00`, as the .NET SDK
/// sends it; and `6/1/2017 12:00:00 AM`, as in a documented example. The time is ignored.
fn parse_day(text: &str) -> Option<Date> {
    let (day, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    if !time.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '+' | '-' | ' '))
    {
        return None;
    }
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let is_number =
            digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<i16>().ok()).flatten()
    };
    let separator = if day.contains('-') { '-' } else { '/' };
    let mut parts = day.split(separator);
    let parts = [parts.next()?, parts.next()?, parts.next().filter(|_| parts.next().is_none())?];
    let (year, month, day) = match separator {
        '-' => (number(parts[0], 4..=4)?, number(parts[1], 2..=2)?, number(parts[2], 2..=2)?),
        _ => (number(parts[2], 4..=4)?, number(parts[0], 1..=2)?, number(parts[1], 1..=2)?),
    };
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn description(error: &ApiError) -> &str {
        assert!(error.status.as_u16() == 400 || error.status.as_u16() == 501);
        &error.description
    }

    #[test]
    fn a_page_has_1_to_500_items() {
        let with_filter = "filter=%7B%7D";
        for (query, expected) in [
            ("", Some(None)),
            ("size=", Some(None)),
            ("size=1", Some(Some(1))),
            ("SIZE=500", Some(Some(500))),
            ("size=501", None),
            ("size=0", None),
            (&format!("size=0&{with_filter}"), Some(None)),
            (&format!("size=7&{with_filter}"), Some(Some(7))),
            ("size=-1", None),
            ("size=x", None),
        ] {
            assert_eq!(Parameters::parse(query).size().ok(), expected, "{query}");
        }
    }

    #[test]
    fn a_page_of_audit_records_has_at_most_500() {
        for (query, expected) in [
            ("", Some(None)),
            ("size=0", Some(None)),
            ("size=7", Some(Some(7))),
            ("size=1000", Some(Some(500))),
            ("size=-1", None),
            ("size=x", None),
        ] {
            assert_eq!(Parameters::parse(query).capped_size().ok(), expected, "{query}");
        }
    }

    #[test]
    fn directions_have_a_name_and_a_number() {
        for (text, expected) in [
            ("", Some(Direction::Next)),
            ("Next", Some(Direction::Next)),
            ("previous", Some(Direction::Previous)),
            ("1", Some(Direction::Previous)),
            ("First", Some(Direction::First)),
            ("3", Some(Direction::Last)),
            ("PageIndex", None),
            ("4", None),
        ] {
            let parameters = Parameters::parse(&format!("seekOperation={text}"));
            assert_eq!(parameters.direction().ok(), expected, "{text}");
        }
    }

    #[test]
    fn customers_are_filtered_by_the_start_of_a_field() {
        let reseller = Guid::parse("484e548c-f5f3-4528-93a9-c16c6373cb59");
        for (field, value, expected) in [
            ("CompanyName", "cont", true),
            ("companyname", "CONTOSO É", true),
            ("CompanyName", "toso", false),
            ("CompanyName", "", true),
            ("Domain", "ContosoHQ.", true),
            ("Domain", "contoso.com", false),
            ("IndirectReseller", "484E548C-F5F3-4528-93A9-C16C6373CB59", true),
            ("IndirectReseller", "584e", false),
        ] {
            let json =
                format!(r#"{{"Field":"{field}","Value":"{value}","Operator":"starts_with"}}"#);
            let filter = CustomerFilter::parse(&json).unwrap();
            assert_eq!(
                filter.matches("Contoso É", "contosohq.example", reseller),
                expected,
                "{json}"
            );
        }
        let any = r#"{"Field":"IndirectReseller","Value":"","Operator":"starts_with"}"#;
        assert!(!CustomerFilter::parse(any).unwrap().matches("n", "d", None));
    }

    #[test]
    fn invalid_filters_are_rejected_without_their_value() {
        for (json, expected) in [
            ("", "filter must be a JSON object."),
            ("[1]", "filter must have the texts Field, Value and Operator."),
            (r#"{"Field":"CompanyName","Value":7,"Operator":"starts_with"}"#, "the texts"),
            (
                r#"{"Field":"CompanyName","Value":"x","Operator":"equals"}"#,
                "The operator of CompanyName must be starts_with.",
            ),
            (r#"{"Field":"Name","Value":"x","Operator":"starts_with"}"#, "must be CompanyName"),
            (
                r#"{"Field":"IndirectCloudSolutionProvider","Value":"x","Operator":"starts_with"}"#,
                "Not emulated",
            ),
        ] {
            let error = CustomerFilter::parse(json).unwrap_err();
            assert!(description(&error).contains(expected), "{json}: {}", error.description);
        }
    }

    fn audit(query: &str) -> Result<AuditDays, ApiError> {
        AuditDays::new(&Parameters::parse(query), date(2020, 9, 30))
    }

    #[test]
    fn an_audit_query_has_a_window_of_days() {
        for (query, first, last) in [
            ("", date(2020, 8, 31), date(2020, 9, 30)),
            ("startDate=2020-09-02&endDate=2020-09-02", date(2020, 9, 2), date(2020, 9, 2)),
            ("startDate=2020-09-02", date(2020, 9, 2), date(2020, 9, 30)),
            ("startDate=2020-07-02", date(2020, 7, 2), date(2020, 8, 1)),
            ("startDate=2020-07-02&endDate=2020-08-01", date(2020, 7, 2), date(2020, 8, 1)),
            ("endDate=2020-09-10", date(2020, 8, 11), date(2020, 9, 10)),
            ("startDate=2020-09-30&endDate=2020-10-05", date(2020, 9, 30), date(2020, 10, 5)),
            ("startDate=2020-10-05", date(2020, 10, 5), date(2020, 10, 5)),
            // The forms of the .NET SDK and of a documented example.
            ("startDate=09%2F02%2F2020+00%3A00%3A00", date(2020, 9, 2), date(2020, 9, 30)),
            ("startDate=9/2/2020%2012:00:00%20AM", date(2020, 9, 2), date(2020, 9, 30)),
            ("startDate=2020-09-02T10:00:00Z", date(2020, 9, 2), date(2020, 9, 30)),
        ] {
            let parsed = audit(query).unwrap();
            assert_eq!((parsed.first, parsed.last), (first, last), "{query}");
            assert_eq!(parsed.end(), parsed.last.tomorrow().unwrap());
        }
        for (query, expected) in [
            ("startDate=2020-07-02&endDate=2020-08-02", "at most 30 days apart"),
            ("startDate=2020-07-01", "in the last 90 days"),
            ("endDate=2020-07-05", "in the last 90 days"),
            ("startDate=2020-09-02&endDate=2020-09-01", "must not be before startDate"),
            ("startDate=2020-9-2", "The request is invalid."),
            ("startDate=2020-02-30", "The request is invalid."),
            ("startDate=02.09.2020", "The request is invalid."),
            ("endDate=13/13/2020", "The request is invalid."),
            ("startDate=2020-09-02T%3Cb%3E", "The request is invalid."),
        ] {
            let error = audit(query).unwrap_err();
            assert!(description(&error).contains(expected), "{query}: {}", error.description);
        }
        assert!(audit("startDate=2020-07-02").is_ok(), "90 days back");
    }

    #[test]
    fn audit_records_are_filtered_by_one_field() {
        for (field, value, operator, expected) in [
            ("CustomerId", "c7F3", "equals", Some(false)),
            ("CustomerId", "C7F3-1", "equals", Some(true)),
            ("CompanyName", "BRI", "substring", Some(true)),
            ("CompanyName", "bri", "equals", None),
            ("ResourceType", "Device", "equals", Some(true)),
            ("ResourceType", "policy", "equals", Some(false)),
            ("ResourceType", "device", "starts_with", None),
            ("OperationType", "x", "equals", None),
        ] {
            let json =
                format!(r#"{{"Field":"{field}","Value":"{value}","Operator":"{operator}"}}"#);
            let filter = AuditFilter::parse(&json).ok();
            let name = || "Fabrikam, Inc".to_owned();
            assert_eq!(
                filter.map(|filter| filter.matches("c7f3-1", name, "device")),
                expected,
                "{json}"
            );
        }
    }
}
