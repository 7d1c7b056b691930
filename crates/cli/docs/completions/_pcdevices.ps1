
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'pcdevices' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

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

    $commandElements = $commandAst.CommandElements
    $command = @(
        'pcdevices'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'pcdevices' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('upload', 'upload', [CompletionResultType]::ParameterValue, 'Register the devices of a file and show the result for each device')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check files without sending anything')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write the devices of files for Partner Center''s own page or for Intune')
            [CompletionResult]::new('jobs', 'jobs', [CompletionResultType]::ParameterValue, 'Show a job, wait for it, or list the jobs of this machine''s uploads')
            [CompletionResult]::new('batches', 'batches', [CompletionResultType]::ParameterValue, 'List the batches of a customer')
            [CompletionResult]::new('devices', 'devices', [CompletionResultType]::ParameterValue, 'List, find, compare and delete a customer''s devices, and assign policies to them')
            [CompletionResult]::new('policies', 'policies', [CompletionResultType]::ParameterValue, 'List and change a customer''s policies, or apply them from a file')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain an error code and how to fix it')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Create the report of an upload from its journal')
            [CompletionResult]::new('journals', 'journals', [CompletionResultType]::ParameterValue, 'List, show, export and remove upload journals')
            [CompletionResult]::new('customers', 'customers', [CompletionResultType]::ParameterValue, 'Find customers, read all of them into an index, and manage aliases for them')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Show who registered and deleted devices and who changed policies, from the service''s audit log')
            [CompletionResult]::new('auth', 'auth', [CompletionResultType]::ParameterValue, 'Sign in, show the current sign-in, or sign out')
            [CompletionResult]::new('setup', 'setup', [CompletionResultType]::ParameterValue, 'Set up this machine step by step: organization, app registration, sign-in and first customer')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check your setup: configuration, sign-in, token, service, rights and clock')
            [CompletionResult]::new('emulator', 'emulator', [CompletionResultType]::ParameterValue, 'Run an emulator of the service on this machine')
            [CompletionResult]::new('raw', 'raw', [CompletionResultType]::ParameterValue, 'Send any request to the API and print the response')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of a --json document, or list all schemas')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print or install the completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a manual page, or write all pages to a directory')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;upload' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer-from', '--customer-from', [CompletionResultType]::ParameterName, 'Upload for several customers: `column` reads the customer from a column such as Tenant ID; `folder` takes it from the name of the folder that contains the file, and FILE is the parent folder')
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'The batch to create or add to; the customer sees its name as the group tag [default: a batch for each group tag in the file]')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'The batch to create or add to; the customer sees its name as the group tag [default: a batch for each group tag in the file]')
            [CompletionResult]::new('--invalid-rows', '--invalid-rows', [CompletionResultType]::ParameterName, 'Write the invalid rows to this new file [default: NAME.invalid.csv next to each file]')
            [CompletionResult]::new('--chunk', '--chunk', [CompletionResultType]::ParameterName, 'Send this many devices per request, from 1 to 1000')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'Record progress in this file, so that the same command resumes after an interruption [default: a file in your state directory, one per customer and batch; all uploads of a customer to several batches share one, and so do all uploads for several customers; none for an emulator on this machine]')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write the report to this file: .html for the customer, .csv for a spreadsheet, .json for a program; repeat for more')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait at most this long for each job')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'The title of the HTML page [default: Registration of your devices]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'The name of your company on the HTML page')
            [CompletionResult]::new('--contact', '--contact', [CompletionResultType]::ParameterName, 'The contact for questions on the HTML page: a person, a telephone number, an address')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of the HTML page')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--ignore-group-tags', '--ignore-group-tags', [CompletionResultType]::ParameterName, 'Send all devices to --batch even if the file has other group tags')
            [CompletionResult]::new('--skip-invalid', '--skip-invalid', [CompletionResultType]::ParameterName, 'Send the valid rows even if others are invalid; those are written to a file to correct, and the exit code is 3')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the plan without sending anything; with --json, print each request')
            [CompletionResult]::new('--retry', '--retry', [CompletionResultType]::ParameterName, 'Resend devices that may succeed now: those with a temporary error, such as 640; those with an error that someone may have fixed, such as 808; and those that were already registered, but are in no batch')
            [CompletionResult]::new('--restart', '--restart', [CompletionResultType]::ParameterName, 'Start a new journal and send everything again; the previous journal is kept as .old')
            [CompletionResult]::new('--no-wait', '--no-wait', [CompletionResultType]::ParameterName, 'End as soon as everything is sent, without the results; the same command without this flag shows them later')
            [CompletionResult]::new('--open', '--open', [CompletionResultType]::ParameterName, 'Open the HTML report of --report when it is written')
            [CompletionResult]::new('--emulator', '--emulator', [CompletionResultType]::ParameterName, 'Use the built-in emulator, which needs no account and keeps nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Skip the question before the first upload to a customer, which is asked on a terminal only')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Skip the question before the first upload to a customer, which is asked on a terminal only')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'List all rows; without it, a terminal shows a part of a long table')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pcdevices;check' {
            [CompletionResult]::new('--customer-from', '--customer-from', [CompletionResultType]::ParameterName, 'Check the files of an upload for several customers, without looking the customers up: with `folder`, FILE is the parent of a folder for each customer')
            [CompletionResult]::new('--max-warnings', '--max-warnings', [CompletionResultType]::ParameterName, 'Fail if there are more warnings than this')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--details', '--details', [CompletionResultType]::ParameterName, 'List the device of each row: serial number, manufacturer, model, the tool that made its hash, and whether its TPM is ready for Autopilot; with --csv, this list replaces the findings')
            [CompletionResult]::new('--after-repair', '--after-repair', [CompletionResultType]::ParameterName, 'Check the files as lists of devices whose motherboard was replaced: only a new hardware hash registers them')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pcdevices;export' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The place that registers the devices')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The file to write, or - for standard output; if the devices need several files, the others are FILE-2, FILE-3 and so on [default: -]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The file to write, or - for standard output; if the devices need several files, the others are FILE-2, FILE-3 and so on [default: -]')
            [CompletionResult]::new('--invalid-rows', '--invalid-rows', [CompletionResultType]::ParameterName, 'Write the rows that are left out to this new file [default: NAME.invalid.csv next to each file]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace files that already exist')
            [CompletionResult]::new('--skip-invalid', '--skip-invalid', [CompletionResultType]::ParameterName, 'Export the other rows if some are invalid or do not fit the format; those are written to a file to correct, and the exit code is 3')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pcdevices;jobs' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the status of a job and the result for each device')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until a job finishes and show the result for each device')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the jobs of this machine''s uploads')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;jobs;status' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'List all rows; without it, a terminal shows a part of a long table')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;jobs;wait' {
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Wait at most this long; the job keeps running after that')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'List all rows; without it, a terminal shows a part of a long table')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;jobs;list' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Show only the jobs of this customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Show only the jobs of this customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'The directory with the journals [default: your state directory]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'List all rows; without it, a terminal shows a part of a long table')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pcdevices;jobs;help' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the status of a job and the result for each device')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until a job finishes and show the result for each device')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the jobs of this machine''s uploads')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;jobs;help;status' {
            break
        }
        'pcdevices;jobs;help;wait' {
            break
        }
        'pcdevices;jobs;help;list' {
            break
        }
        'pcdevices;jobs;help;help' {
            break
        }
        'pcdevices;batches' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s batches')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;batches;list' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'List all rows; without it, a terminal shows a part of a long table')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;batches;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s batches')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;batches;help;list' {
            break
        }
        'pcdevices;batches;help;help' {
            break
        }
        'pcdevices;devices' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s devices in all batches')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Find devices by serial number, product key or id, in all batches')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Read the devices of all customers into the index on this machine, for `devices find --everywhere`')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare files with the registered devices: missing devices, extra devices, different policies')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete devices, so that another partner or the customer can register them')
            [CompletionResult]::new('assign-policy', 'assign-policy', [CompletionResultType]::ParameterValue, 'Assign a configuration policy to devices, or remove it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;devices;list' {
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'List only the devices of this batch; repeat for more')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'List only the devices of this batch; repeat for more')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'List all rows; without it, a terminal shows a part of a long table')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;devices;find' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--everywhere', '--everywhere', [CompletionResultType]::ParameterName, 'Find serial numbers and product keys of all customers in the index on this machine, and check them: one call for each 100 devices of a batch; `devices sync` fills the index')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;devices;sync' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Read this customer now, whether it changed or not; repeat for more')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Read this customer now, whether it changed or not; repeat for more')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Read all customers, at 5 requests per second unless --rate or the profile sets another rate; shows the number of calls first')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` prints its schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pcdevices;devices;diff' {
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'Look for extra devices in this batch only; devices of the files are looked for in all batches')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Look for extra devices in this batch only; devices of the files are looked for in all batches')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'The policy that the devices should have, as a name or an id')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--no-extra', '--no-extra', [CompletionResultType]::ParameterName, 'Ignore devices that are not in the files')
            [CompletionResult]::new('--no-policy', '--no-policy', [CompletionResultType]::ParameterName, 'Expect the devices to have no policy')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;devices;delete' {
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'The device with this serial number; repeat for more')
            [CompletionResult]::new('--product-key', '--product-key', [CompletionResultType]::ParameterName, 'The device with this product key; repeat for more')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The device with this id; repeat for more')
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'Search in this batch only; repeat for more')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Search in this batch only; repeat for more')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--all-matches', '--all-matches', [CompletionResultType]::ParameterName, 'Act on every match if several devices share a serial number or key; by default these devices are skipped')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the plan as JSON and change nothing; with --yes, apply it and print the report; `pcdevices schema` prints both schemas')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;devices;assign-policy' {
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'The device with this serial number; repeat for more')
            [CompletionResult]::new('--product-key', '--product-key', [CompletionResultType]::ParameterName, 'The device with this product key; repeat for more')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The device with this id; repeat for more')
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'All devices of this batch, or with files or names only those in this batch; repeat for more')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'All devices of this batch, or with files or names only those in this batch; repeat for more')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'The policy to assign, as a name or an id')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait at most this long for each job')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--all-matches', '--all-matches', [CompletionResultType]::ParameterName, 'Act on every match if several devices share a serial number or key; by default these devices are skipped')
            [CompletionResult]::new('--no-policy', '--no-policy', [CompletionResultType]::ParameterName, 'Remove the policy from the devices')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the plan as JSON and change nothing; with --yes, apply it and print the report; `pcdevices schema` prints both schemas')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;devices;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s devices in all batches')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Find devices by serial number, product key or id, in all batches')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Read the devices of all customers into the index on this machine, for `devices find --everywhere`')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare files with the registered devices: missing devices, extra devices, different policies')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete devices, so that another partner or the customer can register them')
            [CompletionResult]::new('assign-policy', 'assign-policy', [CompletionResultType]::ParameterValue, 'Assign a configuration policy to devices, or remove it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;devices;help;list' {
            break
        }
        'pcdevices;devices;help;find' {
            break
        }
        'pcdevices;devices;help;sync' {
            break
        }
        'pcdevices;devices;help;diff' {
            break
        }
        'pcdevices;devices;help;delete' {
            break
        }
        'pcdevices;devices;help;assign-policy' {
            break
        }
        'pcdevices;devices;help;help' {
            break
        }
        'pcdevices;policies' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s policies')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one policy')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a policy')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change parts of a policy and leave the rest as it is')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a policy')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare a policy file with the customer''s policies')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Apply policies from a file: create, change, and with --prune delete')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;policies;list' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print a file for `pcdevices policies apply`')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;show' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print a file for `pcdevices policies apply`')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;create' {
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'A description')
            [CompletionResult]::new('--setting', '--setting', [CompletionResultType]::ParameterName, 'A setting to turn on: remove_oem_preinstalls, oobe_user_not_local_admin, skip_express_settings, skip_oem_registration or skip_eula; repeat for more')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` prints its schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;edit' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'A new name')
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'A new description; an empty text removes it')
            [CompletionResult]::new('--add-setting', '--add-setting', [CompletionResultType]::ParameterName, 'Turn on this setting; repeat for more')
            [CompletionResult]::new('--remove-setting', '--remove-setting', [CompletionResultType]::ParameterName, 'Turn off this setting; repeat for more')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` prints its schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;delete' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` prints its schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;diff' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id; repeat for more [default: the customers in the file, then PCDEVICES_CUSTOMER]')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id; repeat for more [default: the customers in the file, then PCDEVICES_CUSTOMER]')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Delete policies that are not in the file, unless a device uses them')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` prints its schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;apply' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id; repeat for more [default: the customers in the file, then PCDEVICES_CUSTOMER]')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id; repeat for more [default: the customers in the file, then PCDEVICES_CUSTOMER]')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Delete policies that are not in the file, unless a device uses them')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` prints its schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s policies')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one policy')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a policy')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change parts of a policy and leave the rest as it is')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a policy')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare a policy file with the customer''s policies')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Apply policies from a file: create, change, and with --prune delete')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;policies;help;list' {
            break
        }
        'pcdevices;policies;help;show' {
            break
        }
        'pcdevices;policies;help;create' {
            break
        }
        'pcdevices;policies;help;edit' {
            break
        }
        'pcdevices;policies;help;delete' {
            break
        }
        'pcdevices;policies;help;diff' {
            break
        }
        'pcdevices;policies;help;apply' {
            break
        }
        'pcdevices;policies;help;help' {
            break
        }
        'pcdevices;explain' {
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'With the code 808: write letters to the seller and to Microsoft support, a checklist and a list of the devices, for the devices that failed with it. REPORT is a report in JSON or CSV, or the name of a journal')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The directory for these files, which must be empty or missing [default: 808- and the name of the report]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;report' {
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'The directory with the journals [default: your state directory]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The file to write, or - for standard output [default: -]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The file to write, or - for standard output [default: -]')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'The title of the HTML page [default: Registration of your devices]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'The name of your company on the HTML page')
            [CompletionResult]::new('--contact', '--contact', [CompletionResultType]::ParameterName, 'The contact for questions on the HTML page: a person, a telephone number, an address')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of the HTML page')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--open', '--open', [CompletionResultType]::ParameterName, 'Open the HTML page when it is written')
            [CompletionResult]::new('--html', '--html', [CompletionResultType]::ParameterName, 'Write a single-file HTML page for the customer')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Write CSV for a spreadsheet')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON for a program; `pcdevices schema report` prints its schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;journals' {
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'The directory with the journals [default: your state directory]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List all journals with their start time, service and progress: one for each batch of a customer, one for its uploads to several batches, and one for uploads for several customers')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the result for each row, and the requests')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print the whole journal as JSON')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a journal, so that the same upload starts from the beginning')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;journals;list' {
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'The directory with the journals [default: your state directory]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'List all rows; without it, a terminal shows a part of a long table')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;journals;show' {
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'The directory with the journals [default: your state directory]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'List all rows; without it, a terminal shows a part of a long table')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;journals;export' {
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'The directory with the journals [default: your state directory]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;journals;remove' {
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'The directory with the journals [default: your state directory]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;journals;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List all journals with their start time, service and progress: one for each batch of a customer, one for its uploads to several batches, and one for uploads for several customers')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the result for each row, and the requests')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print the whole journal as JSON')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a journal, so that the same upload starts from the beginning')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;journals;help;list' {
            break
        }
        'pcdevices;journals;help;show' {
            break
        }
        'pcdevices;journals;help;export' {
            break
        }
        'pcdevices;journals;help;remove' {
            break
        }
        'pcdevices;journals;help;help' {
            break
        }
        'pcdevices;customers' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customers that have an alias on this machine, or all that this machine knows')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Find customers by the start of their company name or default domain')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Read all customers into the index on this machine, so that their names need no call')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add an alias, a short name for a customer, or change it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove an alias; nothing changes in Partner Center')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;customers;list' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'List all customers of the index on this machine, with the time at which the service reported them')
            [CompletionResult]::new('--names', '--names', [CompletionResultType]::ParameterName, 'Print everything that --customer accepts, one name per line: aliases, company names and domains of this machine''s index')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;customers;find' {
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;customers;sync' {
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` prints its schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pcdevices;customers;add' {
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'A note about the customer')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Skip the confirmation prompt; required in scripts')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;customers;remove' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;customers;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customers that have an alias on this machine, or all that this machine knows')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Find customers by the start of their company name or default domain')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Read all customers into the index on this machine, so that their names need no call')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add an alias, a short name for a customer, or change it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove an alias; nothing changes in Partner Center')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;customers;help;list' {
            break
        }
        'pcdevices;customers;help;find' {
            break
        }
        'pcdevices;customers;help;sync' {
            break
        }
        'pcdevices;customers;help;add' {
            break
        }
        'pcdevices;customers;help;remove' {
            break
        }
        'pcdevices;customers;help;help' {
            break
        }
        'pcdevices;audit' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Show only changes for this customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id [default: all customers]')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Show only changes for this customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id [default: all customers]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'The start: a span back from now such as 12h, 7d or 2w, a day in UTC such as 2026-11-20, or a time such as 2026-11-20T18:00:00Z; at most 89 days ago')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'The end, in the same forms; a day is included [default: now]')
            [CompletionResult]::new('--operation', '--operation', [CompletionResultType]::ParameterName, 'Show only this operation; can be repeated. A name of the service, such as add_customer, works too [default: all operations on devices and policies]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Show only changes of users whose name contains this text, or of apps whose id does')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--all-customers', '--all-customers', [CompletionResultType]::ParameterName, 'Show changes for all customers, even if --customer or PCDEVICES_CUSTOMER names one')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Show all operations of the log: also orders, licenses, users and relationships')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, like -o json; `pcdevices schema` prints its schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, like -o csv, with the JSON property names as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pcdevices;auth' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in and save the credentials for a profile')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show who is signed in, and check that the sign-in still works')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Remove the saved credentials; the profile stays in config.toml')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;auth;login' {
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'The partner''s tenant, as an id or a domain [default: from the profile]')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The client id of the app registration [default: from the profile]')
            [CompletionResult]::new('--certificate-file', '--certificate-file', [CompletionResultType]::ParameterName, 'Sign in as the app itself, with the certificate and its private key in this PEM file; cannot create batches')
            [CompletionResult]::new('--federated-token-file', '--federated-token-file', [CompletionResultType]::ParameterName, 'Sign in as the app itself, with the token of another issuer in this file, which another program renews; cannot create batches. With workload identity, the file is "$AZURE_FEDERATED_TOKEN_FILE"')
            [CompletionResult]::new('--refresh-token-file', '--refresh-token-file', [CompletionResultType]::ParameterName, 'Read the refresh token from this file, or from standard input with - [default: PCDEVICES_REFRESH_TOKEN, then a prompt]')
            [CompletionResult]::new('--client-secret-file', '--client-secret-file', [CompletionResultType]::ParameterName, 'Read the client secret of a web app registration from this file, or from standard input with - [default: PCDEVICES_CLIENT_SECRET, then with --app-only a prompt]')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: from the profile, then public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API instead of the cloud''s; for an emulator, also the root URL of its sign-in')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'The root URL of the sign-in instead of the cloud''s')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--browser', '--browser', [CompletionResultType]::ParameterName, 'Sign in with a browser on this machine')
            [CompletionResult]::new('--device-code', '--device-code', [CompletionResultType]::ParameterName, 'Sign in with a code that you type on any device')
            [CompletionResult]::new('--app-only', '--app-only', [CompletionResultType]::ParameterName, 'Sign in as the app itself, with its client secret; cannot create batches')
            [CompletionResult]::new('--github-oidc', '--github-oidc', [CompletionResultType]::ParameterName, 'Sign in as the app itself, with the token of this job in GitHub Actions (permission id-token: write); cannot create batches')
            [CompletionResult]::new('--refresh-token', '--refresh-token', [CompletionResultType]::ParameterName, 'Use a refresh token from the secure application model')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` prints its schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pcdevices;auth;status' {
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Show only what is stored; do not request a token')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` prints its schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;auth;logout' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;auth;help' {
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in and save the credentials for a profile')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show who is signed in, and check that the sign-in still works')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Remove the saved credentials; the profile stays in config.toml')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;auth;help;login' {
            break
        }
        'pcdevices;auth;help;status' {
            break
        }
        'pcdevices;auth;help;logout' {
            break
        }
        'pcdevices;auth;help;help' {
            break
        }
        'pcdevices;setup' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The first customer: the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The first customer: the company name, the default domain or the tenant id')
            [CompletionResult]::new('--alias', '--alias', [CompletionResultType]::ParameterName, 'A short name for this customer, to use with --customer')
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'The partner''s tenant, as an id or a domain [default: from the profile]')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The client id of the app registration [default: from the profile]')
            [CompletionResult]::new('--certificate-file', '--certificate-file', [CompletionResultType]::ParameterName, 'Sign in as the app itself, with the certificate and its private key in this PEM file; cannot create batches')
            [CompletionResult]::new('--federated-token-file', '--federated-token-file', [CompletionResultType]::ParameterName, 'Sign in as the app itself, with the token of another issuer in this file, which another program renews; cannot create batches. With workload identity, the file is "$AZURE_FEDERATED_TOKEN_FILE"')
            [CompletionResult]::new('--refresh-token-file', '--refresh-token-file', [CompletionResultType]::ParameterName, 'Read the refresh token from this file, or from standard input with - [default: PCDEVICES_REFRESH_TOKEN, then a prompt]')
            [CompletionResult]::new('--client-secret-file', '--client-secret-file', [CompletionResultType]::ParameterName, 'Read the client secret of a web app registration from this file, or from standard input with - [default: PCDEVICES_CLIENT_SECRET, then with --app-only a prompt]')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: from the profile, then public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API instead of the cloud''s; for an emulator, also the root URL of its sign-in')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'The root URL of the sign-in instead of the cloud''s')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--sign-in-again', '--sign-in-again', [CompletionResultType]::ParameterName, 'Sign in again, even if the sign-in still works')
            [CompletionResult]::new('--browser', '--browser', [CompletionResultType]::ParameterName, 'Sign in with a browser on this machine')
            [CompletionResult]::new('--device-code', '--device-code', [CompletionResultType]::ParameterName, 'Sign in with a code that you type on any device')
            [CompletionResult]::new('--app-only', '--app-only', [CompletionResultType]::ParameterName, 'Sign in as the app itself, with its client secret; cannot create batches')
            [CompletionResult]::new('--github-oidc', '--github-oidc', [CompletionResultType]::ParameterName, 'Sign in as the app itself, with the token of this job in GitHub Actions (permission id-token: write); cannot create batches')
            [CompletionResult]::new('--refresh-token', '--refresh-token', [CompletionResultType]::ParameterName, 'Use a refresh token from the secure application model')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` prints its schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;doctor' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'A customer to check your rights for: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'A customer to check your rights for: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` prints its schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;emulator' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Listen for HTTP on this address; port 0 picks a free port [default: 127.0.0.1:8085, or none with --https]')
            [CompletionResult]::new('--allow-host', '--allow-host', [CompletionResultType]::ParameterName, 'Accept requests to this public host name; repeat for more')
            [CompletionResult]::new('--cors', '--cors', [CompletionResultType]::ParameterName, 'Let web pages of this origin call the service from a browser (CORS), such as http://localhost:3000, or * for all; repeat for more. They can never use /_emulator')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Connections that may be open at the same time; one more gets a 503')
            [CompletionResult]::new('--https', '--https', [CompletionResultType]::ParameterName, 'Listen for HTTPS on this address, for the same service as --listen')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'The server''s certificate chain, as a PEM file [default: a new certificate for localhost, 127.0.0.1 and ::1]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The private key of the certificate, as a PEM file')
            [CompletionResult]::new('--https-name', '--https-name', [CompletionResultType]::ParameterName, 'An additional name or IP address for the new certificate; repeat for more')
            [CompletionResult]::new('--write-ca', '--write-ca', [CompletionResultType]::ParameterName, 'Write the CA certificate that clients must trust to this PEM file')
            [CompletionResult]::new('--faults', '--faults', [CompletionResultType]::ParameterName, 'Inject the faults in this YAML or JSON file; the emulator''s README documents it')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'The seed for ids and random faults [default: 0, or the seed of the data directory]')
            [CompletionResult]::new('--page-size', '--page-size', [CompletionResultType]::ParameterName, 'Devices per page')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Keep the state in this directory across restarts [default: in memory only]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'Load customers, batches, devices, policies, hardware and audit records from this YAML or JSON file at the start [default: five customers]')
            [CompletionResult]::new('--audit-delay', '--audit-delay', [CompletionResultType]::ParameterName, 'Seconds until a change is visible in the audit log, by the emulator''s clock [default: 0, or that of --world]')
            [CompletionResult]::new('--hardware', '--hardware', [CompletionResultType]::ParameterName, 'Accept only the devices in this file, in any format that `pcdevices check` reads; repeat for more files. Other devices fail with 812. The list extends the known hardware of --world')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'Accept these access tokens')
            [CompletionResult]::new('--auto-approve', '--auto-approve', [CompletionResultType]::ParameterName, 'Approve device code sign-ins automatically, this many seconds after they start')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--allow-remote-management', '--allow-remote-management', [CompletionResultType]::ParameterName, 'Let other machines use /_emulator, which can read and change everything')
            [CompletionResult]::new('--byte-order-marks', '--byte-order-marks', [CompletionResultType]::ParameterName, 'Start each successful JSON body with a byte order mark, as public clients observed')
            [CompletionResult]::new('--instant', '--instant', [CompletionResultType]::ParameterName, 'Finish jobs immediately')
            [CompletionResult]::new('--exact-batch-names', '--exact-batch-names', [CompletionResultType]::ParameterName, 'Treat `Sales` and `sales` as two batches; by default, upper and lower case does not matter in batch names')
            [CompletionResult]::new('--require-mfa', '--require-mfa', [CompletionResultType]::ParameterName, 'Reject users who signed in without multi-factor authentication (401, code 900421), and tokens without proof of it. Adds the user password-only@contoso.onmicrosoft.com to the sign-in')
            [CompletionResult]::new('--no-refresh-tokens', '--no-refresh-tokens', [CompletionResultType]::ParameterName, 'Issue no refresh tokens to users, as some policies of tenants do')
            [CompletionResult]::new('--challenge-tokens', '--challenge-tokens', [CompletionResultType]::ParameterName, 'Reject tokens with a claims challenge (continuous access evaluation) until one is requested with its claims')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pcdevices;raw' {
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The JSON body: the text itself, @FILE to read a file, or - to read standard input')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'The JSON body: the text itself, @FILE to read a file, or - to read standard input')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer for {customer}: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer for {customer}: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud that hosts the API and the sign-in [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root URL of the API, such as a running emulator, instead of the cloud''s; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile''s sign-in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most this many requests per second')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Print the status and the ids of the response to stderr')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Print the status and the ids of the response to stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;schema' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;completions' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--install', '--install', [CompletionResultType]::ParameterName, 'Install the script instead: in the directory of the shell, or with a line in its start file')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;man' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the pages of all commands to this directory, such as ~/.local/share/man/man1')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the pages of all commands to this directory, such as ~/.local/share/man/man1')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in config.toml to use [default: the one that the file selects]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors; auto means on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors, without progress and notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;help' {
            [CompletionResult]::new('upload', 'upload', [CompletionResultType]::ParameterValue, 'Register the devices of a file and show the result for each device')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check files without sending anything')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write the devices of files for Partner Center''s own page or for Intune')
            [CompletionResult]::new('jobs', 'jobs', [CompletionResultType]::ParameterValue, 'Show a job, wait for it, or list the jobs of this machine''s uploads')
            [CompletionResult]::new('batches', 'batches', [CompletionResultType]::ParameterValue, 'List the batches of a customer')
            [CompletionResult]::new('devices', 'devices', [CompletionResultType]::ParameterValue, 'List, find, compare and delete a customer''s devices, and assign policies to them')
            [CompletionResult]::new('policies', 'policies', [CompletionResultType]::ParameterValue, 'List and change a customer''s policies, or apply them from a file')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain an error code and how to fix it')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Create the report of an upload from its journal')
            [CompletionResult]::new('journals', 'journals', [CompletionResultType]::ParameterValue, 'List, show, export and remove upload journals')
            [CompletionResult]::new('customers', 'customers', [CompletionResultType]::ParameterValue, 'Find customers, read all of them into an index, and manage aliases for them')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Show who registered and deleted devices and who changed policies, from the service''s audit log')
            [CompletionResult]::new('auth', 'auth', [CompletionResultType]::ParameterValue, 'Sign in, show the current sign-in, or sign out')
            [CompletionResult]::new('setup', 'setup', [CompletionResultType]::ParameterValue, 'Set up this machine step by step: organization, app registration, sign-in and first customer')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check your setup: configuration, sign-in, token, service, rights and clock')
            [CompletionResult]::new('emulator', 'emulator', [CompletionResultType]::ParameterValue, 'Run an emulator of the service on this machine')
            [CompletionResult]::new('raw', 'raw', [CompletionResultType]::ParameterValue, 'Send any request to the API and print the response')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of a --json document, or list all schemas')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print or install the completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a manual page, or write all pages to a directory')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;help;upload' {
            break
        }
        'pcdevices;help;check' {
            break
        }
        'pcdevices;help;export' {
            break
        }
        'pcdevices;help;jobs' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the status of a job and the result for each device')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until a job finishes and show the result for each device')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the jobs of this machine''s uploads')
            break
        }
        'pcdevices;help;jobs;status' {
            break
        }
        'pcdevices;help;jobs;wait' {
            break
        }
        'pcdevices;help;jobs;list' {
            break
        }
        'pcdevices;help;batches' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s batches')
            break
        }
        'pcdevices;help;batches;list' {
            break
        }
        'pcdevices;help;devices' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s devices in all batches')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Find devices by serial number, product key or id, in all batches')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Read the devices of all customers into the index on this machine, for `devices find --everywhere`')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare files with the registered devices: missing devices, extra devices, different policies')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete devices, so that another partner or the customer can register them')
            [CompletionResult]::new('assign-policy', 'assign-policy', [CompletionResultType]::ParameterValue, 'Assign a configuration policy to devices, or remove it')
            break
        }
        'pcdevices;help;devices;list' {
            break
        }
        'pcdevices;help;devices;find' {
            break
        }
        'pcdevices;help;devices;sync' {
            break
        }
        'pcdevices;help;devices;diff' {
            break
        }
        'pcdevices;help;devices;delete' {
            break
        }
        'pcdevices;help;devices;assign-policy' {
            break
        }
        'pcdevices;help;policies' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s policies')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one policy')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a policy')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change parts of a policy and leave the rest as it is')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a policy')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare a policy file with the customer''s policies')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Apply policies from a file: create, change, and with --prune delete')
            break
        }
        'pcdevices;help;policies;list' {
            break
        }
        'pcdevices;help;policies;show' {
            break
        }
        'pcdevices;help;policies;create' {
            break
        }
        'pcdevices;help;policies;edit' {
            break
        }
        'pcdevices;help;policies;delete' {
            break
        }
        'pcdevices;help;policies;diff' {
            break
        }
        'pcdevices;help;policies;apply' {
            break
        }
        'pcdevices;help;explain' {
            break
        }
        'pcdevices;help;report' {
            break
        }
        'pcdevices;help;journals' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List all journals with their start time, service and progress: one for each batch of a customer, one for its uploads to several batches, and one for uploads for several customers')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the result for each row, and the requests')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print the whole journal as JSON')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a journal, so that the same upload starts from the beginning')
            break
        }
        'pcdevices;help;journals;list' {
            break
        }
        'pcdevices;help;journals;show' {
            break
        }
        'pcdevices;help;journals;export' {
            break
        }
        'pcdevices;help;journals;remove' {
            break
        }
        'pcdevices;help;customers' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customers that have an alias on this machine, or all that this machine knows')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Find customers by the start of their company name or default domain')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Read all customers into the index on this machine, so that their names need no call')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add an alias, a short name for a customer, or change it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove an alias; nothing changes in Partner Center')
            break
        }
        'pcdevices;help;customers;list' {
            break
        }
        'pcdevices;help;customers;find' {
            break
        }
        'pcdevices;help;customers;sync' {
            break
        }
        'pcdevices;help;customers;add' {
            break
        }
        'pcdevices;help;customers;remove' {
            break
        }
        'pcdevices;help;audit' {
            break
        }
        'pcdevices;help;auth' {
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in and save the credentials for a profile')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show who is signed in, and check that the sign-in still works')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Remove the saved credentials; the profile stays in config.toml')
            break
        }
        'pcdevices;help;auth;login' {
            break
        }
        'pcdevices;help;auth;status' {
            break
        }
        'pcdevices;help;auth;logout' {
            break
        }
        'pcdevices;help;setup' {
            break
        }
        'pcdevices;help;doctor' {
            break
        }
        'pcdevices;help;emulator' {
            break
        }
        'pcdevices;help;raw' {
            break
        }
        'pcdevices;help;schema' {
            break
        }
        'pcdevices;help;completions' {
            break
        }
        'pcdevices;help;man' {
            break
        }
        'pcdevices;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
