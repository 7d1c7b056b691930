//! The outcome of one device of a job.
//!
//! [`decide`] is a pure function. It checks, in this order: a magic serial number, how well the device is identified,
//! who owns it, the known hardware, and the policy.
//!
//! Three codes can only be forced by a magic serial number. 640 and 801 are failures of the service or of the whole
//! request, which the emulator returns as a status or with a fault rule. 811 is about deleting a device of another
//! partner. A batch of the customer never contains one, so the emulator returns 404.

use std::fmt;

use partner_center_devices_raw::types::DEVICE_UPLOAD_DETAILS_ERROR_CODES;

use crate::domain::hardware::HardwareLookup;

/// The result for one device of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Error code 0.
    Done,
    /// An error code of the device registration service.
    Failed(&'static str),
}

impl Outcome {
    pub(crate) fn is_failed(self) -> bool {
        self != Self::Done
    }

    /// Returns the code in the response.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Done => "0",
            Self::Failed(code) => code,
        }
    }

    /// Returns the name of the error code. A success has no name.
    pub(crate) fn description(self) -> Option<&'static str> {
        DEVICE_UPLOAD_DETAILS_ERROR_CODES
            .iter()
            .find(|(code, _)| *code == self.code())
            .map(|(_, name)| *name)
    }
}

/// `806 ZtdDeviceAlreadyAssigned`
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        self.description().map_or(Ok(()), |name| write!(f, " {name}"))
    }
}

/// The action of a job on its devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Register,
    SetPolicy,
}

/// How well a request identifies a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identification {
    /// By an accepted combination, or by the device id in a policy update.
    Sufficient,
    /// The hardware hash is not a hash of a device, or it is blank and the device has no other identity.
    BadHash,
    /// Nothing identifies the device: no accepted combination, or only a malformed product key.
    Insufficient,
}

/// The owner of a device or a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Nobody,
    ThisCustomer,
    OtherCustomer,
}

/// Everything that the outcome depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeviceFacts<'a> {
    pub(crate) task: Task,
    /// The serial number in the request.
    pub(crate) serial_number: Option<&'a str>,
    pub(crate) identification: Identification,
    /// The owner of the device when it is processed.
    pub(crate) device: Owner,
    /// The known hardware, for a device without an owner.
    pub(crate) hardware: HardwareLookup,
    /// The owner of the policy to assign. `None` if no policy is assigned.
    pub(crate) policy: Option<Owner>,
}

/// Returns the outcome of one device.
pub(crate) fn decide(facts: DeviceFacts<'_>) -> Outcome {
    if let Some(code) = facts.serial_number.and_then(magic) {
        return Outcome::Failed(code);
    }
    match (facts.identification, facts.task, facts.device) {
        (Identification::BadHash, ..) => return Outcome::Failed("802"),
        (Identification::Insufficient, ..) => return Outcome::Failed("803"),
        (_, Task::Register, Owner::ThisCustomer) => return Outcome::Failed("806"),
        (_, Task::Register, Owner::OtherCustomer) => return Outcome::Failed("808"),
        (_, Task::SetPolicy, Owner::Nobody | Owner::OtherCustomer) => {
            return Outcome::Failed("807");
        }
        (Identification::Sufficient, Task::Register, Owner::Nobody)
        | (Identification::Sufficient, Task::SetPolicy, Owner::ThisCustomer) => {}
    }
    if facts.task == Task::Register {
        match facts.hardware {
            HardwareLookup::Known => {}
            HardwareLookup::NotFound => return Outcome::Failed("812"),
            HardwareLookup::NotUnique => return Outcome::Failed("813"),
            HardwareLookup::Joined => return Outcome::Failed("814"),
        }
    }
    match facts.policy {
        None | Some(Owner::ThisCustomer) => Outcome::Done,
        Some(Owner::Nobody) => Outcome::Failed("809"),
        Some(Owner::OtherCustomer) => Outcome::Failed("810"),
    }
}

