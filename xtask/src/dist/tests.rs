use jiff::Timestamp;

use super::archive::{Entry, pack, unpack};
use super::manifests::{Archive, Release};
use super::target::{Built, Target};
use super::{MAX_WINDOWS, check_size, contents, libraries, sums};

fn target(triple: &str) -> Target {
    triple.parse().unwrap()
}

#[test]
fn a_target_decides_the_names_of_its_files() {
    for (triple, archive, program) in [
        (
            "x86_64-unknown-linux-musl",
            "pcdevices-1.2.3-x86_64-unknown-linux-musl.tar.gz",
            "pcdevices",
        ),
        ("aarch64-apple-darwin", "pcdevices-1.2.3-aarch64-apple-darwin.tar.gz", "pcdevices"),
        ("x86_64-pc-windows-msvc", "pcdevices-1.2.3-x86_64-pc-windows-msvc.zip", "pcdevices.exe"),
        ("aarch64-pc-windows-msvc", "pcdevices-1.2.3-aarch64-pc-windows-msvc.zip", "pcdevices.exe"),
        ("x86_64-pc-windows-gnu", "pcdevices-1.2.3-x86_64-pc-windows-gnu.zip", "pcdevices.exe"),
    ] {
        let target = target(triple);
        assert_eq!((&*target.archive("1.2.3"), target.program()), (archive, program));
    }
}

#[test]
fn other_targets_are_refused() {
    for triple in ["wasm32-unknown-unknown", "riscv64gc-unknown-linux-gnu", "linux", ""] {
        assert!(triple.parse::<Target>().is_err(), "{triple}");
    }
    assert!("pcdevices.exe".parse::<Built>().is_err());
    let built: Built = "x86_64-pc-windows-msvc=a=b.exe".parse().unwrap();
    assert_eq!(built.file.to_str(), Some("a=b.exe"));
}

#[test]
fn a_static_program_runs_on_the_host_with_another_c_library() {
    let host = target("x86_64-unknown-linux-gnu");
    assert!(target("x86_64-unknown-linux-musl").runs_on(&host));
    assert!(!target("aarch64-unknown-linux-musl").runs_on(&host));
    assert!(!target("x86_64-pc-windows-msvc").runs_on(&host));
}

#[test]
fn libraries_must_be_part_of_the_system() {
    for (triple, library, is_allowed) in [
        ("x86_64-unknown-linux-gnu", "libc.so.6", true),
        ("x86_64-unknown-linux-gnu", "libssl.so.3", false),
        ("x86_64-unknown-linux-musl", "libc.so", false),
        ("x86_64-unknown-linux-musl", "libc.so.6", false),
        ("aarch64-apple-darwin", "/usr/lib/libSystem.B.dylib", true),
        ("aarch64-apple-darwin", "/opt/homebrew/lib/libssl.dylib", false),
        ("x86_64-pc-windows-msvc", "KERNEL32.dll", true),
        ("x86_64-pc-windows-msvc", "api-ms-win-core-synch-l1-2-0.dll", true),
        ("x86_64-pc-windows-msvc", "VCRUNTIME140.dll", false),
        ("x86_64-pc-windows-gnu", "libgcc_s_seh-1.dll", false),
    ] {
        let checked = libraries::check(&target(triple), &[library.to_owned()]);
        assert_eq!(checked.is_ok(), is_allowed, "{triple} {library}");
    }
}

#[test]
fn reads_the_libraries_of_this_test() {
    let test = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    assert!(!libraries::needed(&test).unwrap().is_empty());
    assert!(libraries::needed(b"#!/bin/sh").is_err());
}

#[test]
fn only_windows_has_a_size_limit() {
    assert!(check_size(&target("x86_64-pc-windows-msvc"), MAX_WINDOWS - 1).is_ok());
    assert!(check_size(&target("x86_64-pc-windows-msvc"), MAX_WINDOWS).is_err());
    assert!(check_size(&target("x86_64-unknown-linux-musl"), MAX_WINDOWS).is_ok());
}

