//! The arguments of `pcdevices completions`.

use clap::Args;
use clap_complete::Shell;

#[derive(Args)]
pub(crate) struct Completions {
    /// The shell to print the script for
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// How to install the script in each shell.
pub(crate) const INSTALLATION: &str = "\
How to install it:
  bash        pcdevices completions bash > ~/.local/share/bash-completion/completions/pcdevices
  zsh         pcdevices completions zsh > DIR/_pcdevices, where DIR is in $fpath before compinit
  fish        pcdevices completions fish > ~/.config/fish/completions/pcdevices.fish
  powershell  pcdevices completions powershell | Out-String | Invoke-Expression, in $PROFILE
  elvish      eval (pcdevices completions elvish | slurp), in rc.elv";
