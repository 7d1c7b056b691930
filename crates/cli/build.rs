//! Embeds the manifest of Windows: paths of more than 260 characters, where the system allows them.
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
    }
    println!("cargo:rerun-if-changed=build.rs");
}
