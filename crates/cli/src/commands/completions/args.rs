//! The arguments of `pcdevices completions` and of the hidden command that its scripts run.

use clap::Args;
use clap_complete::Shell;

#[derive(Args)]
pub(crate) struct Completions {
    /// The shell to print the script for; with --install [default: your shell]
    #[arg(value_enum, value_name = "SHELL", required_unless_present = "install")]
    pub(crate) shell: Option<Shell>,

    /// Install the script instead: in the directory of the shell, or with a line in its start file
    #[arg(long)]
    pub(crate) install: bool,
}

#[derive(Args)]
pub(crate) struct Complete {
    /// Complete an empty word after the others
    #[arg(long)]
    pub(crate) next: bool,

    /// The words of the command line, with the name of the program
    #[arg(value_name = "WORD", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) words: Vec<String>,
}

/// How to install the script in each shell.
pub(crate) const INSTALLATION: &str = "\
How to install it without --install:
  bash        pcdevices completions bash > ~/.local/share/bash-completion/completions/pcdevices
  zsh         pcdevices completions zsh > DIR/_pcdevices, where DIR is in $fpath before compinit
  fish        pcdevices completions fish > ~/.config/fish/completions/pcdevices.fish
  powershell  pcdevices completions powershell | Out-String | Invoke-Expression, in $PROFILE
  elvish      eval (pcdevices completions elvish | slurp), in rc.elv";
