//! The operations of the audit log: the names that `--operation` accepts, and the words of the table. The log has about eighty
//! operations, and new ones appear, so every other name of the service is accepted as well.

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use partner_center_devices::{AuditOperationType, AuditResourceType};

use crate::suggestions::closest;

/// A change of devices or policies: its name, what it includes, and the operations of the log.
struct Change {
    name: &'static str,
    about: &'static str,
    operations: &'static [AuditOperationType],
}

const CHANGES: [Change; 6] = [
    Change {
        name: "upload",
        about: "Devices were sent for a new or an existing batch",
        operations: &[
            AuditOperationType::DevicesUploadToNewBatchAttempted,
            AuditOperationType::DevicesUploadToExistingBatchAttempted,
        ],
    },
    Change {
        name: "delete-device",
        about: "A device was deleted",
        operations: &[AuditOperationType::DeviceDeleted],
    },
    Change {
        name: "assign-policy",
        about: "A device was changed, or policies were assigned to devices",
        operations: &[
            AuditOperationType::DeviceUpdated,
            AuditOperationType::DevicesUpdateAttempted,
        ],
    },
    Change {
        name: "create-policy",
        about: "A policy was created",
        operations: &[AuditOperationType::PolicyCreated],
    },
    Change {
        name: "edit-policy",
        about: "A policy was changed",
        operations: &[AuditOperationType::PolicyUpdated],
    },
    Change {
        name: "delete-policy",
        about: "A policy was deleted",
        operations: &[AuditOperationType::PolicyDeleted],
    },
];

/// Returns the operations that change devices and policies.
pub(super) fn changes() -> Vec<AuditOperationType> {
    CHANGES.iter().flat_map(|change| change.operations).cloned().collect()
}

/// Returns the kind of resource that an operation changes: a device, a policy, or `None` for anything else.
pub(super) fn resource_type(operation: &AuditOperationType) -> Option<AuditResourceType> {
    match operation {
        AuditOperationType::PolicyCreated
        | AuditOperationType::PolicyUpdated
        | AuditOperationType::PolicyDeleted => Some(AuditResourceType::Policy),
        device if changes().contains(device) => Some(AuditResourceType::Device),
        _ => None,
    }
}

/// Describes an operation. One that does not change devices or policies has the name of the service, which `--operation` accepts.
pub(super) fn words(operation: &AuditOperationType) -> &str {
    match operation {
        AuditOperationType::DevicesUploadToNewBatchAttempted => "devices sent for a new batch",
        AuditOperationType::DevicesUploadToExistingBatchAttempted => "devices sent for a batch",
        AuditOperationType::DeviceDeleted => "device deleted",
        AuditOperationType::DeviceUpdated => "device changed",
        AuditOperationType::DevicesUpdateAttempted => "policies assigned",
        AuditOperationType::PolicyCreated => "policy created",
        AuditOperationType::PolicyUpdated => "policy changed",
        AuditOperationType::PolicyDeleted => "policy deleted",
        other => other.as_str(),
    }
}

/// The value of `--operation`: one or two operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Operations(pub(super) Vec<AuditOperationType>);

/// Parses the value of `--operation`: one of our names, or a name of the service.
#[derive(Clone)]
pub(crate) struct OperationParser;

impl TypedValueParser for OperationParser {
    type Value = Operations;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Operations, clap::Error> {
        let text = value.to_string_lossy();
        operations(&text).ok_or_else(|| {
            let mut error = clap::Error::new(ErrorKind::InvalidValue).with_cmd(command);
            let arg = arg.map_or_else(|| "--operation".to_owned(), ToString::to_string);
            error.insert(ContextKind::InvalidArg, ContextValue::String(arg));
            error.insert(ContextKind::InvalidValue, ContextValue::String(text.to_string()));
            let names = CHANGES.iter().map(|change| change.name);
            error.insert(
                ContextKind::ValidValue,
                ContextValue::Strings(names.clone().map(ToOwned::to_owned).collect()),
            );
            if let Some(close) = closest(&text, names) {
                let close = ContextValue::String(close.to_owned());
                error.insert(ContextKind::SuggestedValue, close);
            }
            error
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values =
            CHANGES.iter().map(|change| PossibleValue::new(change.name).help(change.about));
        Some(Box::new(values))
    }
}

/// Returns the operations with a name: one of ours, or one of the service, which has an underscore.
fn operations(text: &str) -> Option<Operations> {
    let text = text.trim().to_ascii_lowercase();
    if let Some(change) = CHANGES.iter().find(|change| change.name == text) {
        return Some(Operations(change.operations.to_vec()));
    }
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (text.contains('_') && text.chars().all(is_letter))
        .then(|| Operations(vec![AuditOperationType::from(&*text)]))
}

/// Returns a note about a name that this version does not know: it may be mistyped, or new.
pub(super) fn unknown(operation: &AuditOperationType) -> Option<String> {
    let AuditOperationType::Other(name) = operation else { return None };
    let close = closest(name, AuditOperationType::KNOWN.iter().copied());
    let close = close.map(|close| format!("; did you mean '{close}'?")).unwrap_or_default();
    Some(format!("'{name}' is not among the operations that this version knows{close}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_service_are_accepted() {
        use AuditOperationType as Op;
        let of = |text: &str| operations(text).map(|found| found.0);
        assert_eq!(of("Upload").map(|found| found.len()), Some(2));
        for (text, expected) in [
            ("delete-device", Some(Op::DeviceDeleted)),
            ("device_deleted", Some(Op::DeviceDeleted)),
            ("ADD_CUSTOMER", Some(Op::AddCustomer)),
            ("begin_something_new", Some(Op::Other("begin_something_new".into()))),
            ("uplaod", None),
            ("device deleted", None),
            ("a_\u{1b}[2J", None),
            ("", None),
        ] {
            assert_eq!(of(text), expected.map(|one| vec![one]), "{text}");
        }
        let note = |text: &str| unknown(&Op::from(text));
        assert_eq!(note("device_deleted"), None);
        let typo = note("devices_deleted").unwrap();
        assert!(typo.ends_with("did you mean 'device_deleted'?"), "{typo}");
    }

    #[test]
    fn the_changes_are_those_of_devices_and_policies() {
        let all = changes();
        let named: Vec<_> = AuditOperationType::KNOWN
            .iter()
            .filter(|name| name.starts_with("device") || name.starts_with("policy"))
            .map(|name| AuditOperationType::from(*name))
            .collect();
        assert_eq!(all.len(), 8);
        for operation in &named {
            assert!(all.contains(operation), "{operation}");
            assert!(words(operation) != operation.as_str(), "{operation}");
            let kind = resource_type(operation).unwrap();
            assert!(operation.as_str().starts_with(kind.as_str()), "{operation}");
        }
        assert_eq!(named.len(), all.len());
        assert_eq!(resource_type(&AuditOperationType::AddCustomer), None);
        assert_eq!(words(&AuditOperationType::AddCustomer), "add_customer");
    }
}
