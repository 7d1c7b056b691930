//! The options of a check.

/// The options of a check. By default, rows are checked as an upload checks them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckOptions {
    pub(crate) after_repair: bool,
}

impl CheckOptions {
    /// Also applies the rules for devices whose motherboard was replaced: only a hardware hash registers them
    /// (<https://learn.microsoft.com/en-us/autopilot/autopilot-motherboard-replacement>).
    #[must_use]
    pub fn after_repair(self, after_repair: bool) -> Self {
        Self { after_repair }
    }
}
