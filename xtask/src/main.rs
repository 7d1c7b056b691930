//! `cargo xtask`: the tasks of this repository that are written in Rust.
//!
//! `codegen` generates the files that are committed but not edited. `lint` checks the spec, `style` the prose, and `layout`
//! the size and imports of files. `book` builds the book. `fuzz` runs the fuzz targets. `notices` writes the licenses of the
//! program's dependencies, and `dist` makes the files of a release.
#![allow(clippy::print_stdout, clippy::print_stderr)] // tasks print to the terminal

mod book;
mod codegen;
mod dist;
mod fuzz;
mod generate;
mod generated_files;
mod layout;
mod lint;
mod notices;
mod pins;
mod prepare;
mod public_api;
mod samples;
mod spec;
mod style;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Generate committed files and check the repository")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate the files that are committed but not edited
    Codegen {
        /// Write nothing; print the differences and fail if there are any
        #[arg(long)]
        check: bool,
        /// The parts to generate [default: all]
        #[arg(value_enum)]
        parts: Vec<codegen::Part>,
    },
    /// Check the conventions of spec/device-deployment.yaml
    Lint,
    /// Flag idioms that the project's prose avoids, with a suggestion for each
    Style {
        /// Print only the table of counts
        #[arg(long)]
        summary: bool,
        /// The files and folders to check [default: the whole repository]
        paths: Vec<PathBuf>,
    },
    /// Check the size of files and the imports between them
    Layout,
    /// Build the book in docs/ with mdBook, into the folder `book` of the target folder
    Book,
    /// Run the fuzz targets in fuzz/ one after another, seeded with the documented exchanges and the samples
    Fuzz {
        /// The number of seconds to run each target
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// The targets to run, named after the files in fuzz/fuzz_targets [default: all]
        targets: Vec<String>,
    },
    /// Write the licenses of the crates that are part of pcdevices, for packages
    Notices {
        /// A feature of the packaged program
        #[arg(long)]
        features: Vec<String>,
        /// The file to write [default: THIRD-PARTY-NOTICES.txt in the target folder]
        path: Option<PathBuf>,
    },
    /// Make the files of a release: archives, checksums, a bill of materials and package manifests
    Dist(dist::Args),
}

fn main() -> ExitCode {
    if let Some(code) = public_api::as_rustdoc() {
        return code;
    }
    match run(Args::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent folder")?;
    match command {
        Command::Codegen { check, parts } => codegen::run(root, &parts, check),
        Command::Lint => lint(root),
        Command::Style { summary, paths } => style::run(root, &paths, summary),
        Command::Layout => layout::run(root),
        Command::Book => book::run(root),
        Command::Fuzz { seconds, targets } => fuzz::run(root, seconds, &targets),
        Command::Notices { features, path } => notices::run(root, path, &features),
        Command::Dist(args) => dist::run(root, &args),
    }
}

fn lint(root: &Path) -> Result<ExitCode> {
    let (spec, _) = spec::load(&root.join(spec::PATH))?;
    if !lint::print_problems(&spec) {
        return Ok(ExitCode::FAILURE);
    }
    println!("{}: no problems found", spec::PATH);
    Ok(ExitCode::SUCCESS)
}
