//! Checks a row in two steps: by itself, on any thread; then against the rows before it.

use crate::check::after_repair::repair_problems;
use crate::check::cell_problem::CellProblem;
use crate::check::checked_row::{CheckedRow, RowStatus, RowValues};
use crate::check::dedup::{
    Comparison, Contradiction, DeviceIndex, DeviceKeys, Relation, SharedName, SharedValue,
};
use crate::check::finding::Finding;
use crate::check::options::CheckOptions;
use crate::check::rule::{Rule, Severity};
use crate::check::value_rules::check_values;
use crate::input::{Field, Row};
use crate::origin::Origin;

/// A row after all checks that need no other row.
pub(super) struct RowCheck {
    /// The row: `Ready`, unless it turns out to be a duplicate, or `Invalid`.
    pub(super) row: CheckedRow,
    findings: Vec<Finding>,
    /// The keys of a row that is `Ready`.
    keys: Option<DeviceKeys>,
    /// The rest of the row that was read. It knows the column names.
    read: Row,
}

/// A row after the comparison with the rows before it. Its status does not take the comparison into account yet.
pub(super) struct ComparedRow {
    pub(super) row: CheckedRow,
    pub(super) findings: Vec<Finding>,
    pub(super) comparison: Comparison,
}

impl RowCheck {
    /// Checks a row by itself, with options. Decodes its hardware hash into `buffer`.
    pub(super) fn with_options(read: Row, options: CheckOptions, buffer: &mut Vec<u8>) -> Self {
        let mut check = Self::new(read, buffer);
        if options.after_repair
            && let RowStatus::Ready(device) = &check.row.status
        {
            let problems = repair_problems(device, buffer).into_iter().map(|(rule, message)| {
                let finding = Finding::at(&check.row.origin, rule, message);
                finding.in_column(check.read.column(Field::HardwareHash))
            });
            let problems: Vec<_> = problems.collect();
            let error = problems.iter().find(|finding| finding.severity() == Severity::Error);
            if let Some(error) = error.cloned() {
                check.row.withdraw(RowStatus::Invalid(error));
                check.keys = None;
            }
            check.findings.extend(problems);
        }
        check
    }

    /// Checks a row by itself. Decodes its hardware hash into `buffer`.
    fn new(mut read: Row, buffer: &mut Vec<u8>) -> Self {
        let mut findings = std::mem::take(&mut read.findings);
        let unreadable = take_unreadable(&read, &mut findings);
        let broken = findings.iter().find(|finding| finding.severity() == Severity::Error).cloned();
        let (device, values) = match broken {
            // The values of a row that is broken as text may be in the wrong cells, so they are not checked.
            Some(error) => {
                findings.extend(unreadable.into_iter().map(|(_, finding)| finding));
                (Err(error), RowValues::broken(std::mem::take(&mut read.fields)))
            }
            None => {
                let unreadable = unreadable.into_iter().map(|(field, finding)| {
                    (field, CellProblem::unusable(finding.rule(), finding.message()))
                });
                check_values(&mut read, buffer, unreadable.collect(), &mut findings)
            }
        };
        let (status, keys) = match device {
            Ok((identity, keys)) => (RowStatus::Ready(identity), Some(keys)),
            Err(finding) => (RowStatus::Invalid(finding), None),
        };
        Self { row: CheckedRow::new(&mut read, values, status), findings, keys, read }
    }

    /// Adds the row to the index and compares it with the rows before it.
    pub(super) fn compare(self, index: &mut DeviceIndex) -> ComparedRow {
        let Self { mut row, mut findings, keys, read } = self;
        let comparison = index.add(&row.origin, keys.as_ref());
        match &comparison.relation {
            Relation::New(Some(shared))
                if !findings.iter().any(|finding| finding.rule() == Rule::Placeholder) =>
            {
                let (name, field, other) = match shared {
                    SharedName::SerialNumber(other) => {
                        ("serial number", Field::SerialNumber, other)
                    }
                    SharedName::ProductKey(other) => ("product key", Field::ProductKey, other),
                };
                let other = index.origin(*other);
                let message = format!(
                    "the same {name} as {}, which is a different device",
                    other.relative_to(&row.origin)
                );
                let finding = Finding::at(&row.origin, Rule::SharedName, message);
                findings.push(finding.in_column(read.column(field)));
            }
            Relation::Contradiction(contradiction) => {
                let other = index.origin(contradiction.other);
                let field = match contradiction.value {
                    SharedValue::HardwareHash => Field::HardwareHash,
                    SharedValue::ProductKey => Field::ProductKey,
                    SharedValue::DoubtfulSerial => Field::SerialNumber,
                };
                let finding = contradiction_finding(*contradiction, &row.origin, &other);
                let finding = finding.in_column(read.column(field));
                findings.push(finding.clone());
                row.withdraw(RowStatus::Invalid(finding));
            }
            Relation::New(_) | Relation::Duplicate(_) => {}
        }
        ComparedRow { row, findings, comparison }
    }
}

/// Takes out the findings about cells whose text cannot be read, while the other cells of the row can.
fn take_unreadable(read: &Row, findings: &mut Vec<Finding>) -> Vec<(Field, Finding)> {
    let field_of = |finding: &Finding| {
        let is_of_cell = matches!(finding.rule(), Rule::ControlCharacter | Rule::NotUtf8);
        let is_in = |field: &Field| finding.column() == Some(read.column(*field));
        Field::ALL.into_iter().find(is_in).filter(|_| is_of_cell)
    };
    let mut unreadable = Vec::new();
    findings.retain(|finding| match field_of(finding) {
        Some(field) => {
            unreadable.push((field, finding.clone()));
            false
        }
        None => true,
    });
    unreadable
}

/// Creates the finding about a row that contradicts the row at `other`.
pub(super) fn contradiction_finding(
    contradiction: Contradiction,
    row: &Origin,
    other: &Origin,
) -> Finding {
    let other = other.relative_to(row);
    let (name, proof) = match contradiction.value {
        SharedValue::HardwareHash => ("hardware hash", "serial number"),
        SharedValue::ProductKey => ("product key", "product key"),
        SharedValue::DoubtfulSerial => {
            let message = format!(
                "the same as {other}, but the serial number may not be a real one, so the rows may be two devices"
            );
            return Finding::at(row, Rule::SerialConflict, message);
        }
    };
    let message = if contradiction.belongs_to_other {
        format!(
            "the {name} belongs to {other}, which has a different serial number: the hash of that row contains its {proof}"
        )
    } else {
        format!("the same {name} as {other}, but rows with it have different serial numbers")
    };
    Finding::at(row, Rule::SerialConflict, message)
}
