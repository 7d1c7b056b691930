//! The arguments of `pcdevices export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use partner_center_devices_fleet::ExportFormat;

use crate::args::path;
use crate::errors::Exit;

#[derive(Args)]
pub(crate) struct Export {
    /// Files as for `pcdevices upload`, exported together; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// The place that registers the devices
    #[arg(long, value_name = "PLACE", value_enum)]
    pub(crate) to: Registrar,

    /// The file to write, or - for standard output; if the devices need several files, the others are FILE-2, FILE-3
    /// and so on [default: -]
    #[arg(long, short, value_name = "FILE", value_parser = path())]
    pub(crate) output: Option<PathBuf>,

    /// Replace files that already exist
    #[arg(long)]
    pub(crate) force: bool,

    /// Export the other rows if some are invalid or do not fit the format; those are written to a file to correct, and
    /// the exit code is 3
    #[arg(long)]
    pub(crate) skip_invalid: bool,

    /// Write the rows that are left out to this new file [default: NAME.invalid.csv next to each file]
    #[arg(long, value_name = "FILE", value_parser = path(), requires = "skip_invalid")]
    pub(crate) invalid_rows: Option<PathBuf>,
}

/// The place that a file is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Registrar {
    /// The page for devices in Partner Center: at most 1,000 devices per file
    PartnerCenter,
    /// The list of Autopilot devices in Intune: at most 500 devices per file; each needs a hardware hash and a serial number
    Intune,
    /// The list of corporate device identifiers in Intune: at most 5,000 devices or 5 MB per file; each needs manufacturer, model
    /// and serial number
    CorporateIdentifiers,
}

impl Registrar {
    pub(crate) fn format(self) -> ExportFormat {
        match self {
            Self::PartnerCenter => ExportFormat::PartnerCenter,
            Self::Intune => ExportFormat::Intune,
            Self::CorporateIdentifiers => ExportFormat::CorporateIdentifiers,
        }
    }

    /// Returns the name in a sentence.
    pub(crate) fn shown(self) -> &'static str {
        match self {
            Self::PartnerCenter => "Partner Center",
            Self::Intune | Self::CorporateIdentifiers => "Intune",
        }
    }
}

/// Returns the exit codes for `--help`.
pub(crate) fn exit_codes() -> String {
    Exit::help_with(&[
        (Exit::Success, "every device is in the output"),
        (Exit::InvalidFile, "a file cannot be read or written, or some rows are not in the output"),
    ])
}
