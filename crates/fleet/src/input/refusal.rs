//! The reason why a file, or a part of it, cannot be read.

use std::borrow::Cow;
use std::sync::Arc;

use super::limits::MAX_FILE_BYTES;
use crate::check::finding::Finding;
use crate::check::rule::Rule;

/// The reason why a file, or a part of it, cannot be read.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    rule: Rule,
    line: Option<u64>,
    message: Cow<'static, str>,
    /// True if a file of this kind may contain a list of devices. Other files are skipped in a folder or an archive.
    may_have_devices: bool,
}

impl Refusal {
    /// Refuses a file that may contain a list of devices.
    pub(crate) fn new(rule: Rule, message: impl Into<Cow<'static, str>>) -> Self {
        Self { rule, line: None, message: message.into(), may_have_devices: true }
    }

    /// Refuses a file that cannot be a list of devices, such as a picture.
    pub(crate) fn of_other_file(message: &'static str) -> Self {
        Self { may_have_devices: false, ..Self::new(Rule::NotText, message) }
    }

    /// Refuses a file that cannot be read to its end.
    pub(crate) fn unreadable(error: &std::io::Error) -> Self {
        Self::new(Rule::Unreadable, format!("the file cannot be read: {error}"))
    }

    /// Refuses a file that is larger than [`MAX_FILE_BYTES`].
    pub(crate) fn too_large() -> Self {
        let limit = MAX_FILE_BYTES >> 20;
        Self::new(
            Rule::TooLarge,
            format!("the file has more than {limit} MiB; only CSV may be larger"),
        )
    }

    pub(crate) fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// Marks the file as no list of devices, unless it is damaged, too large or an empty list.
    pub(crate) fn without_devices(mut self) -> Self {
        self.may_have_devices &= matches!(
            self.rule,
            Rule::DamagedFile
                | Rule::TooLarge
                | Rule::Workbook
                | Rule::EmptyFile
                | Rule::AmbiguousColumn
        );
        self
    }

    pub(crate) fn may_have_devices(&self) -> bool {
        self.may_have_devices
    }

    pub(crate) fn into_finding(self, source: &Arc<str>) -> Finding {
        Finding::new(source, self.line, self.rule, self.message)
    }

    /// Returns the note about a file that is skipped because it is not a list of devices.
    pub(crate) fn into_note(self, source: &Arc<str>) -> Finding {
        let reason = match self.rule {
            Rule::Json | Rule::Xml => self.message.into_owned(),
            _ => format!("{}, not a list of devices", self.message),
        };
        skipped(source, &reason)
    }
}

/// Returns the note about a file that is skipped for a reason.
pub(crate) fn skipped(source: &Arc<str>, reason: &str) -> Finding {
    Finding::new(source, None, Rule::SkippedFile, format!("{reason}; it is skipped"))
}
