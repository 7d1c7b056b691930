//! `cargo xtask dist`: the files of a release, in the folder `dist` of the target directory. It uploads nothing.
//!
//! It builds the program, or takes programs that were built before, and writes one archive for each, their checksums, the
//! software bill of materials and the manifests of package managers. The same sources and programs give the same files.
//! `--dry-run` also unpacks each archive and runs its program.

mod archive;
mod contents;
mod libraries;
mod manifests;
mod sbom;
mod target;
#[cfg(test)]
mod tests;
mod trial;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::notices;
use archive::Entry;
use manifests::{Archive, Release};
use target::{Built, Target};

/// The largest program for Windows: users load it over a slow line, and scanners read all of it.
const MAX_WINDOWS: usize = 25_000_000;

const SUMS: &str = "SHA256SUMS";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A program that was built before, to pack instead of a new build; repeat it for more targets
    #[arg(long = "program", value_name = "TARGET=FILE")]
    programs: Vec<Built>,
    /// The target to build the program for [default: this machine]
    #[arg(long, value_name = "TARGET", conflicts_with = "programs")]
    target: Option<Target>,
    /// Another file of the release, such as an installer: it is copied, and SHA256SUMS lists it
    #[arg(long = "attach", value_name = "FILE")]
    attached: Vec<PathBuf>,
    /// Unpack each archive into an empty directory and run its program there
    #[arg(long)]
    dry_run: bool,
    /// The command that runs programs for other systems in a dry run, such as wine
    #[arg(long, value_name = "COMMAND", requires = "dry_run")]
    runner: Option<String>,
}

/// The facts about the workspace.
struct Workspace {
    root: PathBuf,
    directory: PathBuf,
    metadata: Value,
    version: String,
    description: String,
    repository: String,
    time: Timestamp,
}