#[test]
fn archives_depend_on_neither_the_order_nor_the_day() {
    let time = Timestamp::from_second(1_790_000_000).unwrap();
    let program = Entry { path: "pcdevices".into(), content: b"elf".to_vec(), is_executable: true };
    let page = Entry::new("man/pcdevices.1", "page");
    for name in ["a.tar.gz", "a.zip"] {
        let one = pack(name, "a", &[program.clone(), page.clone()], time).unwrap();
        let other = pack(name, "a", &[page.clone(), program.clone()], time).unwrap();
        assert!(one == other, "{name}");

        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(name);
        std::fs::write(&file, one).unwrap();
        unpack(&file, directory.path()).unwrap();
        let program = directory.path().join("a/pcdevices");
        assert_eq!(std::fs::read(&program).unwrap(), b"elf");
        assert_eq!(std::fs::read(directory.path().join("a/man/pcdevices.1")).unwrap(), b"page");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(program.metadata().unwrap().permissions().mode() & 0o777, 0o755);
        }
    }
}

#[test]
fn sums_are_sorted_by_name() {
    let files = [("b.zip", "22"), ("a.zip", "11")].map(|(name, sum)| (name.into(), sum.into()));
    assert_eq!(sums(files.to_vec()), "11  a.zip\n22  b.zip\n");
}

#[test]
fn the_readme_names_the_repository() {
    let readme = contents::readme("https://github.com/contoso/devices");
    assert!(readme.contains("The guide is at <https://github.com/contoso/devices>."), "{readme}");
}

/// Returns the manifests whose path starts with `kind`.
fn manifests(kind: &str, targets: &[&str]) -> String {
    let archives: Vec<_> = targets
        .iter()
        .zip('a'..)
        .map(|(triple, letter)| Archive {
            target: target(triple),
            sha256: letter.to_string().repeat(8),
        })
        .collect();
    let release = Release {
        version: "1.2.3",
        repository: "https://github.com/contoso/partner-center-devices",
        description: "Registers devices",
        archives: &archives,
    };
    let manifests = release.manifests().into_iter().filter(|(path, _)| path.starts_with(kind));
    manifests.map(|(path, text)| format!("--- {path}\n{text}")).collect()
}

