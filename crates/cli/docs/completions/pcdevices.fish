# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_pcdevices_global_optspecs
    string join \n profile= config-dir= color= q/quiet v/verbose h/help V/version
end

function __fish_pcdevices_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_pcdevices_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_pcdevices_using_subcommand
    set -l cmd (__fish_pcdevices_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c pcdevices -n "__fish_pcdevices_needs_command" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_needs_command" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_needs_command" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_needs_command" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -s V -l version -d 'Print version'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "upload" -d 'Register the devices of a file and show the result for each device'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "check" -d 'Check files without sending anything'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "export" -d 'Write the devices of files for Partner Center\'s own page or for Intune'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "jobs" -d 'Show a job, wait for it, or list the jobs of this machine\'s uploads'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "batches" -d 'List the batches of a customer'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "devices" -d 'List, find, compare and delete a customer\'s devices, and assign policies to them'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "policies" -d 'List and change a customer\'s policies, or apply them from a file'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "explain" -d 'Explain an error code and how to fix it'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "report" -d 'Create the report of an upload from its journal'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "journals" -d 'List, show, export and remove upload journals'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "customers" -d 'Find customers, read all of them into an index, and manage aliases for them'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "audit" -d 'Show who registered and deleted devices and who changed policies, from the service\'s audit log'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "auth" -d 'Sign in, show the current sign-in, or sign out'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "setup" -d 'Set up this machine step by step: organization, app registration, sign-in and first customer'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "doctor" -d 'Check your setup: configuration, sign-in, token, service, rights and clock'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "emulator" -d 'Run an emulator of the service on this machine'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "raw" -d 'Send any request to the API and print the response'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "schema" -d 'Print the JSON Schema of a --json document, or list all schemas'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "completions" -d 'Print or install the completion script for a shell'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "man" -d 'Print a manual page, or write all pages to a directory'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l customer-from -d 'Upload for several customers: `column` reads the customer from a column such as Tenant ID; `folder` takes it from the name of the folder that contains the file, and FILE is the parent folder' -r -f -a "column\t'A column such as Tenant ID'
folder\t'The folder that contains the file'"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -s b -l batch -d 'The batch to create or add to; the customer sees its name as the group tag [default: a batch for each group tag in the file]' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l invalid-rows -d 'Write the invalid rows to this new file [default: NAME.invalid.csv next to each file]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l chunk -d 'Send this many devices per request, from 1 to 1000' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l journal -d 'Record progress in this file, so that the same command resumes after an interruption [default: a file in your state directory, one per customer and batch; all uploads of a customer to several batches share one, and so do all uploads for several customers; none for an emulator on this machine]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l report -d 'Also write the report to this file: .html for the customer, .csv for a spreadsheet, .json for a program; repeat for more' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l wait -d 'Wait at most this long for each job' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l title -d 'The title of the HTML page [default: Registration of your devices]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l from -d 'The name of your company on the HTML page' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l contact -d 'The contact for questions on the HTML page: a person, a telephone number, an address' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l lang -d 'The language of the HTML page' -r -f -a "en\t''
de\t''
fr\t''
ja\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l ignore-group-tags -d 'Send all devices to --batch even if the file has other group tags'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l skip-invalid -d 'Send the valid rows even if others are invalid; those are written to a file to correct, and the exit code is 3'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l dry-run -d 'Print the plan without sending anything; with --json, print each request'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l retry -d 'Resend devices that may succeed now: those with a temporary error, such as 640; those with an error that someone may have fixed, such as 808; and those that were already registered, but are in no batch'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l restart -d 'Start a new journal and send everything again; the previous journal is kept as .old'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l no-wait -d 'End as soon as everything is sent, without the results; the same command without this flag shows them later'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l open -d 'Open the HTML report of --report when it is written'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l emulator -d 'Use the built-in emulator, which needs no account and keeps nothing'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -s y -l yes -d 'Skip the question before the first upload to a customer, which is asked on a terminal only'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l all -d 'List all rows; without it, a terminal shows a part of a long table'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l customer-from -d 'Check the files of an upload for several customers, without looking the customers up: with `folder`, FILE is the parent of a folder for each customer' -r -f -a "column\t'A column such as Tenant ID'
folder\t'The folder that contains the file'"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l max-warnings -d 'Fail if there are more warnings than this' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l details -d 'List the device of each row: serial number, manufacturer, model, the tool that made its hash, and whether its TPM is ready for Autopilot; with --csv, this list replaces the findings'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l after-repair -d 'Check the files as lists of devices whose motherboard was replaced: only a new hardware hash registers them'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand export" -l to -d 'The place that registers the devices' -r -f -a "partner-center\t'The page for devices in Partner Center: at most 1,000 devices per file'
intune\t'The list of Autopilot devices in Intune: at most 500 devices per file; each needs a hardware hash and a serial number'
corporate-identifiers\t'The list of corporate device identifiers in Intune: at most 5,000 devices or 5 MB per file; each needs manufacturer, model and serial number'"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand export" -s o -l output -d 'The file to write, or - for standard output; if the devices need several files, the others are FILE-2, FILE-3 and so on [default: -]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand export" -l invalid-rows -d 'Write the rows that are left out to this new file [default: NAME.invalid.csv next to each file]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand export" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand export" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand export" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand export" -l force -d 'Replace files that already exist'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand export" -l skip-invalid -d 'Export the other rows if some are invalid or do not fit the format; those are written to a file to correct, and the exit code is 3'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand export" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand export" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -f -a "status" -d 'Show the status of a job and the result for each device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -f -a "wait" -d 'Wait until a job finishes and show the result for each device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -f -a "list" -d 'List the jobs of this machine\'s uploads'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l json -d 'Print JSON; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l all -d 'List all rows; without it, a terminal shows a part of a long table'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l timeout -d 'Wait at most this long; the job keeps running after that' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l json -d 'Print JSON; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l all -d 'List all rows; without it, a terminal shows a part of a long table'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -s c -l customer -d 'Show only the jobs of this customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -l folder -d 'The directory with the journals [default: your state directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -l all -d 'List all rows; without it, a terminal shows a part of a long table'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show the status of a job and the result for each device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from help" -f -a "wait" -d 'Wait until a job finishes and show the result for each device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the jobs of this machine\'s uploads'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -f -a "list" -d 'List a customer\'s batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l all -d 'List all rows; without it, a terminal shows a part of a long table'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from help" -f -a "list" -d 'List a customer\'s batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find sync diff delete assign-policy help" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find sync diff delete assign-policy help" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find sync diff delete assign-policy help" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find sync diff delete assign-policy help" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find sync diff delete assign-policy help" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find sync diff delete assign-policy help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find sync diff delete assign-policy help" -f -a "list" -d 'List a customer\'s devices in all batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find sync diff delete assign-policy help" -f -a "find" -d 'Find devices by serial number, product key or id, in all batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find sync diff delete assign-policy help" -f -a "sync" -d 'Read the devices of all customers into the index on this machine, for `devices find --everywhere`'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find sync diff delete assign-policy help" -f -a "diff" -d 'Compare files with the registered devices: missing devices, extra devices, different policies'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find sync diff delete assign-policy help" -f -a "delete" -d 'Delete devices, so that another partner or the customer can register them'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find sync diff delete assign-policy help" -f -a "assign-policy" -d 'Assign a configuration policy to devices, or remove it'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find sync diff delete assign-policy help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -s b -l batch -d 'List only the devices of this batch; repeat for more' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l all -d 'List all rows; without it, a terminal shows a part of a long table'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l everywhere -d 'Find serial numbers and product keys of all customers in the index on this machine, and check them: one call for each 100 devices of a batch; `devices sync` fills the index'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -s c -l customer -d 'Read this customer now, whether it changed or not; repeat for more' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -l all -d 'Read all customers, at 5 requests per second unless --rate or the profile sets another rate; shows the number of calls first'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -s y -l yes -d 'Skip the confirmation prompt; required in scripts'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -l json -d 'Print JSON; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from sync" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -s b -l batch -d 'Look for extra devices in this batch only; devices of the files are looked for in all batches' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l policy -d 'The policy that the devices should have, as a name or an id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l no-extra -d 'Ignore devices that are not in the files'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l no-policy -d 'Expect the devices to have no policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l serial -d 'The device with this serial number; repeat for more' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l product-key -d 'The device with this product key; repeat for more' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l id -d 'The device with this id; repeat for more' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -s b -l batch -d 'Search in this batch only; repeat for more' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l all-matches -d 'Act on every match if several devices share a serial number or key; by default these devices are skipped'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Skip the confirmation prompt; required in scripts'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l json -d 'Print the plan as JSON and change nothing; with --yes, apply it and print the report; `pcdevices schema` prints both schemas'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l serial -d 'The device with this serial number; repeat for more' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l product-key -d 'The device with this product key; repeat for more' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l id -d 'The device with this id; repeat for more' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -s b -l batch -d 'All devices of this batch, or with files or names only those in this batch; repeat for more' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l policy -d 'The policy to assign, as a name or an id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l wait -d 'Wait at most this long for each job' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l all-matches -d 'Act on every match if several devices share a serial number or key; by default these devices are skipped'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l no-policy -d 'Remove the policy from the devices'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -s y -l yes -d 'Skip the confirmation prompt; required in scripts'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l json -d 'Print the plan as JSON and change nothing; with --yes, apply it and print the report; `pcdevices schema` prints both schemas'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "list" -d 'List a customer\'s devices in all batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "find" -d 'Find devices by serial number, product key or id, in all batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "sync" -d 'Read the devices of all customers into the index on this machine, for `devices find --everywhere`'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "diff" -d 'Compare files with the registered devices: missing devices, extra devices, different policies'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete devices, so that another partner or the customer can register them'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "assign-policy" -d 'Assign a configuration policy to devices, or remove it'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "list" -d 'List a customer\'s policies'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "show" -d 'Show one policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "create" -d 'Create a policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "edit" -d 'Change parts of a policy and leave the rest as it is'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "delete" -d 'Delete a policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "diff" -d 'Compare a policy file with the customer\'s policies'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "apply" -d 'Apply policies from a file: create, change, and with --prune delete'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l yaml -d 'Print a file for `pcdevices policies apply`'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l yaml -d 'Print a file for `pcdevices policies apply`'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l description -d 'A description' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l setting -d 'A setting to turn on: remove_oem_preinstalls, oobe_user_not_local_admin, skip_express_settings, skip_oem_registration or skip_eula; repeat for more' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l json -d 'Print JSON; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l name -d 'A new name' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l description -d 'A new description; an empty text removes it' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l add-setting -d 'Turn on this setting; repeat for more' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l remove-setting -d 'Turn off this setting; repeat for more' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -s y -l yes -d 'Skip the confirmation prompt; required in scripts'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l json -d 'Print JSON; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Skip the confirmation prompt; required in scripts'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l json -d 'Print JSON; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id; repeat for more [default: the customers in the file, then PCDEVICES_CUSTOMER]' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l prune -d 'Delete policies that are not in the file, unless a device uses them'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l json -d 'Print JSON; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -s c -l customer -d 'The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id; repeat for more [default: the customers in the file, then PCDEVICES_CUSTOMER]' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l prune -d 'Delete policies that are not in the file, unless a device uses them'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -s y -l yes -d 'Skip the confirmation prompt; required in scripts'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l json -d 'Print JSON; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "list" -d 'List a customer\'s policies'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "edit" -d 'Change parts of a policy and leave the rest as it is'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete a policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "diff" -d 'Compare a policy file with the customer\'s policies'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "apply" -d 'Apply policies from a file: create, change, and with --prune delete'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -l for -d 'With the code 808: write letters to the seller and to Microsoft support, a checklist and a list of the devices, for the devices that failed with it. REPORT is a report in JSON or CSV, or the name of a journal' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -l output -d 'The directory for these files, which must be empty or missing [default: 808- and the name of the report]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l folder -d 'The directory with the journals [default: your state directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -s o -l output -d 'The file to write, or - for standard output [default: -]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l title -d 'The title of the HTML page [default: Registration of your devices]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l from -d 'The name of your company on the HTML page' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l contact -d 'The contact for questions on the HTML page: a person, a telephone number, an address' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l lang -d 'The language of the HTML page' -r -f -a "en\t''
de\t''
fr\t''
ja\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l open -d 'Open the HTML page when it is written'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l html -d 'Write a single-file HTML page for the customer'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l csv -d 'Write CSV for a spreadsheet'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l json -d 'Write JSON for a program; `pcdevices schema report` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -l folder -d 'The directory with the journals [default: your state directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -f -a "list" -d 'List all journals with their start time, service and progress: one for each batch of a customer, one for its uploads to several batches, and one for uploads for several customers'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -f -a "show" -d 'Show the result for each row, and the requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -f -a "export" -d 'Print the whole journal as JSON'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -f -a "remove" -d 'Remove a journal, so that the same upload starts from the beginning'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -l folder -d 'The directory with the journals [default: your state directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -l all -d 'List all rows; without it, a terminal shows a part of a long table'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -l folder -d 'The directory with the journals [default: your state directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -l all -d 'List all rows; without it, a terminal shows a part of a long table'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -l folder -d 'The directory with the journals [default: your state directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -l folder -d 'The directory with the journals [default: your state directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Skip the confirmation prompt; required in scripts'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from help" -f -a "list" -d 'List all journals with their start time, service and progress: one for each batch of a customer, one for its uploads to several batches, and one for uploads for several customers'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the result for each row, and the requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from help" -f -a "export" -d 'Print the whole journal as JSON'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a journal, so that the same upload starts from the beginning'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list find sync add remove help" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list find sync add remove help" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list find sync add remove help" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list find sync add remove help" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list find sync add remove help" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list find sync add remove help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list find sync add remove help" -f -a "list" -d 'List the customers that have an alias on this machine, or all that this machine knows'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list find sync add remove help" -f -a "find" -d 'Find customers by the start of their company name or default domain'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list find sync add remove help" -f -a "sync" -d 'Read all customers into the index on this machine, so that their names need no call'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list find sync add remove help" -f -a "add" -d 'Add an alias, a short name for a customer, or change it'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list find sync add remove help" -f -a "remove" -d 'Remove an alias; nothing changes in Partner Center'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list find sync add remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -l all -d 'List all customers of the index on this machine, with the time at which the service reported them'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -l names -d 'Print everything that --customer accepts, one name per line: aliases, company names and domains of this machine\'s index'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from find" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from find" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from find" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from find" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from find" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from find" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from find" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from find" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from find" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from find" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from find" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from find" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from find" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from sync" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from sync" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from sync" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from sync" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from sync" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from sync" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from sync" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from sync" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from sync" -l json -d 'Print JSON; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from sync" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from sync" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from sync" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -l note -d 'A note about the customer' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -s y -l yes -d 'Skip the confirmation prompt; required in scripts'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from remove" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from remove" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from remove" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the customers that have an alias on this machine, or all that this machine knows'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from help" -f -a "find" -d 'Find customers by the start of their company name or default domain'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from help" -f -a "sync" -d 'Read all customers into the index on this machine, so that their names need no call'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add an alias, a short name for a customer, or change it'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove an alias; nothing changes in Partner Center'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -s c -l customer -d 'Show only changes for this customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id [default: all customers]' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l since -d 'The start: a span back from now such as 12h, 7d or 2w, a day in UTC such as 2026-11-20, or a time such as 2026-11-20T18:00:00Z; at most 89 days ago' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l until -d 'The end, in the same forms; a day is included [default: now]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l operation -d 'Show only this operation; can be repeated. A name of the service, such as add_customer, works too [default: all operations on devices and policies]' -r -f -a "upload\t'Devices were sent for a new or an existing batch'
delete-device\t'A device was deleted'
assign-policy\t'A device was changed, or policies were assigned to devices'
create-policy\t'A policy was created'
edit-policy\t'A policy was changed'
delete-policy\t'A policy was deleted'"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l user -d 'Show only changes of users whose name contains this text, or of apps whose id does' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l all-customers -d 'Show changes for all customers, even if --customer or PCDEVICES_CUSTOMER names one'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l all -d 'Show all operations of the log: also orders, licenses, users and relationships'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l json -d 'Print JSON, like -o json; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -l csv -d 'Print CSV, like -o csv, with the JSON property names as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -f -a "login" -d 'Sign in and save the credentials for a profile'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -f -a "status" -d 'Show who is signed in, and check that the sign-in still works'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -f -a "logout" -d 'Remove the saved credentials; the profile stays in config.toml'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l tenant -d 'The partner\'s tenant, as an id or a domain [default: from the profile]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l client-id -d 'The client id of the app registration [default: from the profile]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l certificate-file -d 'Sign in as the app itself, with the certificate and its private key in this PEM file; cannot create batches' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l federated-token-file -d 'Sign in as the app itself, with the token of another issuer in this file, which another program renews; cannot create batches. With workload identity, the file is "$AZURE_FEDERATED_TOKEN_FILE"' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l refresh-token-file -d 'Read the refresh token from this file, or from standard input with - [default: PCDEVICES_REFRESH_TOKEN, then a prompt]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l client-secret-file -d 'Read the client secret of a web app registration from this file, or from standard input with - [default: PCDEVICES_CLIENT_SECRET, then with --app-only a prompt]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l cloud -d 'The cloud that hosts the API and the sign-in [default: from the profile, then public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l base-url -d 'The root URL of the API instead of the cloud\'s; for an emulator, also the root URL of its sign-in' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l authority -d 'The root URL of the sign-in instead of the cloud\'s' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l ca-file -d 'An additional certificate authority to trust, as a PEM file' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l browser -d 'Sign in with a browser on this machine'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l device-code -d 'Sign in with a code that you type on any device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l app-only -d 'Sign in as the app itself, with its client secret; cannot create batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l github-oidc -d 'Sign in as the app itself, with the token of this job in GitHub Actions (permission id-token: write); cannot create batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l refresh-token -d 'Use a refresh token from the secure application model'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l json -d 'Print JSON; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l offline -d 'Show only what is stored; do not request a token'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l json -d 'Print JSON; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from logout" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from logout" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from logout" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from logout" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from logout" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "login" -d 'Sign in and save the credentials for a profile'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show who is signed in, and check that the sign-in still works'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "logout" -d 'Remove the saved credentials; the profile stays in config.toml'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -s c -l customer -d 'The first customer: the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l alias -d 'A short name for this customer, to use with --customer' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l tenant -d 'The partner\'s tenant, as an id or a domain [default: from the profile]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l client-id -d 'The client id of the app registration [default: from the profile]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l certificate-file -d 'Sign in as the app itself, with the certificate and its private key in this PEM file; cannot create batches' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l federated-token-file -d 'Sign in as the app itself, with the token of another issuer in this file, which another program renews; cannot create batches. With workload identity, the file is "$AZURE_FEDERATED_TOKEN_FILE"' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l refresh-token-file -d 'Read the refresh token from this file, or from standard input with - [default: PCDEVICES_REFRESH_TOKEN, then a prompt]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l client-secret-file -d 'Read the client secret of a web app registration from this file, or from standard input with - [default: PCDEVICES_CLIENT_SECRET, then with --app-only a prompt]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l cloud -d 'The cloud that hosts the API and the sign-in [default: from the profile, then public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l base-url -d 'The root URL of the API instead of the cloud\'s; for an emulator, also the root URL of its sign-in' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l authority -d 'The root URL of the sign-in instead of the cloud\'s' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l ca-file -d 'An additional certificate authority to trust, as a PEM file' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l sign-in-again -d 'Sign in again, even if the sign-in still works'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l browser -d 'Sign in with a browser on this machine'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l device-code -d 'Sign in with a code that you type on any device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l app-only -d 'Sign in as the app itself, with its client secret; cannot create batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l github-oidc -d 'Sign in as the app itself, with the token of this job in GitHub Actions (permission id-token: write); cannot create batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l refresh-token -d 'Use a refresh token from the secure application model'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -l json -d 'Print JSON; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand setup" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -s c -l customer -d 'A customer to check your rights for: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l json -d 'Print JSON; `pcdevices schema` prints its schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l listen -d 'Listen for HTTP on this address; port 0 picks a free port [default: 127.0.0.1:8085, or none with --https]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l allow-host -d 'Accept requests to this public host name; repeat for more' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l cors -d 'Let web pages of this origin call the service from a browser (CORS), such as http://localhost:3000, or * for all; repeat for more. They can never use /_emulator' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l max-connections -d 'Connections that may be open at the same time; one more gets a 503' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l https -d 'Listen for HTTPS on this address, for the same service as --listen' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l certificate -d 'The server\'s certificate chain, as a PEM file [default: a new certificate for localhost, 127.0.0.1 and ::1]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l key -d 'The private key of the certificate, as a PEM file' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l https-name -d 'An additional name or IP address for the new certificate; repeat for more' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l write-ca -d 'Write the CA certificate that clients must trust to this PEM file' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l faults -d 'Inject the faults in this YAML or JSON file; the emulator\'s README documents it' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l seed -d 'The seed for ids and random faults [default: 0, or the seed of the data directory]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l page-size -d 'Devices per page' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l data -d 'Keep the state in this directory across restarts [default: in memory only]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l world -d 'Load customers, batches, devices, policies, hardware and audit records from this YAML or JSON file at the start [default: five customers]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l audit-delay -d 'Seconds until a change is visible in the audit log, by the emulator\'s clock [default: 0, or that of --world]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l hardware -d 'Accept only the devices in this file, in any format that `pcdevices check` reads; repeat for more files. Other devices fail with 812. The list extends the known hardware of --world' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l auth -d 'Accept these access tokens' -r -f -a "off\t'Accept requests without a token'
any-bearer\t'Accept any token'
strict\t'Accept only tokens issued by this emulator, until they expire; a refresh token works once'"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l auto-approve -d 'Approve device code sign-ins automatically, this many seconds after they start' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l allow-remote-management -d 'Let other machines use /_emulator, which can read and change everything'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l byte-order-marks -d 'Start each successful JSON body with a byte order mark, as public clients observed'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l instant -d 'Finish jobs immediately'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l exact-batch-names -d 'Treat `Sales` and `sales` as two batches; by default, upper and lower case does not matter in batch names'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l require-mfa -d 'Reject users who signed in without multi-factor authentication (401, code 900421), and tokens without proof of it. Adds the user password-only@contoso.onmicrosoft.com to the sign-in'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l no-refresh-tokens -d 'Issue no refresh tokens to users, as some policies of tenants do'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l challenge-tokens -d 'Reject tokens with a claims challenge (continuous access evaluation) until one is requested with its claims'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -s d -l data -d 'The JSON body: the text itself, @FILE to read a file, or - to read standard input' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -s c -l customer -d 'The customer for {customer}: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id' -r -f -a "(__pcdevices_names)"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l cloud -d 'The cloud that hosts the API and the sign-in [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l base-url -d 'The root URL of the API, such as a running emulator, instead of the cloud\'s; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l token-file -d 'Read the access token from this file [default: PCDEVICES_TOKEN, then the profile\'s sign-in]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l ca-file -d 'An additional certificate authority to trust, as a PEM file: for a proxy that inspects TLS, or for an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l rate -d 'Send at most this many requests per second' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -s i -l include -d 'Print the status and the ids of the response to stderr'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand schema" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand schema" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand schema" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand schema" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand schema" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand schema" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand completions" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand completions" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand completions" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand completions" -l install -d 'Install the script instead: in the directory of the shell, or with a line in its start file'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand completions" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand completions" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand completions" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -s o -l output -d 'Write the pages of all commands to this directory, such as ~/.local/share/man/man1' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -l profile -d 'The profile in config.toml to use [default: the one that the file selects]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -l config-dir -d 'The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -l color -d 'When to use colors; auto means on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -s q -l quiet -d 'Print only results and errors, without progress and notes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -s v -l verbose -d 'Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a trace with attempts and token requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "upload" -d 'Register the devices of a file and show the result for each device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "check" -d 'Check files without sending anything'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "export" -d 'Write the devices of files for Partner Center\'s own page or for Intune'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "jobs" -d 'Show a job, wait for it, or list the jobs of this machine\'s uploads'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "batches" -d 'List the batches of a customer'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "devices" -d 'List, find, compare and delete a customer\'s devices, and assign policies to them'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "policies" -d 'List and change a customer\'s policies, or apply them from a file'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "explain" -d 'Explain an error code and how to fix it'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "report" -d 'Create the report of an upload from its journal'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "journals" -d 'List, show, export and remove upload journals'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "customers" -d 'Find customers, read all of them into an index, and manage aliases for them'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "audit" -d 'Show who registered and deleted devices and who changed policies, from the service\'s audit log'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "auth" -d 'Sign in, show the current sign-in, or sign out'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "setup" -d 'Set up this machine step by step: organization, app registration, sign-in and first customer'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "doctor" -d 'Check your setup: configuration, sign-in, token, service, rights and clock'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "emulator" -d 'Run an emulator of the service on this machine'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "raw" -d 'Send any request to the API and print the response'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "schema" -d 'Print the JSON Schema of a --json document, or list all schemas'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "completions" -d 'Print or install the completion script for a shell'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "man" -d 'Print a manual page, or write all pages to a directory'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check export jobs batches devices policies explain report journals customers audit auth setup doctor emulator raw schema completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from jobs" -f -a "status" -d 'Show the status of a job and the result for each device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from jobs" -f -a "wait" -d 'Wait until a job finishes and show the result for each device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from jobs" -f -a "list" -d 'List the jobs of this machine\'s uploads'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from batches" -f -a "list" -d 'List a customer\'s batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from devices" -f -a "list" -d 'List a customer\'s devices in all batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from devices" -f -a "find" -d 'Find devices by serial number, product key or id, in all batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from devices" -f -a "sync" -d 'Read the devices of all customers into the index on this machine, for `devices find --everywhere`'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from devices" -f -a "diff" -d 'Compare files with the registered devices: missing devices, extra devices, different policies'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from devices" -f -a "delete" -d 'Delete devices, so that another partner or the customer can register them'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from devices" -f -a "assign-policy" -d 'Assign a configuration policy to devices, or remove it'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "list" -d 'List a customer\'s policies'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "show" -d 'Show one policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "create" -d 'Create a policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "edit" -d 'Change parts of a policy and leave the rest as it is'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "delete" -d 'Delete a policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "diff" -d 'Compare a policy file with the customer\'s policies'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "apply" -d 'Apply policies from a file: create, change, and with --prune delete'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from journals" -f -a "list" -d 'List all journals with their start time, service and progress: one for each batch of a customer, one for its uploads to several batches, and one for uploads for several customers'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from journals" -f -a "show" -d 'Show the result for each row, and the requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from journals" -f -a "export" -d 'Print the whole journal as JSON'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from journals" -f -a "remove" -d 'Remove a journal, so that the same upload starts from the beginning'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from customers" -f -a "list" -d 'List the customers that have an alias on this machine, or all that this machine knows'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from customers" -f -a "find" -d 'Find customers by the start of their company name or default domain'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from customers" -f -a "sync" -d 'Read all customers into the index on this machine, so that their names need no call'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from customers" -f -a "add" -d 'Add an alias, a short name for a customer, or change it'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from customers" -f -a "remove" -d 'Remove an alias; nothing changes in Partner Center'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from auth" -f -a "login" -d 'Sign in and save the credentials for a profile'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from auth" -f -a "status" -d 'Show who is signed in, and check that the sign-in still works'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from auth" -f -a "logout" -d 'Remove the saved credentials; the profile stays in config.toml'

function __pcdevices_names
    set -l words (commandline -opc) (commandline -ct)
    set -l lines ($words[1] complete $words 2>/dev/null); or return 1
    printf '%s\n' $lines[2..-1]
end
complete -c pcdevices -f -n "__pcdevices_names >/dev/null; and not string match -q -- '-*' (commandline -ct)" -a "(__pcdevices_names)"