pub(crate) fn run(root: &Path, args: &Args) -> Result<ExitCode> {
    let workspace = Workspace::read(root)?;
    let host = host()?;
    let mut programs = args.programs.clone();
    if programs.is_empty() {
        programs.push(build(&workspace, args.target.as_ref(), &host)?);
    }
    programs.sort_by(|a, b| a.target.triple.cmp(&b.target.triple));
    ensure!(
        programs.windows(2).all(|pair| pair[0].target != pair[1].target),
        "--program names a target twice"
    );

    let dist = workspace.directory.join("dist");
    if dist.exists() {
        std::fs::remove_dir_all(&dist)
            .with_context(|| format!("cannot remove the last release in {}", dist.display()))?;
    }
    std::fs::create_dir_all(&dist)?;

    let common = common_files(&workspace, &host, &programs)?;
    let mut files = Vec::new();
    let mut archives = Vec::new();
    for program in &programs {
        let archive = pack(&workspace, &dist, program, &common)?;
        files.push((program.target.archive(&workspace.version), archive.sha256.clone()));
        archives.push(archive);
    }
    write_documents(&workspace, &dist, &archives, &args.attached, files)?;

    if args.dry_run {
        for program in &programs {
            try_archive(&workspace, &dist, &program.target, &host, args.runner.as_deref())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Workspace {
    fn read(root: &Path) -> Result<Self> {
        let metadata = notices::metadata(root, &[])?;
        let packages = metadata["packages"].as_array().into_iter().flatten();
        let mut programs = packages.filter(|package| package["name"] == notices::packages::PROGRAM);
        let program = programs.next().context("the workspace has no program")?;
        let text = |value: &Value, field: &str| {
            let text = value[field].as_str().map(str::to_owned);
            text.with_context(|| format!("the package of the program has no {field}"))
        };
        Ok(Self {
            root: root.to_owned(),
            directory: text(&metadata, "target_directory")?.into(),
            version: text(program, "version")?,
            description: text(program, "description")?,
            repository: text(program, "repository")?.trim_end_matches('/').to_owned(),
            time: commit_time(root)?,
            metadata,
        })
    }
}

/// Returns the time of the commit: the time of every file in the archives.
fn commit_time(root: &Path) -> Result<Timestamp> {
    let output = Command::new("git")
        .current_dir(root)
        .args(["log", "-1", "--format=%ct"])
        .output()
        .context("cannot run git")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let seconds =
        text.trim().parse().context("git log printed no time; is this a git checkout?")?;
    Ok(Timestamp::from_second(seconds)?)
}

/// Returns the target of this machine's compiler.
fn host() -> Result<Target> {
    let output = Command::new("rustc").arg("-vV").output().context("cannot run rustc")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.context("rustc printed no host")?.parse()
}

/// Builds the program for `target`, or for this machine from the files of an earlier `cargo build --release`.
fn build(workspace: &Workspace, target: Option<&Target>, host: &Target) -> Result<Built> {
    let mut command = Command::new("cargo");
    command.current_dir(&workspace.root);
    command.args(["build", "--release", "--locked", "--package", notices::packages::PROGRAM]);
    let mut directory = workspace.directory.clone();
    if let Some(target) = target {
        command.args(["--target", &target.triple]);
        directory.push(&target.triple);
    }
    let target = target.unwrap_or(host);
    let status = command.status().context("cannot run cargo")?;
    ensure!(status.success(), "cannot build the program for {}", target.triple);
    Ok(Built { target: target.clone(), file: directory.join("release").join(target.program()) })
}

/// Returns the files that are the same in each archive.
fn common_files(workspace: &Workspace, host: &Target, programs: &[Built]) -> Result<Vec<Entry>> {
    let runs = programs.iter().find(|program| program.target.runs_on(host));
    let built;
    let program = match runs {
        Some(program) => &program.file,
        None => {
            println!("completions and manual pages: building the program for {}", host.triple);
            built = build(workspace, None, host)?;
            &built.file
        }
    };
    let program = std::path::absolute(program)?;
    let (notices, _) = notices::text(&workspace.root, &workspace.metadata)?;
    contents::common(&workspace.root, &program, &workspace.repository, notices)
}

/// Checks a program and writes its archive.
fn pack(workspace: &Workspace, dist: &Path, built: &Built, common: &[Entry]) -> Result<Archive> {
    let target = &built.target;
    let content = std::fs::read(&built.file)
        .with_context(|| format!("cannot read the program {}", built.file.display()))?;
    let needed = libraries::needed(&content)
        .with_context(|| format!("cannot examine {}", built.file.display()))?;
    libraries::check(target, &needed)?;
    check_size(target, content.len())?;
    let needs = if needed.is_empty() { "no library".to_owned() } else { needed.join(", ") };
    println!("{}: {} bytes, needs {needs}", target.triple, content.len());

    let mut entries = common.to_vec();
    entries.push(Entry { path: target.program().to_owned(), content, is_executable: true });
    let name = target.archive(&workspace.version);
    let folder = target.folder(&workspace.version);
    let bytes = archive::pack(&name, &folder, &entries, workspace.time)?;
    write(&dist.join(&name), &bytes)?;
    Ok(Archive { target: target.clone(), sha256: sha256(&bytes) })
}

fn check_size(target: &Target, bytes: usize) -> Result<()> {
    ensure!(
        !target.is_windows() || bytes < MAX_WINDOWS,
        "the program for {} has {bytes} bytes; the limit is {MAX_WINDOWS}: look for a new dependency or debug information",
        target.triple
    );
    Ok(())
}

/// Writes all files except the archives; `files` are the archives with their checksums.
fn write_documents(
    workspace: &Workspace,
    dist: &Path,
    archives: &[Archive],
    attached: &[PathBuf],
    mut files: Vec<(String, String)>,
) -> Result<()> {
    let lock = std::fs::read_to_string(workspace.root.join("Cargo.lock"))?;
    let version = &workspace.version;
    let time = workspace.time.to_string();
    let sbom = sbom::document(&workspace.metadata, &lock, version, &time)?;
    let sbom = serde_json::to_vec_pretty(&sbom)?;
    let name = format!("pcdevices-{version}.cdx.json");
    write(&dist.join(&name), &sbom)?;
    files.push((name, sha256(&sbom)));

    for file in attached {
        let name = file.file_name().context("--attach names a directory")?.to_string_lossy();
        let bytes =
            std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        write(&dist.join(&*name), &bytes)?;
        files.push((name.into_owned(), sha256(&bytes)));
    }
    write(&dist.join(SUMS), sums(files).as_bytes())?;

    let release = Release {
        version,
        repository: &workspace.repository,
        description: &workspace.description,
        archives,
    };
    for (path, text) in release.manifests() {
        write(&dist.join(path), text.as_bytes())?;
    }
    Ok(())
}

/// The format of `sha256sum`, sorted by name.
fn sums(mut files: Vec<(String, String)>) -> String {
    files.sort();
    files.into_iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{}: {} bytes", path.display(), bytes.len());
    Ok(())
}

fn try_archive(
    workspace: &Workspace,
    dist: &Path,
    target: &Target,
    host: &Target,
    runner: Option<&str>,
) -> Result<()> {
    let version = &workspace.version;
    let runner = if target.runs_on(host) { None } else { runner };
    if !target.runs_on(host) && runner.is_none() {
        println!("{}: not run; name a command that can run it: --runner", target.archive(version));
        return Ok(());
    }
    let archive = dist.join(target.archive(version));
    trial::run(&archive, &workspace.directory, &target.folder(version), target.program(), runner)?;
    println!("{}: its program runs", target.archive(version));
    Ok(())
}
