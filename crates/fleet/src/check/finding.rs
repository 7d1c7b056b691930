//! A finding: a problem in a file or a row, or a fact worth knowing.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::check::rule::{Rule, Severity};
use crate::origin::Origin;

/// A problem in a file or a row, or a fact worth knowing. Never contains a hardware hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    source: Arc<str>,
    line: Option<u64>,
    column: Option<Box<str>>,
    rule: Rule,
    message: String,
}

impl Finding {
    /// Creates a finding about a line, or about the whole source if `line` is `None`.
    pub(crate) fn new(
        source: &Arc<str>,
        line: Option<u64>,
        rule: Rule,
        message: impl Into<String>,
    ) -> Self {
        Self { source: Arc::clone(source), line, column: None, rule, message: message.into() }
    }

    /// Creates a finding about a row.
    pub(crate) fn at(origin: &Origin, rule: Rule, message: impl Into<String>) -> Self {
        Self::new(&origin.source, Some(origin.line), rule, message)
    }

    /// Creates a finding about a row that is not sent because `sent` describes the same device.
    pub(crate) fn duplicate(row: &Origin, sent: &Origin) -> Self {
        let message = format!("the same device as {}; this row is not sent", sent.relative_to(row));
        Self::at(row, Rule::Duplicate, message)
    }

    /// Creates a finding about a row that describes the same device as the row at `other`, which is invalid because other
    /// rows contradict it.
    pub(crate) fn same_as_invalid(row: &Origin, other: &Origin) -> Self {
        let message = format!(
            "the same device as {}, which other rows contradict; this row is not sent either",
            other.relative_to(row)
        );
        Self::at(row, Rule::SerialConflict, message)
    }

    pub(crate) fn in_column(mut self, column: &str) -> Self {
        self.column = Some(column.into());
        self
    }

    /// Returns the name that the caller gave the source, usually the path of a file.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    pub(crate) fn source_name(&self) -> Arc<str> {
        Arc::clone(&self.source)
    }

    /// Returns the line number, counted from 1; `None` for a finding about the whole source.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// Returns the name of the column, as the file spells it.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }

    /// Returns the rule behind the finding.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Returns the severity of the rule.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }

    /// Returns the problem, in plain words.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Instructions for fixing the problem, in plain words.
    #[must_use]
    pub fn cure(&self) -> &'static str {
        self.rule.cure()
    }
}

/// Writes `fleet.csv:7: error: the serial number does not identify … [no-identity]`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.source)?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}: {} [{}]", self.severity(), self.message, self.rule)
    }
}

/// The JSON form of a finding.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Finding"))]
#[cfg_attr(
    feature = "schemars",
    schemars(description = "A problem in a file or a row, or a fact worth knowing.")
)]
#[serde(rename_all = "camelCase")]
struct FindingJson<'a> {
    /// The name of the source, usually the path of a file.
    source: &'a str,
    /// The line number, counted from 1; null for a finding about the whole source.
    line: Option<u64>,
    /// The name of the column, as the file spells it.
    column: Option<&'a str>,
    /// The stable id of the rule behind the finding.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    rule: Rule,
    severity: Severity,
    /// The problem, in plain words.
    message: &'a str,
    /// Instructions for fixing the problem, in plain words.
    cure: &'static str,
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FindingJson {
            source: self.source(),
            line: self.line,
            column: self.column(),
            rule: self.rule,
            severity: self.severity(),
            message: &self.message,
            cure: self.cure(),
        }
        .serialize(serializer)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Finding {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        FindingJson::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        FindingJson::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finding_is_one_line_of_text_and_one_json_object() {
        let origin = Origin { source: "fleet.csv".into(), line: 7 };
        let finding =
            Finding::at(&origin, Rule::NoIdentity, "nothing here").in_column("Hardware Hash");
        assert_eq!(finding.to_string(), "fleet.csv:7: error: nothing here [no-identity]");
        let about_file = Finding::new(&origin.source, None, Rule::GroupTagColumn, "x");
        assert_eq!(about_file.to_string(), "fleet.csv: note: x [group-tag-column]");
        let json = serde_json::to_value(&finding).unwrap();
        assert_eq!((&json["rule"], &json["severity"]), (&"no-identity".into(), &"error".into()));
        assert_eq!((&json["line"], &json["column"]), (&7.into(), &"Hardware Hash".into()));
    }
}
