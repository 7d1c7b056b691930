
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'pcdevices' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

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
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('upload', 'upload', [CompletionResultType]::ParameterValue, 'Register the devices of a file and show what became of each')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check files before an upload, and send nothing')
            [CompletionResult]::new('jobs', 'jobs', [CompletionResultType]::ParameterValue, 'Look at a job of the service, wait for it, or list those of this machine''s uploads')
            [CompletionResult]::new('batches', 'batches', [CompletionResultType]::ParameterValue, 'List the batches of a customer')
            [CompletionResult]::new('devices', 'devices', [CompletionResultType]::ParameterValue, 'List, find, compare and delete a customer''s devices, and give them policies')
            [CompletionResult]::new('policies', 'policies', [CompletionResultType]::ParameterValue, 'Look at a customer''s policies, change them, or make them as a file says')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Say what an error code means, and what to do')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Write the report of an upload from its journal')
            [CompletionResult]::new('journals', 'journals', [CompletionResultType]::ParameterValue, 'Look at the journals of uploads, or remove one')
            [CompletionResult]::new('customers', 'customers', [CompletionResultType]::ParameterValue, 'Name customers, so that nobody pastes tenant ids')
            [CompletionResult]::new('auth', 'auth', [CompletionResultType]::ParameterValue, 'Sign in, see who is signed in, sign out')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look whether everything works: configuration, sign-in, token, service, rights, clock')
            [CompletionResult]::new('emulator', 'emulator', [CompletionResultType]::ParameterValue, 'Run the service on this machine, for any client')
            [CompletionResult]::new('raw', 'raw', [CompletionResultType]::ParameterValue, 'Send any request to the API and print what it answers')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of a document that --json prints, or list all')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print what a shell needs to complete commands and flags')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a manual page, or write all')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;upload' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer-from', '--customer-from', [CompletionResultType]::ParameterName, 'Upload for several customers at once: each row names its own in a column such as Tenant ID, or each file is in a folder of its customer''s name, and FILE is the folder above')
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'The batch to create or to add to; the customer sees its name as group tag [default: with --customer-from, the row''s Group Tag]')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'The batch to create or to add to; the customer sees its name as group tag [default: with --customer-from, the row''s Group Tag]')
            [CompletionResult]::new('--chunk', '--chunk', [CompletionResultType]::ParameterName, 'How many devices go in one request, 1 to 1000')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'Where to write down what is done, so that the same command goes on after a break [default: one file for each customer and batch in this user''s state folder; none for a service on this machine]')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write the report to a file too: .html for the customer, .csv for a spreadsheet, .json for a program; can be given more than once')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How many minutes to wait for each job')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show every request that would be sent, as JSON, and send none')
            [CompletionResult]::new('--retry', '--retry', [CompletionResultType]::ParameterName, 'Send devices again that failed for a reason that passes, such as 640')
            [CompletionResult]::new('--anew', '--anew', [CompletionResultType]::ParameterName, 'Begin a new journal: what had its outcome before is sent again; the old one is kept beside it as .old')
            [CompletionResult]::new('--emulator', '--emulator', [CompletionResultType]::ParameterName, 'Use the built-in emulator: no account, no token, nothing is kept')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, with the names of the JSON''s properties as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;check' {
            [CompletionResult]::new('--max-warnings', '--max-warnings', [CompletionResultType]::ParameterName, 'Fail where there are more warnings than this; 0 takes none')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, with the names of the JSON''s properties as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;jobs' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Look at a job once: how far it is, and what became of each device')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until a job is over, and show what became of each device')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the jobs of this machine''s uploads')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;jobs;status' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;jobs;wait' {
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How many minutes to wait at most; the job goes on after that')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;jobs;list' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Only those of this customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Only those of this customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'Where the journals are [default: this user''s state folder]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, with the names of the JSON''s properties as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pcdevices;jobs;help' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Look at a job once: how far it is, and what became of each device')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until a job is over, and show what became of each device')
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
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s batches')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;batches;list' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, with the names of the JSON''s properties as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
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
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s devices, over all batches')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Find devices by serial number, product key or id, over all batches')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare files with what is registered: what is missing, what is there besides, what has another policy')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete devices, so that another partner or the customer can register them')
            [CompletionResult]::new('assign-policy', 'assign-policy', [CompletionResultType]::ParameterValue, 'Give devices a configuration policy, or take theirs away')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;devices;list' {
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'Only the devices of this batch; can be given more than once')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Only the devices of this batch; can be given more than once')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, with the names of the JSON''s properties as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;devices;find' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, with the names of the JSON''s properties as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;devices;diff' {
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'Look for devices that no row names in this batch only; those of the files are looked for in all')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Look for devices that no row names in this batch only; those of the files are looked for in all')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'The policy that the devices should have, by name or id')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--no-extra', '--no-extra', [CompletionResultType]::ParameterName, 'Do not care for devices that no row names')
            [CompletionResult]::new('--no-policy', '--no-policy', [CompletionResultType]::ParameterName, 'The devices should have no policy')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, with the names of the JSON''s properties as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;devices;delete' {
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'The device of this serial number; can be given more than once')
            [CompletionResult]::new('--product-key', '--product-key', [CompletionResultType]::ParameterName, 'The device of this product key; can be given more than once')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The device of this id; can be given more than once')
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'Look for them in this batch only; can be given more than once')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Look for them in this batch only; can be given more than once')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--all-named', '--all-named', [CompletionResultType]::ParameterName, 'Where several devices bear a name, take all of them; else none is touched')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the plan as JSON and do nothing; with --yes do it, and print the report; `pcdevices schema` has both schemas')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;devices;assign-policy' {
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'The device of this serial number; can be given more than once')
            [CompletionResult]::new('--product-key', '--product-key', [CompletionResultType]::ParameterName, 'The device of this product key; can be given more than once')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The device of this id; can be given more than once')
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'The devices of this batch; beside files or names, only those of them that are in it; can be given more than once')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'The devices of this batch; beside files or names, only those of them that are in it; can be given more than once')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'The policy, by name or id')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How many minutes to wait for each job')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--all-named', '--all-named', [CompletionResultType]::ParameterName, 'Where several devices bear a name, take all of them; else none is touched')
            [CompletionResult]::new('--none', '--none', [CompletionResultType]::ParameterName, 'Take the policy away that they have')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the plan as JSON and do nothing; with --yes do it, and print the report; `pcdevices schema` has both schemas')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;devices;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s devices, over all batches')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Find devices by serial number, product key or id, over all batches')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare files with what is registered: what is missing, what is there besides, what has another policy')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete devices, so that another partner or the customer can register them')
            [CompletionResult]::new('assign-policy', 'assign-policy', [CompletionResultType]::ParameterValue, 'Give devices a configuration policy, or take theirs away')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;devices;help;list' {
            break
        }
        'pcdevices;devices;help;find' {
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
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s policies')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one policy')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a policy')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change parts of a policy; the others stay')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a policy')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare a file of policies with what is there')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Make policies as a file says: create, change, and with --prune delete')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;policies;list' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print a file that `pcdevices policies apply` takes')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, with the names of the JSON''s properties as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;show' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print a file that `pcdevices policies apply` takes')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, with the names of the JSON''s properties as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;create' {
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'What it is for')
            [CompletionResult]::new('--setting', '--setting', [CompletionResultType]::ParameterName, 'What it switches on: remove_oem_preinstalls, oobe_user_not_local_admin, skip_express_settings, skip_oem_registration or skip_eula; can be given more than once')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;edit' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'A new name')
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'A new description; empty for none')
            [CompletionResult]::new('--add-setting', '--add-setting', [CompletionResultType]::ParameterName, 'Switch this on; can be given more than once')
            [CompletionResult]::new('--remove-setting', '--remove-setting', [CompletionResultType]::ParameterName, 'Do not switch this on any more; can be given more than once')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;delete' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;diff' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id; can be given more than once [default: the customers of the file, else the variable PCDEVICES_CUSTOMER]')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id; can be given more than once [default: the customers of the file, else the variable PCDEVICES_CUSTOMER]')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Delete policies that the file does not have; those that devices have stay')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;apply' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id; can be given more than once [default: the customers of the file, else the variable PCDEVICES_CUSTOMER]')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer: an alias of `pcdevices customers`, or the tenant id; can be given more than once [default: the customers of the file, else the variable PCDEVICES_CUSTOMER]')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Delete policies that the file does not have; those that devices have stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;policies;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s policies')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one policy')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a policy')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change parts of a policy; the others stay')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a policy')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare a file of policies with what is there')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Make policies as a file says: create, change, and with --prune delete')
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
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, with the names of the JSON''s properties as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;report' {
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'Where the journals are [default: this user''s state folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The file to write; - is the standard output [default: -]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The file to write; - is the standard output [default: -]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--html', '--html', [CompletionResultType]::ParameterName, 'A page for the customer, which needs no other file')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'CSV, for a spreadsheet')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'JSON, for a program; `pcdevices schema report` has the schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;journals' {
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'Where the journals are [default: this user''s state folder]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List all: when each began, for which service, and how far it is')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show what became of each row, and the requests')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print all that a journal holds, as JSON')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove one; the same upload begins anew then')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;journals;list' {
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'Where the journals are [default: this user''s state folder]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, with the names of the JSON''s properties as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;journals;show' {
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'Where the journals are [default: this user''s state folder]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;journals;export' {
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'Where the journals are [default: this user''s state folder]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;journals;remove' {
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'Where the journals are [default: this user''s state folder]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;journals;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List all: when each began, for which service, and how far it is')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show what became of each row, and the requests')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print all that a journal holds, as JSON')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove one; the same upload begins anew then')
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
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customers that have an alias on this machine')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Name a customer, or change what a name stands for')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a name; nothing changes at the service')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;customers;list' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print CSV, with the names of the JSON''s properties as columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;customers;add' {
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'What is to be remembered of the customer')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do it without asking; where there is no terminal nothing is done without')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;customers;remove' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;customers;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customers that have an alias on this machine')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Name a customer, or change what a name stands for')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a name; nothing changes at the service')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;customers;help;list' {
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
        'pcdevices;auth' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in, and keep the sign-in in a profile')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show who is signed in, and whether that still works')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget what is kept of a sign-in; the profile in config.toml stays')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;auth;login' {
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'The partner''s tenant, by id or domain [default: that of the profile]')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The client id of the app registration [default: that of the profile]')
            [CompletionResult]::new('--refresh-token-file', '--refresh-token-file', [CompletionResultType]::ParameterName, 'A file that holds the refresh token; - is the standard input [default: the variable PCDEVICES_REFRESH_TOKEN, or it is asked for]')
            [CompletionResult]::new('--client-secret-file', '--client-secret-file', [CompletionResultType]::ParameterName, 'A file that holds the client secret of a web app registration; - is the standard input [default: the variable PCDEVICES_CLIENT_SECRET, or with --app-only it is asked for]')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: that of the profile, else public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s; that of an emulator is the root of its sign-in too')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'The root of the sign-in in the place of the cloud''s')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--app-only', '--app-only', [CompletionResultType]::ParameterName, 'Sign in as the app itself, by its client secret; batches cannot be made so')
            [CompletionResult]::new('--refresh-token', '--refresh-token', [CompletionResultType]::ParameterName, 'Take over a refresh token of the secure application model')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pcdevices;auth;status' {
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Only say what is kept; ask nobody for a token')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;auth;logout' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;auth;help' {
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in, and keep the sign-in in a profile')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show who is signed in, and whether that still works')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget what is kept of a sign-in; the profile in config.toml stays')
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
        'pcdevices;doctor' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'A customer to ask for, by alias or tenant id: then it is known whether the rights suffice')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'A customer to ask for, by alias or tenant id: then it is known whether the rights suffice')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; `pcdevices schema` has the schema')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;emulator' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Where to listen for HTTP; port 0 is any free one [default: 127.0.0.1:8085, or none with --https]')
            [CompletionResult]::new('--https', '--https', [CompletionResultType]::ParameterName, 'Where to listen for HTTPS; the same service as that of --listen')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'The server''s certificate and those that lead to its CA, in PEM; without it one is made for localhost, 127.0.0.1 and ::1')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key, in PEM')
            [CompletionResult]::new('--https-name', '--https-name', [CompletionResultType]::ParameterName, 'One more name or IP address for the certificate that is made; may be given again')
            [CompletionResult]::new('--write-ca', '--write-ca', [CompletionResultType]::ParameterName, 'Write the certificate of the CA that signed it, for a client to trust, in PEM')
            [CompletionResult]::new('--faults', '--faults', [CompletionResultType]::ParameterName, 'A YAML or JSON file of what shall go wrong; the emulator''s README says what can')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'What all ids and all chances are drawn from [default: 0, or that of the data folder]')
            [CompletionResult]::new('--page-size', '--page-size', [CompletionResultType]::ParameterName, 'How many devices are on a page')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'A folder that keeps the state, so that the next run goes on with it; without one it ends with the program')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'A YAML or JSON file of what is there at the start: customers, batches, devices, policies, hardware')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'Which access tokens are taken')
            [CompletionResult]::new('--auto-approve', '--auto-approve', [CompletionResultType]::ParameterName, 'Approve sign-ins by device code without a person, this many seconds after they began')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--instant', '--instant', [CompletionResultType]::ParameterName, 'Let jobs be done as soon as they are accepted')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pcdevices;raw' {
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The body, which must be JSON: as it is, from the file after an @, or from the standard input by -')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'The body, which must be JSON: as it is, from the file after an @, or from the standard input by -')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer that {customer} stands for: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer that {customer} stands for: an alias of `pcdevices customers`, or the tenant id')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud: where API and sign-in are [default: public]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The root of the API in the place of the cloud''s, such as that of a running emulator; the profile''s sign-in is not used there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'A certificate authority to trust besides the system''s, in PEM: of a proxy that looks into TLS, or of an emulator')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many requests may leave in a second, at most')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Show the status and the ids of the answer on stderr')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Show the status and the ids of the answer on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;schema' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;completions' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;man' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the pages of all commands into this folder, such as ~/.local/share/man/man1')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the pages of all commands into this folder, such as ~/.local/share/man/man1')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of config.toml to use [default: the one named there]')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'The folder of config.toml and customers.toml [default: pcdevices in this user''s configuration folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; auto is on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and no notes, only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pcdevices;help' {
            [CompletionResult]::new('upload', 'upload', [CompletionResultType]::ParameterValue, 'Register the devices of a file and show what became of each')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check files before an upload, and send nothing')
            [CompletionResult]::new('jobs', 'jobs', [CompletionResultType]::ParameterValue, 'Look at a job of the service, wait for it, or list those of this machine''s uploads')
            [CompletionResult]::new('batches', 'batches', [CompletionResultType]::ParameterValue, 'List the batches of a customer')
            [CompletionResult]::new('devices', 'devices', [CompletionResultType]::ParameterValue, 'List, find, compare and delete a customer''s devices, and give them policies')
            [CompletionResult]::new('policies', 'policies', [CompletionResultType]::ParameterValue, 'Look at a customer''s policies, change them, or make them as a file says')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Say what an error code means, and what to do')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Write the report of an upload from its journal')
            [CompletionResult]::new('journals', 'journals', [CompletionResultType]::ParameterValue, 'Look at the journals of uploads, or remove one')
            [CompletionResult]::new('customers', 'customers', [CompletionResultType]::ParameterValue, 'Name customers, so that nobody pastes tenant ids')
            [CompletionResult]::new('auth', 'auth', [CompletionResultType]::ParameterValue, 'Sign in, see who is signed in, sign out')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look whether everything works: configuration, sign-in, token, service, rights, clock')
            [CompletionResult]::new('emulator', 'emulator', [CompletionResultType]::ParameterValue, 'Run the service on this machine, for any client')
            [CompletionResult]::new('raw', 'raw', [CompletionResultType]::ParameterValue, 'Send any request to the API and print what it answers')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of a document that --json prints, or list all')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print what a shell needs to complete commands and flags')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a manual page, or write all')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pcdevices;help;upload' {
            break
        }
        'pcdevices;help;check' {
            break
        }
        'pcdevices;help;jobs' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Look at a job once: how far it is, and what became of each device')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until a job is over, and show what became of each device')
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
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a customer''s devices, over all batches')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Find devices by serial number, product key or id, over all batches')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare files with what is registered: what is missing, what is there besides, what has another policy')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete devices, so that another partner or the customer can register them')
            [CompletionResult]::new('assign-policy', 'assign-policy', [CompletionResultType]::ParameterValue, 'Give devices a configuration policy, or take theirs away')
            break
        }
        'pcdevices;help;devices;list' {
            break
        }
        'pcdevices;help;devices;find' {
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
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a policy')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change parts of a policy; the others stay')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a policy')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare a file of policies with what is there')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Make policies as a file says: create, change, and with --prune delete')
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
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List all: when each began, for which service, and how far it is')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show what became of each row, and the requests')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print all that a journal holds, as JSON')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove one; the same upload begins anew then')
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
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customers that have an alias on this machine')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Name a customer, or change what a name stands for')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a name; nothing changes at the service')
            break
        }
        'pcdevices;help;customers;list' {
            break
        }
        'pcdevices;help;customers;add' {
            break
        }
        'pcdevices;help;customers;remove' {
            break
        }
        'pcdevices;help;auth' {
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in, and keep the sign-in in a profile')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show who is signed in, and whether that still works')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget what is kept of a sign-in; the profile in config.toml stays')
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
