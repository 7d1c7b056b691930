//! The TPM of a device, as its hardware hash describes it.

/// The suitability of a device's TPM for the self-deploying and pre-provisioned modes of Autopilot, which require a
/// TPM 2.0 that can attest itself (<https://learn.microsoft.com/en-us/autopilot/self-deploying>).
///
/// Inferred from records whose meaning Microsoft does not document, so it is never a reason for an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TpmReadiness {
    /// The hash contains a TPM 2.0 and its key.
    Ready,
    /// The hash contains an older TPM.
    NotReady,
    /// The hash contains no TPM, or not its key. A hash that was read in Windows PE may have neither, even if the device
    /// has a TPM 2.0.
    Unknown,
}

impl TpmReadiness {
    pub(super) fn of(version: Option<&[u8]>, has_key: bool) -> Self {
        match version.and_then(major_version) {
            Some(2..) if has_key => Self::Ready,
            Some(1) => Self::NotReady,
            _ => Self::Unknown,
        }
    }
}

/// Returns the first part of the first version number in a text, such as 2 in `INTC 2.0 600.18.40.0`.
fn major_version(text: &[u8]) -> Option<u32> {
    let mut words = text.split(|byte| !byte.is_ascii_digit() && *byte != b'.');
    words.find_map(|word| {
        let (major, minor) = std::str::from_utf8(word).ok()?.split_once('.')?;
        minor.parse::<u32>().ok()?;
        major.parse().ok().filter(|major| (1..10).contains(major))
    })
}

#[cfg(test)]
mod tests {
    use super::TpmReadiness::{self, NotReady, Ready, Unknown};

    #[test]
    fn tpm_is_ready_if_its_version_is_2_and_its_key_is_present() {
        for (version, has_key, expected) in [
            (Some("INTC 2.0 600.18.40.0"), true, Ready),
            (Some("2.0"), true, Ready),
            (Some("TPM-Version:2.0 -Level:0-Revision:1.38"), true, Ready),
            (Some("2.0"), false, Unknown),
            (Some("TPM-Version:1.2 -Level:2"), true, NotReady),
            (Some("1.2"), false, NotReady),
            (Some("IFX"), true, Unknown),
            (Some("7.63.3353.0 20.5"), true, Unknown),
            (Some(""), true, Unknown),
            (None, true, Unknown),
            (None, false, Unknown),
        ] {
            let readiness = TpmReadiness::of(version.map(str::as_bytes), has_key);
            assert_eq!(readiness, expected, "{version:?} {has_key}");
        }
    }
}
