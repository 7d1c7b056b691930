//! The scripts of the shells. clap generates the commands and flags. At places for a name, each script asks `pcdevices complete`,
//! which prints the start of the word that is not part of the name, and then the names, one per line.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::cli::Cli;

/// Completes the current word with names. Fails if no names belong there. `COMP_WORDS` has three words for `--flag=value`.
const BASH: &str = r#"
_pcdevices_names() {
    local name names prefix quote='' case_setting typed="${COMP_WORDS[COMP_CWORD]}"
    names="$("${COMP_WORDS[0]}" complete "${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)" || return 1
    prefix="${names%%$'\n'*}"
    [[ "${names}" == *$'\n'* ]] || return 0
    [[ "${typed}" == "=" ]] && typed=''
    typed="${typed#"${prefix}"}"
    case "${typed}" in
        \"*|\'*) quote="${typed:0:1}"; typed="${typed#"${quote}"}" ;;
        *) typed="${typed//\\/}" ;;
    esac
    case_setting="$(shopt -p nocasematch)"
    shopt -s nocasematch
    while IFS= read -r name; do
        [[ "${name}" == "${typed}"* ]] || continue
        # Within quotes, a name is offered as it is, unless the shell would read it differently.
        case "${quote}" in
            \') [[ "${name}" == *\'* ]] && continue ;;
            \") [[ "${name}" == *[\"\$\`\\!]* ]] && continue ;;
            *) name="$(printf '%q' "${name}")" ;;
        esac
        COMPREPLY+=("${prefix}${name}")
    done <<< "${names#*$'\n'}"
    ${case_setting}
}
"#;

/// In bash, the equals sign of `--color=al` is a separate word.
const BASH_CALL: &str = r#"
    _pcdevices_names && return 0
    if [[ "${prev}" == "=" ]]; then
        prev="${COMP_WORDS[COMP_CWORD-2]}"
    fi"#;

const ZSH: &str = r#"(( $+functions[_pcdevices_names] )) ||
_pcdevices_names() {
    local -a lines names typed
    local output
    typed=("${(@Q)words[1,CURRENT]}")
    output="$(_call_program names $words[1] complete ${(q)typed})" || return 1
    lines=("${(@f)output}")
    names=("${lines[1]}${(@)^lines[2,-1]}")
    compadd -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}' -a names
    return 0
}

"#;

const ZSH_CALL: &str = "    _pcdevices_names && return 0\n";

const FISH: &str = r#"
function __pcdevices_names
    set -l words (commandline -opc) (commandline -ct)
    set -l lines ($words[1] complete $words 2>/dev/null); or return 1
    printf '%s\n' $lines[2..-1]
end
complete -c pcdevices -f -n "__pcdevices_names >/dev/null; and not string match -q -- '-*' (commandline -ct)" -a "(__pcdevices_names)"
"#;

/// Replaces the files that fish offers as the value of a flag.
const FISH_VALUES: &str = r#" -f -a "(__pcdevices_names)""#;

/// Windows PowerShell drops an empty argument, so `--next` stands for an empty word.
const POWERSHELL: &str = r#"
    $words = @($commandAst.CommandElements | ForEach-Object { $_.Extent.Text })
    $next = if ($wordToComplete) { @() } else { @('--next') }
    $code = $global:LASTEXITCODE
    $lines = @(& $words[0] complete @next $words 2>$null)
    $isName = $LASTEXITCODE -eq 0
    $global:LASTEXITCODE = $code
    if ($isName) {
        $prefix = "$($lines | Select-Object -First 1)"
        $typed = $wordToComplete
        if ($prefix -and $typed.StartsWith($prefix)) { $typed = $typed.Substring($prefix.Length) }
        $typed = $typed.Trim('"', "'")
        $lines | Select-Object -Skip 1 |
            Where-Object { $_.StartsWith($typed, [StringComparison]::OrdinalIgnoreCase) } |
            ForEach-Object {
                # PowerShell reads several characters as a quotation mark.
                $quoted = [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($_)
                $text = if ($_ -match '[^\w.-]|^-') { "'$quoted'" } else { $_ }
                [CompletionResult]::new($prefix + $text, $_, [CompletionResultType]::ParameterValue, $_)
            }
        return
    }
"#;

const ELVISH: &str = r"
var pcdevices-flags = $edit:completion:arg-completer[pcdevices]
set edit:completion:arg-completer[pcdevices] = {|@words|
    var lines = []
    try {
        set lines = [(e:pcdevices complete $@words 2>&- | from-lines)]
    } catch { }
    if (> (count $lines) 0) {
        for name $lines[1..] { put $lines[0]$name }
    } else {
        $pcdevices-flags $@words
    }
}
";

/// Returns the script for a shell.
pub(super) fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "pcdevices", &mut script);
    with_names(shell, String::from_utf8_lossy(&script).into_owned())
}

/// Adds the completion of names to a generated script.
fn with_names(shell: Shell, script: String) -> String {
    match shell {
        Shell::Bash => {
            let start = "\n    prev=\"$3\"";
            script.replacen(start, &format!("{start}{BASH_CALL}"), 1) + BASH
        }
        Shell::Zsh => {
            let start = "_pcdevices() {\n";
            let out = script.replacen(start, &format!("{start}{ZSH_CALL}"), 1);
            // After `*::` zsh reads the remaining words, even flags, as a new command line.
            let line = |line: &str| match line.strip_prefix("'*::") {
                Some(rest) => format!("'*:{rest}\n"),
                None => format!("{line}\n"),
            };
            let out: String = out.lines().map(line).collect();
            let end = "if [ \"$funcstack[1]\" = \"_pcdevices\" ]; then";
            out.replace(end, &format!("{ZSH}{end}"))
        }
        Shell::Fish => {
            let has_names = |line: &str| {
                ["customer", "batch", "policy"]
                    .iter()
                    .any(|flag| line.contains(&format!(" -l {flag} -d ")))
            };
            let line = |line: &str| match has_names(line) {
                true => format!("{line}{FISH_VALUES}\n"),
                false => format!("{line}\n"),
            };
            script.lines().map(line).collect::<String>() + FISH
        }
        Shell::PowerShell => {
            let start = "param($wordToComplete, $commandAst, $cursorPosition)\n";
            script.replacen(start, &format!("{start}{POWERSHELL}"), 1)
        }
        Shell::Elvish => script + ELVISH,
        _ => script,
    }
}
