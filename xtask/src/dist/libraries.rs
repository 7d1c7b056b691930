//! The shared libraries that a program needs on the machine of its user.

use anyhow::{Context, Result, bail};
use object::Object as _;

use super::target::{System, Target};

/// The libraries of glibc, with the dynamic loaders. libgcc_s is on every system with glibc and a package manager.
const GLIBC: &[&str] = &[
    "ld-linux-aarch64.so.1",
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
];

/// DLLs of Windows 10 and later. VCRUNTIME140.dll and the DLLs of MinGW are missing: an installer brings them.
const WINDOWS: &[&str] = &[
    "advapi32.dll",
    "bcrypt.dll",
    "bcryptprimitives.dll",
    "combase.dll",
    "crypt32.dll",
    "cryptbase.dll",
    "dbghelp.dll",
    "dnsapi.dll",
    "iphlpapi.dll",
    "kernel32.dll",
    "kernelbase.dll",
    "ktmw32.dll",
    "msvcrt.dll",
    "ncrypt.dll",
    "ntdll.dll",
    "ole32.dll",
    "oleaut32.dll",
    "psapi.dll",
    "rpcrt4.dll",
    "secur32.dll",
    "shell32.dll",
    "shlwapi.dll",
    "ucrtbase.dll",
    "user32.dll",
    "userenv.dll",
    "winhttp.dll",
    "ws2_32.dll",
];

/// Returns the libraries that `program` needs, sorted.
pub(super) fn needed(program: &[u8]) -> Result<Vec<String>> {
    let file = object::File::parse(program).context("the program is not an executable file")?;
    let mut names = Vec::new();
    for library in file.import_libraries().context("cannot read its libraries")? {
        let library = library.context("cannot read its libraries")?;
        names.push(String::from_utf8_lossy(library.name()).into_owned());
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// Fails if a library is not part of the target's system.
pub(super) fn check(target: &Target, needed: &[String]) -> Result<()> {
    let foreign: Vec<_> = needed.iter().filter(|name| !is_of_system(target, name)).collect();
    if !foreign.is_empty() {
        bail!(
            "the program for {} needs libraries that not every machine has: {foreign:?}",
            target.triple
        );
    }
    Ok(())
}

fn is_of_system(target: &Target, name: &str) -> bool {
    match target.system {
        System::Linux => !target.is_static() && GLIBC.contains(&name),
        System::MacOs => name.starts_with("/usr/lib/") || name.starts_with("/System/Library/"),
        System::Windows => {
            let name = name.to_ascii_lowercase();
            WINDOWS.contains(&name.as_str()) || name.starts_with("api-ms-win-")
        }
    }
}
