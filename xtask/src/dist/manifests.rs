//! Manifests of package managers: WinGet, Scoop and Homebrew. The release attaches them; a person submits them.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::target::{Processor, System, Target};

/// The facts about a release in the manifests.
pub(super) struct Release<'a> {
    pub(super) version: &'a str,
    /// Such as `https://github.com/contoso/partner-center-devices`.
    pub(super) repository: &'a str,
    pub(super) description: &'a str,
    pub(super) archives: &'a [Archive],
}

pub(super) struct Archive {
    pub(super) target: Target,
    pub(super) sha256: String,
}

/// A file to write: its path below the directory of the release, and its text.
pub(super) type Manifest = (String, String);

/// The newest version of WinGet's manifests that its repository of packages accepts
/// (<https://github.com/microsoft/winget-cli/tree/master/schemas/JSON/manifests>).
const WINGET: &str = "1.10.0";

impl Release<'_> {
    /// Returns the manifests that the archives allow: without an archive for Windows, none for WinGet and Scoop.
    pub(super) fn manifests(&self) -> Vec<Manifest> {
        let mut manifests = Vec::new();
        if self.of(System::Windows).next().is_some() {
            manifests.extend(self.winget());
            let scoop = serde_json::to_string_pretty(&self.scoop()).unwrap_or_default();
            manifests.push(("scoop/pcdevices.json".to_owned(), scoop + "\n"));
        }
        if self.archives.iter().any(|archive| !archive.target.is_windows()) {
            manifests.push(("homebrew/pcdevices.rb".to_owned(), self.homebrew()));
        }
        manifests
    }

    fn of(&self, system: System) -> impl Iterator<Item = &Archive> {
        self.archives.iter().filter(move |archive| archive.target.system == system)
    }

    /// The owner in the address of the repository.
    fn owner(&self) -> &str {
        self.repository.rsplit('/').nth(1).unwrap_or("OWNER")
    }

    fn url(&self, target: &Target) -> String {
        format!(
            "{}/releases/download/v{1}/{2}",
            self.repository,
            self.version,
            target.archive(self.version)
        )
    }

    fn winget(&self) -> [Manifest; 3] {
        let (owner, version, repository) = (self.owner(), self.version, self.repository);
        let id = format!("{owner}.pcdevices");
        let head = |kind: &str| {
            format!(
                "# yaml-language-server: $schema=https://aka.ms/winget-manifest.{kind}.{WINGET}.schema.json\n\n\
                 PackageIdentifier: {id}\nPackageVersion: {version}\n"
            )
        };
        let tail = |kind: &str| format!("ManifestType: {kind}\nManifestVersion: {WINGET}\n");

        let index = format!("{}DefaultLocale: en-US\n{}", head("version"), tail("version"));
        let mut installer = head("installer");
        installer.push_str(
            "InstallerType: zip\nNestedInstallerType: portable\nArchiveBinariesDependOnPath: false\n\
             Commands:\n- pcdevices\nInstallers:\n",
        );
        for Archive { target, sha256 } in self.of(System::Windows) {
            let processor = match target.processor {
                Processor::Arm64 => "arm64",
                Processor::X64 => "x64",
            };
            let _ = write!(
                installer,
                "- Architecture: {processor}\n  NestedInstallerFiles:\n  - RelativeFilePath: {}\\{}\n    \
                 PortableCommandAlias: pcdevices\n  InstallerUrl: {}\n  InstallerSha256: {}\n",
                target.folder(version),
                target.program(),
                self.url(target),
                sha256.to_uppercase(),
            );
        }
        installer.push_str(&tail("installer"));
        let locale = format!(
            "{}PackageLocale: en-US\nPublisher: {owner}\nPublisherUrl: https://github.com/{owner}\n\
             PublisherSupportUrl: {repository}/issues\nPackageName: pcdevices\nPackageUrl: {repository}\n\
             License: MIT OR Apache-2.0\nLicenseUrl: {repository}/blob/v{version}/LICENSE-MIT\n\
             ShortDescription: {}\nMoniker: pcdevices\nTags:\n- autopilot\n- partner-center\n- windows-autopilot\n\
             ReleaseNotesUrl: {repository}/releases/tag/v{version}\n{}",
            head("defaultLocale"),
            Value::from(self.description), // JSON text is YAML text too
            tail("defaultLocale"),
        );
        let path = |part: &str| format!("winget/{id}{part}.yaml");
        [(path(""), index), (path(".installer"), installer), (path(".locale.en-US"), locale)]
    }

    fn scoop(&self) -> Value {
        let mut architecture = json!({});
        let mut update = json!({});
        for Archive { target, sha256 } in self.of(System::Windows) {
            let processor = match target.processor {
                Processor::Arm64 => "arm64",
                Processor::X64 => "64bit",
            };
            architecture[processor] = json!({
                "url": self.url(target),
                "hash": sha256,
                "extract_dir": target.folder(self.version),
            });
            let next = Release { version: "$version", ..*self };
            update[processor] =
                json!({ "url": next.url(target), "extract_dir": target.folder("$version") });
        }
        json!({
            "version": self.version,
            "description": self.description,
            "homepage": self.repository,
            "license": "MIT|Apache-2.0",
            "architecture": architecture,
            "bin": "pcdevices.exe",
            "checkver": "github",
            "autoupdate": {
                "architecture": update,
                "hash": { "url": "$baseurl/SHA256SUMS" },
            },
        })
    }

    fn homebrew(&self) -> String {
        let mut formula = format!(
            "class Pcdevices < Formula\n  desc {}\n  homepage \"{}\"\n  version \"{}\"\n  \
             license any_of: [\"MIT\", \"Apache-2.0\"]\n",
            Value::from(self.description),
            self.repository,
            self.version,
        );
        for (system, block) in [(System::MacOs, "on_macos"), (System::Linux, "on_linux")] {
            if self.of(system).next().is_none() {
                continue;
            }
            let _ = write!(formula, "\n  {block} do\n");
            for Archive { target, sha256 } in self.of(system) {
                let processor = match target.processor {
                    Processor::Arm64 => "on_arm",
                    Processor::X64 => "on_intel",
                };
                let _ = write!(
                    formula,
                    "    {processor} do\n      url \"{}\"\n      sha256 \"{sha256}\"\n    end\n",
                    self.url(target),
                );
            }
            formula.push_str("  end\n");
        }
        formula.push_str(INSTALLATION);
        formula
    }
}

const INSTALLATION: &str = r##"
  def install
    bin.install "pcdevices"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/pcdevices.bash" => "pcdevices"
    fish_completion.install "completions/pcdevices.fish"
    zsh_completion.install "completions/_pcdevices"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/pcdevices --version")
  end
end
"##;
