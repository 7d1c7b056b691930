//! Decides how one device of a job ends, from what is known about it: [`decide`], a pure function. First a
//! magic serial number, then how the device is named, then who has it, then what is known of its hardware, then
//! the policy.
//!
//! Three codes come by magic only: 640 and 801 are failures of the service or of the request as a whole, which the
//! emulator answers with a status or a fault rule; 811 is about deleting what another partner has registered,
//! which a customer's batch never holds (404).

use std::fmt;

use partner_center_devices_raw::types::DEVICE_UPLOAD_DETAILS_ERROR_CODES;

use crate::domain::hardware::HardwareLookup;

/// The end of one device in a job.
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

    /// The code on the wire.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Done => "0",
            Self::Failed(code) => code,
        }
    }

    /// The name that goes with the code; a success has none.
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

/// What a job does with a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Register,
    SetPolicy,
}

/// How a request names a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identification {
    /// By an accepted combination, or by its id where that counts.
    Sufficient,
    /// With a hardware hash that cannot be one, or by too little and with a blank one.
    BadHash,
    /// By too little.
    Insufficient,
}

/// Whose a device or a policy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Nobody,
    ThisCustomer,
    OtherCustomer,
}

/// All that counts for the outcome.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeviceFacts<'a> {
    pub(crate) task: Task,
    /// The serial number as sent.
    pub(crate) serial_number: Option<&'a str>,
    pub(crate) naming: Identification,
    /// Who has the device when its turn comes.
    pub(crate) device: Owner,
    /// What is known of a device that nobody has.
    pub(crate) hardware: HardwareLookup,
    /// Who has the policy that the device shall get; `None` if it shall get none.
    pub(crate) policy: Option<Owner>,
}

/// The outcome of one device.
pub(crate) fn decide(facts: DeviceFacts<'_>) -> Outcome {
    if let Some(code) = facts.serial_number.and_then(magic) {
        return Outcome::Failed(code);
    }
    match (facts.naming, facts.task, facts.device) {
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

/// The code that a serial number such as `ZTD808-1` asks for, in any case.
fn magic(serial_number: &str) -> Option<&'static str> {
    let (start, rest) = serial_number.split_at_checked(3)?;
    let (wanted, _) = rest.split_once('-')?;
    let known = DEVICE_UPLOAD_DETAILS_ERROR_CODES.iter().find(|(code, _)| *code == wanted);
    known.filter(|_| start.eq_ignore_ascii_case("ZTD")).map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Identification::{BadHash, Insufficient, Sufficient};
    use Owner::{Nobody, OtherCustomer, ThisCustomer};
    use Task::{Register, SetPolicy};

    #[test]
    fn each_cause_has_its_code() {
        for (task, naming, device, policy, code, name) in [
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
                naming,
                device,
                hardware,
                policy,
            });
            assert_eq!(
                (outcome.code(), outcome.description()),
                (code, name),
                "{task:?} {naming:?} {device:?} {policy:?}"
            );
        }
    }

    #[test]
    fn hardware_counts_for_what_nobody_has() {
        use HardwareLookup::{Joined, Known, NotFound, NotUnique};
        for (task, naming, device, hardware, policy, expected) in [
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
            let facts = DeviceFacts { task, serial_number: None, naming, device, hardware, policy };
            assert_eq!(decide(facts).to_string(), expected, "{facts:?}");
        }
    }

    #[test]
    fn a_magic_serial_number_comes_first() {
        for (code, name) in DEVICE_UPLOAD_DETAILS_ERROR_CODES {
            for serial in [format!("ZTD{code}-"), format!("ztd{code}-42"), format!("Ztd{code}-a-b")]
            {
                for task in [Register, SetPolicy] {
                    for naming in [Sufficient, BadHash, Insufficient] {
                        let outcome = decide(DeviceFacts {
                            task,
                            serial_number: Some(&serial),
                            naming,
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