#[test]
fn manifests_for_winget() {
    insta::assert_snapshot!(manifests("winget/", &["aarch64-pc-windows-msvc", "x86_64-pc-windows-msvc"]), @r##"
--- winget/contoso.pcdevices.yaml
# yaml-language-server: $schema=https://aka.ms/winget-manifest.version.1.10.0.schema.json

PackageIdentifier: contoso.pcdevices
PackageVersion: 1.2.3
DefaultLocale: en-US
ManifestType: version
ManifestVersion: 1.10.0
--- winget/contoso.pcdevices.installer.yaml
# yaml-language-server: $schema=https://aka.ms/winget-manifest.installer.1.10.0.schema.json

PackageIdentifier: contoso.pcdevices
PackageVersion: 1.2.3
InstallerType: zip
NestedInstallerType: portable
ArchiveBinariesDependOnPath: false
Commands:
- pcdevices
Installers:
- Architecture: arm64
  NestedInstallerFiles:
  - RelativeFilePath: pcdevices-1.2.3-aarch64-pc-windows-msvc\pcdevices.exe
    PortableCommandAlias: pcdevices
  InstallerUrl: https://github.com/contoso/partner-center-devices/releases/download/v1.2.3/pcdevices-1.2.3-aarch64-pc-windows-msvc.zip
  InstallerSha256: AAAAAAAA
- Architecture: x64
  NestedInstallerFiles:
  - RelativeFilePath: pcdevices-1.2.3-x86_64-pc-windows-msvc\pcdevices.exe
    PortableCommandAlias: pcdevices
  InstallerUrl: https://github.com/contoso/partner-center-devices/releases/download/v1.2.3/pcdevices-1.2.3-x86_64-pc-windows-msvc.zip
  InstallerSha256: BBBBBBBB
ManifestType: installer
ManifestVersion: 1.10.0
--- winget/contoso.pcdevices.locale.en-US.yaml
# yaml-language-server: $schema=https://aka.ms/winget-manifest.defaultLocale.1.10.0.schema.json

PackageIdentifier: contoso.pcdevices
PackageVersion: 1.2.3
PackageLocale: en-US
Publisher: contoso
PublisherUrl: https://github.com/contoso
PublisherSupportUrl: https://github.com/contoso/partner-center-devices/issues
PackageName: pcdevices
PackageUrl: https://github.com/contoso/partner-center-devices
License: MIT OR Apache-2.0
LicenseUrl: https://github.com/contoso/partner-center-devices/blob/v1.2.3/LICENSE-MIT
ShortDescription: "Registers devices"
Moniker: pcdevices
Tags:
- autopilot
- partner-center
- windows-autopilot
ReleaseNotesUrl: https://github.com/contoso/partner-center-devices/releases/tag/v1.2.3
ManifestType: defaultLocale
ManifestVersion: 1.10.0
"##);
}

#[test]
fn a_manifest_for_scoop() {
    insta::assert_snapshot!(manifests("scoop/", &["aarch64-pc-windows-msvc", "x86_64-pc-windows-msvc"]), @r##"
--- scoop/pcdevices.json
{
  "architecture": {
    "64bit": {
      "extract_dir": "pcdevices-1.2.3-x86_64-pc-windows-msvc",
      "hash": "bbbbbbbb",
      "url": "https://github.com/contoso/partner-center-devices/releases/download/v1.2.3/pcdevices-1.2.3-x86_64-pc-windows-msvc.zip"
    },
    "arm64": {
      "extract_dir": "pcdevices-1.2.3-aarch64-pc-windows-msvc",
      "hash": "aaaaaaaa",
      "url": "https://github.com/contoso/partner-center-devices/releases/download/v1.2.3/pcdevices-1.2.3-aarch64-pc-windows-msvc.zip"
    }
  },
  "autoupdate": {
    "architecture": {
      "64bit": {
        "extract_dir": "pcdevices-$version-x86_64-pc-windows-msvc",
        "url": "https://github.com/contoso/partner-center-devices/releases/download/v$version/pcdevices-$version-x86_64-pc-windows-msvc.zip"
      },
      "arm64": {
        "extract_dir": "pcdevices-$version-aarch64-pc-windows-msvc",
        "url": "https://github.com/contoso/partner-center-devices/releases/download/v$version/pcdevices-$version-aarch64-pc-windows-msvc.zip"
      }
    },
    "hash": {
      "url": "$baseurl/SHA256SUMS"
    }
  },
  "bin": "pcdevices.exe",
  "checkver": "github",
  "description": "Registers devices",
  "homepage": "https://github.com/contoso/partner-center-devices",
  "license": "MIT|Apache-2.0",
  "version": "1.2.3"
}
"##);
}

#[test]
fn a_formula_for_homebrew() {
    insta::assert_snapshot!(manifests("homebrew/", &[
        "aarch64-apple-darwin",
        "aarch64-unknown-linux-musl",
        "x86_64-apple-darwin",
        "x86_64-unknown-linux-musl",
    ]), @r##"
--- homebrew/pcdevices.rb
class Pcdevices < Formula
  desc "Registers devices"
  homepage "https://github.com/contoso/partner-center-devices"
  version "1.2.3"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "https://github.com/contoso/partner-center-devices/releases/download/v1.2.3/pcdevices-1.2.3-aarch64-apple-darwin.tar.gz"
      sha256 "aaaaaaaa"
    end
    on_intel do
      url "https://github.com/contoso/partner-center-devices/releases/download/v1.2.3/pcdevices-1.2.3-x86_64-apple-darwin.tar.gz"
      sha256 "cccccccc"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/contoso/partner-center-devices/releases/download/v1.2.3/pcdevices-1.2.3-aarch64-unknown-linux-musl.tar.gz"
      sha256 "bbbbbbbb"
    end
    on_intel do
      url "https://github.com/contoso/partner-center-devices/releases/download/v1.2.3/pcdevices-1.2.3-x86_64-unknown-linux-musl.tar.gz"
      sha256 "dddddddd"
    end
  end

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
"##);
}
