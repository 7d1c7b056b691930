//! The targets of a release, by Rust's names for them.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result, bail};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum System {
    Linux,
    MacOs,
    Windows,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Processor {
    Arm64,
    X64,
}

/// A target such as `x86_64-unknown-linux-musl`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Target {
    pub(super) triple: String,
    pub(super) system: System,
    pub(super) processor: Processor,
}

impl FromStr for Target {
    type Err = anyhow::Error;

    fn from_str(triple: &str) -> Result<Self> {
        let system = if triple.contains("-windows-") {
            System::Windows
        } else if triple.ends_with("-apple-darwin") {
            System::MacOs
        } else if triple.contains("-linux-") {
            System::Linux
        } else {
            bail!(
                "'{triple}' is not a target for Linux, macOS or Windows; list them: rustc --print target-list"
            );
        };
        let processor = match triple.split('-').next() {
            Some("x86_64") => Processor::X64,
            Some("aarch64") => Processor::Arm64,
            _ => bail!("the processor of '{triple}' is neither x86_64 nor aarch64"),
        };
        Ok(Self { triple: triple.to_owned(), system, processor })
    }
}

impl Target {
    pub(super) fn is_windows(&self) -> bool {
        self.system == System::Windows
    }

    /// True if the program contains its C library.
    pub(super) fn is_static(&self) -> bool {
        self.triple.ends_with("-musl")
    }

    /// The name of the program's file.
    pub(super) fn program(&self) -> &'static str {
        if self.is_windows() { "pcdevices.exe" } else { "pcdevices" }
    }

    /// The name of the archive without its extension, and of the folder in it.
    pub(super) fn folder(&self, version: &str) -> String {
        format!("pcdevices-{version}-{}", self.triple)
    }

    pub(super) fn archive(&self, version: &str) -> String {
        let extension = if self.is_windows() { "zip" } else { "tar.gz" };
        format!("{}.{extension}", self.folder(version))
    }

    /// True if a program for this target runs on `host` without another program.
    pub(super) fn runs_on(&self, host: &Target) -> bool {
        self.system == host.system && self.processor == host.processor
    }
}

/// A program that was built before: `TARGET=FILE`.
#[derive(Clone, Debug)]
pub(super) struct Built {
    pub(super) target: Target,
    pub(super) file: PathBuf,
}

impl FromStr for Built {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (target, file) = text
            .split_once('=')
            .context("write TARGET=FILE, such as x86_64-pc-windows-msvc=pcdevices.exe")?;
        Ok(Self { target: target.parse()?, file: file.into() })
    }
}
