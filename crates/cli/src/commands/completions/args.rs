//! The arguments of `pcdevices completions`.

use clap::Args;
use clap_complete::Shell;

#[derive(Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// Where each shell looks for it.
pub(crate) const WHERE: &str = "\
Where it goes:
  bash        pcdevices completions bash > ~/.local/share/bash-completion/completions/pcdevices
  zsh         pcdevices completions zsh > FOLDER/_pcdevices, with FOLDER in $fpath before compinit
  fish        pcdevices completions fish > ~/.config/fish/completions/pcdevices.fish
  powershell  pcdevices completions powershell | Out-String | Invoke-Expression, in $PROFILE
  elvish      eval (pcdevices completions elvish | slurp), in rc.elv";
