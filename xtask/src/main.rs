//! `cargo xtask`: makes what is committed but not written by hand, and checks that it is what it would make.
//!
//! `regen` goes spec -> lint -> prepare -> progenitor -> `crates/raw/src/{generated,generated_enums}.rs` and writes
//! `spec/pins.txt`, the fingerprints of everything that went in. `samples` makes the fleets in `samples/`. `fuzz`
//! runs the targets of `fuzz/`. `public-api` lists what the libraries offer.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a command speaks on its terminal

mod fuzz;
mod generate;
mod lint;
mod made;
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
#[command(name = "cargo xtask", about = "Make and check what is committed but not written by hand")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the raw crate's code from spec/device-deployment.yaml
    Regen {
        /// Write nothing: print what would change as a diff, and fail if anything would
        #[arg(long)]
        check: bool,
    },
    /// Check the spec's conventions and stop
    Lint,
    /// List the public API of each library in its public-api.txt
    PublicApi {
        /// Write nothing: print what would change as a diff, and fail if anything would
        #[arg(long)]
        check: bool,
    },
    /// Run the fuzz targets in fuzz/, one after another, from the documented exchanges and the samples
    Fuzz {
        /// How long each target runs, in seconds
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// The targets to run: the files of fuzz/fuzz_targets [default: all]
        targets: Vec<String>,
    },
    /// Flag idioms that the project's prose avoids, with a suggestion for each
    Style {
        /// Print only the table of counts
        #[arg(long)]
        summary: bool,
        /// The files and folders to check [default: the whole repository]
        paths: Vec<PathBuf>,
    },
    /// Make the sample fleets in samples/
    Samples {
        /// Write nothing: name what is stale, and fail if anything is
        #[arg(long)]
        check: bool,
    },
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
    match &command {
        Command::Samples { check } => return samples::run(root, *check),
        Command::Fuzz { seconds, targets } => return fuzz::run(root, *seconds, targets),
        Command::PublicApi { check } => return public_api::run(root, *check),
        Command::Style { summary, paths } => return style::run(root, paths, *summary),
        Command::Regen { .. } | Command::Lint => {}
    }
    let (spec, text) = spec::load(&root.join(spec::PATH))?;
    let problems = lint::lint(&spec);
    if !problems.is_empty() {
        for problem in &problems {
            eprintln!("{}: {problem}\n", spec::PATH);
        }
        eprintln!("error: {} problem(s) in the spec; nothing was generated", problems.len());
        return Ok(ExitCode::FAILURE);
    }
    let Command::Regen { check } = command else {
        println!("{}: no problem found", spec::PATH);
        return Ok(ExitCode::SUCCESS);
    };

    let code = generate::generate(&spec)?;
    let made: Vec<(PathBuf, String)> = vec![
        ("crates/raw/src/generated.rs".into(), code.client),
        ("crates/raw/src/generated_enums.rs".into(), code.open_enums),
        (pins::PATH.into(), pins::render(root, &text)?),
    ];
    made::settle(root, &made, check, "what the spec makes", "cargo xtask regen")
}
