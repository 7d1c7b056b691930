//! Settings of the program for Windows: a manifest for paths of more than 260 characters, where the system allows them, and
//! the layout of the file.
#![allow(clippy::disallowed_methods)] // Cargo's variables

use embed_manifest::manifest::{ExecutionLevel, Setting};
use embed_manifest::{embed_manifest, empty_manifest};

fn main() {
    if std::env::var_os("CARGO_CFG_WINDOWS").is_some() {
        let manifest = empty_manifest()
            .name("pcdevices")
            .long_path_aware(Setting::Enabled)
            .requested_execution_level(ExecutionLevel::AsInvoker);
        embed_manifest(manifest).expect("the manifest of Windows can be written");
        // The sections start at pages, so that a loader can map the file and need not copy it. Under wine a program of 50 MB
        // then starts in half the time.
        if std::env::var("CARGO_CFG_TARGET_ENV").as_deref() == Ok("gnu") {
            println!("cargo:rustc-link-arg-bins=-Wl,--file-alignment=4096");
        }
    }
    println!("cargo:rerun-if-changed=build.rs");
}
