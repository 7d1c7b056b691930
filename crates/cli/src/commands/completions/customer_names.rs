//! Completion of `--customer`: each script asks `pcdevices customers list --names`, which reads this machine's aliases and index
//! and makes no call. The generated scripts complete file names there.

use clap_complete::Shell;

/// `$1` is the word to complete, and `$2` the flag that it starts with, as in `-cFab`.
const BASH: &str = r#"
_pcdevices_customers() {
    local name flag="$2" typed="$1" quote='' case_setting
    typed="${typed#"${flag}"}"
    case "${COMP_WORDS[COMP_CWORD]}" in
        \"*|\'*) quote="${COMP_WORDS[COMP_CWORD]:0:1}"; typed="${typed#"${quote}"}" ;;
        *) typed="${typed//\\/}" ;;
    esac
    case_setting="$(shopt -p nocasematch)"
    shopt -s nocasematch
    COMPREPLY=()
    while IFS= read -r name; do
        [[ "${name}" == "${typed}"* ]] || continue
        # Within quotes, a name is offered as it is, unless the shell would read it differently.
        case "${quote}" in
            \') [[ "${name}" == *\'* ]] && continue ;;
            \") [[ "${name}" == *[\"\$\`\\]* ]] && continue ;;
            *) name="$(printf '%q' "${name}")" ;;
        esac
        COMPREPLY+=("${flag}${name}")
    done < <("${COMP_WORDS[0]}" customers list --names "${COMP_WORDS[@]}" 2>/dev/null)
    ${case_setting}
}
"#;

/// In bash, the equals sign of `--customer=Fab` is a separate word.
const BASH_EQUALS_SIGN: &str = r#"
    if [[ "${prev}" == "=" ]]; then
        prev="${COMP_WORDS[COMP_CWORD-2]}"
    fi"#;

/// Completes `-cFab`.
const BASH_ATTACHED: &str = r#"
            if [[ ${cur} == -c?* ]] ; then
                _pcdevices_customers "${cur}" -c
                return 0
            fi"#;

const ZSH: &str = r#"(( $+functions[_pcdevices_customers] )) ||
_pcdevices_customers() {
    local -a names
    names=("${(@f)$(_call_program customers $_pcdevices_words[1] customers list --names ${(q)_pcdevices_words})}")
    names=(${names:#})
    compadd -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}' -a names
}

"#;

const FISH: &str = r#" -f -a "(pcdevices customers list --names (commandline -opc) 2>/dev/null)""#;

const POWERSHELL: &str = r#"
    $words = @($commandAst.CommandElements | ForEach-Object { $_.Extent.Text })
    $flag = if ($wordToComplete) { $words.Count - 2 } else { $words.Count - 1 }
    if ($flag -gt 0 -and ($words[$flag] -ceq '--customer' -or $words[$flag] -ceq '-c')) {
        $typed = $wordToComplete.Trim('"', "'")
        & $words[0] customers list --names $words 2>$null |
            Where-Object { $_.StartsWith($typed, [StringComparison]::OrdinalIgnoreCase) } |
            ForEach-Object {
                $text = if ($_ -match '[^\w.-]') { "'" + $_.Replace("'", "''") + "'" } else { $_ }
                [CompletionResult]::new($text, $_, [CompletionResultType]::ParameterValue, $_)
            }
        return
    }
"#;

const ELVISH: &str = r"
var pcdevices-flags = $edit:completion:arg-completer[pcdevices]
set edit:completion:arg-completer[pcdevices] = {|@words|
    if (and (> (count $words) 2) (has-value [--customer -c] $words[-2])) {
        try {
            e:pcdevices customers list --names $@words 2>&- | from-lines
        } catch { }
    } else {
        $pcdevices-flags $@words
    }
}
";

/// Completes the names of customers in a generated script.
pub(super) fn with_customers(shell: Shell, script: String) -> String {
    match shell {
        Shell::Bash => {
            let mut out = script;
            for flag in ["--customer", "-c"] {
                let files =
                    format!("{flag})\n                    COMPREPLY=($(compgen -f \"${{cur}}\"))");
                let names =
                    format!("{flag})\n                    _pcdevices_customers \"${{cur}}\"");
                out = out.replace(&files, &names);
            }
            let prev = "\n    prev=\"$3\"";
            let has_flag = |line: &str| {
                let options = line.trim_start().strip_prefix("opts=\"");
                options.is_some_and(|options| options.split(' ').any(|option| option == "-c"))
            };
            let line = |line: &str| match has_flag(line) {
                true => format!("{line}{BASH_ATTACHED}\n"),
                false => format!("{line}\n"),
            };
            let out = out.replacen(prev, &format!("{prev}{BASH_EQUALS_SIGN}"), 1);
            out.lines().map(line).collect::<String>() + BASH
        }
        Shell::Zsh => {
            let out = script.replace(":CUSTOMER:_default'", ":CUSTOMER:_pcdevices_customers'");
            // _arguments shortens the words.
            let start = "_pcdevices() {\n";
            let words = "    typeset -ga _pcdevices_words=(\"${(@)words}\")\n";
            let out = out.replacen(start, &format!("{start}{words}"), 1);
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
            let line = |line: &str| match line.contains(" -l customer -d ") {
                true => format!("{line}{FISH}\n"),
                false => format!("{line}\n"),
            };
            script.lines().map(line).collect()
        }
        Shell::PowerShell => {
            let start = "param($wordToComplete, $commandAst, $cursorPosition)\n";
            script.replacen(start, &format!("{start}{POWERSHELL}"), 1)
        }
        Shell::Elvish => script + ELVISH,
        _ => script,
    }
}