/// Returns the error code in a magic serial number such as `ZTD808-1`, case-insensitively.
fn magic(serial_number: &str) -> Option<&'static str> {
    let (prefix, rest) = serial_number.split_at_checked(3)?;
    let (digits, _) = rest.split_once('-')?;
    let known = DEVICE_UPLOAD_DETAILS_ERROR_CODES.iter().find(|(code, _)| *code == digits);
    known.filter(|_| prefix.eq_ignore_ascii_case("ZTD")).map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Identification::{BadHash, Insufficient, Sufficient};
    use Owner::{Nobody, OtherCustomer, ThisCustomer};
    use Task::{Register, SetPolicy};

    #[test]
    #[allow(clippy::too_many_lines)] // a table
    fn each_cause_has_an_error_code() {
        for (task, identification, device, policy, code, name) in [
            (Register, Sufficient, Nobody, None, "0", None),
            (Register, Sufficient, Nobody, Some(ThisCustomer), "0", None),
            (Register, BadHash, Nobody, None, "802", Some("InvalidZtdHardwareHash")),
            (
                Register,
                Insufficient,
                Nobody,
                None,
                "803",
                Some("MissingZtdSerialNumberAndProductKey"),
            ),
            (Register, Sufficient, ThisCustomer, None, "806", Some("ZtdDeviceAlreadyAssigned")),
            (
                Register,
                Sufficient,
                OtherCustomer,
                None,
                "808",
                Some("ZtdDeviceAssignedToOtherTenant"),
            ),
            (
                Register,
                Sufficient,
                ThisCustomer,
                Some(Nobody),
                "806",
                Some("ZtdDeviceAlreadyAssigned"),
            ),
            (Register, Sufficient, Nobody, Some(Nobody), "809", Some("ZtdProfileIsNotRegistered")),
            (
                Register,
                Sufficient,
                Nobody,
                Some(OtherCustomer),
                "810",
                Some("ZtdProfileAssignedToOtherTenant"),
            ),
            (SetPolicy, Sufficient, ThisCustomer, None, "0", None),
            (SetPolicy, Sufficient, ThisCustomer, Some(ThisCustomer), "0", None),
            (SetPolicy, BadHash, Nobody, None, "802", Some("InvalidZtdHardwareHash")),
            (
                SetPolicy,
                Insufficient,
                Nobody,
                None,
                "803",
                Some("MissingZtdSerialNumberAndProductKey"),
            ),
            (
                SetPolicy,
                Sufficient,
                Nobody,
                Some(ThisCustomer),
                "807",
                Some("ZtdDeviceIsNotRegistered"),
            ),
            (
                SetPolicy,
                Sufficient,
                OtherCustomer,
                Some(Nobody),
                "807",
                Some("ZtdDeviceIsNotRegistered"),
            ),
            (
                SetPolicy,
                Sufficient,
                ThisCustomer,
                Some(Nobody),
                "809",
                Some("ZtdProfileIsNotRegistered"),
            ),
            (
                SetPolicy,
                Sufficient,
                ThisCustomer,
                Some(OtherCustomer),
                "810",
                Some("ZtdProfileAssignedToOtherTenant"),
            ),
        ] {
            let hardware = HardwareLookup::Known;
            let outcome = decide(DeviceFacts {
                task,
                serial_number: Some("S-1"),
                identification,
                device,
                hardware,
                policy,
            });
            assert_eq!(
                (outcome.code(), outcome.description()),
                (code, name),
                "{task:?} {identification:?} {device:?} {policy:?}"
            );
        }
    }

    #[test]
    fn hardware_is_checked_for_unregistered_devices() {
        use HardwareLookup::{Joined, Known, NotFound, NotUnique};
        for (task, identification, device, hardware, policy, expected) in [
            (Register, Sufficient, Nobody, Known, None, "0"),
            (Register, Sufficient, Nobody, NotFound, None, "812 ZtdDeviceNotFound"),
            (Register, Sufficient, Nobody, NotUnique, None, "813 ZtdDeviceIsNotUnique"),
            (Register, Sufficient, Nobody, Joined, None, "814 ZtdDeviceAlreadyAadRegistered"),
            (Register, Sufficient, Nobody, NotFound, Some(Nobody), "812 ZtdDeviceNotFound"),
            (Register, Sufficient, ThisCustomer, NotFound, None, "806 ZtdDeviceAlreadyAssigned"),
            (
                Register,
                Sufficient,
                OtherCustomer,
                Joined,
                None,
                "808 ZtdDeviceAssignedToOtherTenant",
            ),
            (Register, BadHash, Nobody, NotFound, None, "802 InvalidZtdHardwareHash"),
            (SetPolicy, Sufficient, ThisCustomer, NotFound, None, "0"),
        ] {
            let facts =
                DeviceFacts { task, serial_number: None, identification, device, hardware, policy };
            assert_eq!(decide(facts).to_string(), expected, "{facts:?}");
        }
    }

    /// Checks every combination of facts: a device succeeds only if nothing is wrong with it, and an earlier check hides
    /// the later ones.
    #[test]
    fn a_device_succeeds_only_if_every_check_passes() {
        use HardwareLookup::{Joined, Known, NotFound, NotUnique};
        let mut succeeded = 0;
        for task in [Register, SetPolicy] {
            for identification in [Sufficient, BadHash, Insufficient] {
                for device in [Nobody, ThisCustomer, OtherCustomer] {
                    for hardware in [Known, NotFound, NotUnique, Joined] {
                        for policy in [None, Some(ThisCustomer), Some(Nobody), Some(OtherCustomer)]
                        {
                            let checks = [
                                identification == Sufficient,
                                match task {
                                    Register => device == Nobody,
                                    SetPolicy => device == ThisCustomer,
                                },
                                task == SetPolicy || hardware == Known,
                                matches!(policy, None | Some(ThisCustomer)),
                            ];
                            let codes: [&[&str]; 4] = [
                                &["802", "803"],
                                &["806", "807", "808"],
                                &["812", "813", "814"],
                                &["809", "810"],
                            ];
                            let facts = DeviceFacts {
                                task,
                                serial_number: Some("S-1"),
                                identification,
                                device,
                                hardware,
                                policy,
                            };
                            let outcome = decide(facts);
                            match checks.iter().position(|passed| !passed) {
                                None => {
                                    assert_eq!(outcome, Outcome::Done, "{facts:?}");
                                    succeeded += 1;
                                }
                                Some(first) => {
                                    assert!(codes[first].contains(&outcome.code()), "{facts:?}");
                                }
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(succeeded, 2 + 4 * 2);
    }

    #[test]
    fn a_magic_serial_number_takes_precedence() {
        for (code, name) in DEVICE_UPLOAD_DETAILS_ERROR_CODES {
            for serial in [format!("ZTD{code}-"), format!("ztd{code}-42"), format!("Ztd{code}-a-b")]
            {
                for task in [Register, SetPolicy] {
                    for identification in [Sufficient, BadHash, Insufficient] {
                        let outcome = decide(DeviceFacts {
                            task,
                            serial_number: Some(&serial),
                            identification,
                            device: ThisCustomer,
                            hardware: HardwareLookup::NotFound,
                            policy: None,
                        });
                        assert_eq!(outcome, Outcome::Failed(code));
                        assert_eq!(outcome.description(), Some(*name));
                    }
                }
            }
        }
    }

    #[test]
    fn other_serial_numbers_are_not_magic() {
        for serial in [
            "",
            "ZT",
            "ZTD",
            "ZTD808",
            "ZTD999-1",
            "ZTD0-1",
            "XTD808-1",
            " ZTD808-1",
            "ßßß808-1",
            "1ZTD808-1",
        ] {
            assert_eq!(magic(serial), None, "{serial}");
        }
    }
}
