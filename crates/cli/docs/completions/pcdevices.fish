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

complete -c pcdevices -n "__fish_pcdevices_needs_command" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_needs_command" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_needs_command" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_needs_command" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -s V -l version -d 'Print version'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "upload" -d 'Register the devices of a file and show what became of each'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "check" -d 'Check files before an upload, and send nothing'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "jobs" -d 'Look at a job of the service, wait for it, or list those of this machine\'s uploads'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "batches" -d 'List the batches of a customer'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "devices" -d 'List, find, compare and delete a customer\'s devices, and give them policies'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "policies" -d 'Look at a customer\'s policies, change them, or make them as a file says'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "explain" -d 'Say what an error code means, and what to do'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "report" -d 'Write the report of an upload from its journal'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "journals" -d 'Look at the journals of uploads, or remove one'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "customers" -d 'Name customers, so that nobody pastes tenant ids'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "auth" -d 'Sign in, see who is signed in, sign out'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "doctor" -d 'Look whether everything works: configuration, sign-in, token, service, rights, clock'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "emulator" -d 'Run the service on this machine, for any client'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "raw" -d 'Send any request to the API and print what it answers'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "schema" -d 'Print the JSON Schema of a document that --json prints, or list all'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "completions" -d 'Print what a shell needs to complete commands and flags'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "man" -d 'Print a manual page, or write all'
complete -c pcdevices -n "__fish_pcdevices_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l customer-from -d 'Upload for several customers at once: each row names its own in a column such as Tenant ID, or each file is in a folder of its customer\'s name, and FILE is the folder above' -r -f -a "column\t''
folder\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -s b -l batch -d 'The batch to create or to add to; the customer sees its name as group tag [default: with --customer-from, the row\'s Group Tag]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l chunk -d 'How many devices go in one request, 1 to 1000' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l journal -d 'Where to write down what is done, so that the same command goes on after a break [default: one file for each customer and batch in this user\'s state folder; none for a service on this machine]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l report -d 'Write the report to a file too: .html for the customer, .csv for a spreadsheet, .json for a program; can be given more than once' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l wait -d 'How many minutes to wait for each job' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l dry-run -d 'Show every request that would be sent, as JSON, and send none'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l retry -d 'Send devices again that failed for a reason that passes, such as 640'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l anew -d 'Begin a new journal: what had its outcome before is sent again; the old one is kept beside it as .old'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l emulator -d 'Use the built-in emulator: no account, no token, nothing is kept'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -l csv -d 'Print CSV, with the names of the JSON\'s properties as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand upload" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l max-warnings -d 'Fail where there are more warnings than this; 0 takes none' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -l csv -d 'Print CSV, with the names of the JSON\'s properties as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand check" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -f -a "status" -d 'Look at a job once: how far it is, and what became of each device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -f -a "wait" -d 'Wait until a job is over, and show what became of each device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -f -a "list" -d 'List the jobs of this machine\'s uploads'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and not __fish_seen_subcommand_from status wait list help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l timeout -d 'How many minutes to wait at most; the job goes on after that' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -s c -l customer -d 'Only those of this customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -l folder -d 'Where the journals are [default: this user\'s state folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -l csv -d 'Print CSV, with the names of the JSON\'s properties as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from help" -f -a "status" -d 'Look at a job once: how far it is, and what became of each device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from help" -f -a "wait" -d 'Wait until a job is over, and show what became of each device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the jobs of this machine\'s uploads'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand jobs; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -f -a "list" -d 'List a customer\'s batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and not __fish_seen_subcommand_from list help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -l csv -d 'Print CSV, with the names of the JSON\'s properties as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from help" -f -a "list" -d 'List a customer\'s batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand batches; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find diff delete assign-policy help" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find diff delete assign-policy help" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find diff delete assign-policy help" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find diff delete assign-policy help" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find diff delete assign-policy help" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find diff delete assign-policy help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find diff delete assign-policy help" -f -a "list" -d 'List a customer\'s devices, over all batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find diff delete assign-policy help" -f -a "find" -d 'Find devices by serial number, product key or id, over all batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find diff delete assign-policy help" -f -a "diff" -d 'Compare files with what is registered: what is missing, what is there besides, what has another policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find diff delete assign-policy help" -f -a "delete" -d 'Delete devices, so that another partner or the customer can register them'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find diff delete assign-policy help" -f -a "assign-policy" -d 'Give devices a configuration policy, or take theirs away'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and not __fish_seen_subcommand_from list find diff delete assign-policy help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -s b -l batch -d 'Only the devices of this batch; can be given more than once' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -l csv -d 'Print CSV, with the names of the JSON\'s properties as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -l csv -d 'Print CSV, with the names of the JSON\'s properties as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from find" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -s b -l batch -d 'Look for devices that no row names in this batch only; those of the files are looked for in all' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l policy -d 'The policy that the devices should have, by name or id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l no-extra -d 'Do not care for devices that no row names'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l no-policy -d 'The devices should have no policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -l csv -d 'Print CSV, with the names of the JSON\'s properties as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l serial -d 'The device of this serial number; can be given more than once' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l product-key -d 'The device of this product key; can be given more than once' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l id -d 'The device of this id; can be given more than once' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -s b -l batch -d 'Look for them in this batch only; can be given more than once' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l all-named -d 'Where several devices bear a name, take all of them; else none is touched'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do it without asking; where there is no terminal nothing is done without'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -l json -d 'Print the plan as JSON and do nothing; with --yes do it, and print the report; `pcdevices schema` has both schemas'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l serial -d 'The device of this serial number; can be given more than once' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l product-key -d 'The device of this product key; can be given more than once' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l id -d 'The device of this id; can be given more than once' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -s b -l batch -d 'The devices of this batch; beside files or names, only those of them that are in it; can be given more than once' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l policy -d 'The policy, by name or id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l wait -d 'How many minutes to wait for each job' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l all-named -d 'Where several devices bear a name, take all of them; else none is touched'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l none -d 'Take the policy away that they have'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -s y -l yes -d 'Do it without asking; where there is no terminal nothing is done without'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -l json -d 'Print the plan as JSON and do nothing; with --yes do it, and print the report; `pcdevices schema` has both schemas'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from assign-policy" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "list" -d 'List a customer\'s devices, over all batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "find" -d 'Find devices by serial number, product key or id, over all batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "diff" -d 'Compare files with what is registered: what is missing, what is there besides, what has another policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete devices, so that another partner or the customer can register them'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "assign-policy" -d 'Give devices a configuration policy, or take theirs away'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "list" -d 'List a customer\'s policies'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "show" -d 'Show one policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "create" -d 'Make a policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "edit" -d 'Change parts of a policy; the others stay'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "delete" -d 'Delete a policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "diff" -d 'Compare a file of policies with what is there'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "apply" -d 'Make policies as a file says: create, change, and with --prune delete'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and not __fish_seen_subcommand_from list show create edit delete diff apply help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l yaml -d 'Print a file that `pcdevices policies apply` takes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -l csv -d 'Print CSV, with the names of the JSON\'s properties as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l yaml -d 'Print a file that `pcdevices policies apply` takes'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -l csv -d 'Print CSV, with the names of the JSON\'s properties as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l description -d 'What it is for' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l setting -d 'What it switches on: remove_oem_preinstalls, oobe_user_not_local_admin, skip_express_settings, skip_oem_registration or skip_eula; can be given more than once' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l name -d 'A new name' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l description -d 'A new description; empty for none' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l add-setting -d 'Switch this on; can be given more than once' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l remove-setting -d 'Do not switch this on any more; can be given more than once' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -s y -l yes -d 'Do it without asking; where there is no terminal nothing is done without'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do it without asking; where there is no terminal nothing is done without'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id; can be given more than once [default: the customers of the file, else the variable PCDEVICES_CUSTOMER]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l prune -d 'Delete policies that the file does not have; those that devices have stay'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -s c -l customer -d 'The customer: an alias of `pcdevices customers`, or the tenant id; can be given more than once [default: the customers of the file, else the variable PCDEVICES_CUSTOMER]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l prune -d 'Delete policies that the file does not have; those that devices have stay'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -s y -l yes -d 'Do it without asking; where there is no terminal nothing is done without'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from apply" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "list" -d 'List a customer\'s policies'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "create" -d 'Make a policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "edit" -d 'Change parts of a policy; the others stay'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete a policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "diff" -d 'Compare a file of policies with what is there'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "apply" -d 'Make policies as a file says: create, change, and with --prune delete'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand policies; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -l csv -d 'Print CSV, with the names of the JSON\'s properties as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand explain" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l folder -d 'Where the journals are [default: this user\'s state folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -s o -l output -d 'The file to write; - is the standard output [default: -]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l html -d 'A page for the customer, which needs no other file'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l csv -d 'CSV, for a spreadsheet'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -l json -d 'JSON, for a program; `pcdevices schema report` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand report" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -l folder -d 'Where the journals are [default: this user\'s state folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -f -a "list" -d 'List all: when each began, for which service, and how far it is'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -f -a "show" -d 'Show what became of each row, and the requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -f -a "export" -d 'Print all that a journal holds, as JSON'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -f -a "remove" -d 'Remove one; the same upload begins anew then'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and not __fish_seen_subcommand_from list show export remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -l folder -d 'Where the journals are [default: this user\'s state folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -l csv -d 'Print CSV, with the names of the JSON\'s properties as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -l folder -d 'Where the journals are [default: this user\'s state folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -l folder -d 'Where the journals are [default: this user\'s state folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -l folder -d 'Where the journals are [default: this user\'s state folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Do it without asking; where there is no terminal nothing is done without'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from help" -f -a "list" -d 'List all: when each began, for which service, and how far it is'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show what became of each row, and the requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from help" -f -a "export" -d 'Print all that a journal holds, as JSON'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove one; the same upload begins anew then'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand journals; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list add remove help" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list add remove help" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list add remove help" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list add remove help" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list add remove help" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list add remove help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list add remove help" -f -a "list" -d 'List the customers that have an alias on this machine'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list add remove help" -f -a "add" -d 'Name a customer, or change what a name stands for'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list add remove help" -f -a "remove" -d 'Forget a name; nothing changes at the service'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and not __fish_seen_subcommand_from list add remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -l csv -d 'Print CSV, with the names of the JSON\'s properties as columns'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -l note -d 'What is to be remembered of the customer' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -s y -l yes -d 'Do it without asking; where there is no terminal nothing is done without'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from remove" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from remove" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the customers that have an alias on this machine'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from help" -f -a "add" -d 'Name a customer, or change what a name stands for'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Forget a name; nothing changes at the service'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand customers; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -f -a "login" -d 'Sign in, and keep the sign-in in a profile'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -f -a "status" -d 'Show who is signed in, and whether that still works'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -f -a "logout" -d 'Forget what is kept of a sign-in; the profile in config.toml stays'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l tenant -d 'The partner\'s tenant, by id or domain [default: that of the profile]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l client-id -d 'The client id of the app registration [default: that of the profile]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l refresh-token-file -d 'A file that holds the refresh token; - is the standard input [default: the variable PCDEVICES_REFRESH_TOKEN, or it is asked for]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l client-secret-file -d 'A file that holds the client secret of a web app registration; - is the standard input [default: the variable PCDEVICES_CLIENT_SECRET, or with --app-only it is asked for]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l cloud -d 'The cloud: where API and sign-in are [default: that of the profile, else public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l base-url -d 'The root of the API in the place of the cloud\'s; that of an emulator is the root of its sign-in too' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l authority -d 'The root of the sign-in in the place of the cloud\'s' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l app-only -d 'Sign in as the app itself, by its client secret; batches cannot be made so'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l refresh-token -d 'Take over a refresh token of the secure application model'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l offline -d 'Only say what is kept; ask nobody for a token'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from logout" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from logout" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from logout" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from logout" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from logout" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "login" -d 'Sign in, and keep the sign-in in a profile'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show who is signed in, and whether that still works'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "logout" -d 'Forget what is kept of a sign-in; the profile in config.toml stays'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -s c -l customer -d 'A customer to ask for, by alias or tenant id: then it is known whether the rights suffice' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -l json -d 'Print JSON; `pcdevices schema` has the schema'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l listen -d 'Where to listen for HTTP; port 0 is any free one [default: 127.0.0.1:8085, or none with --https]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l https -d 'Where to listen for HTTPS; the same service as that of --listen' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l certificate -d 'The server\'s certificate and those that lead to its CA, in PEM; without it one is made for localhost, 127.0.0.1 and ::1' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l key -d 'The certificate\'s key, in PEM' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l https-name -d 'One more name or IP address for the certificate that is made; may be given again' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l write-ca -d 'Write the certificate of the CA that signed it, for a client to trust, in PEM' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l faults -d 'A YAML or JSON file of what shall go wrong; the emulator\'s README says what can' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l seed -d 'What all ids and all chances are drawn from [default: 0, or that of the data folder]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l page-size -d 'How many devices are on a page' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l data -d 'A folder that keeps the state, so that the next run goes on with it; without one it ends with the program' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l world -d 'A YAML or JSON file of what is there at the start: customers, batches, devices, policies, hardware' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l auth -d 'Which access tokens are taken' -r -f -a "off\t'None is needed'
any-bearer\t'One must be there, and any will do'
strict\t'Only those of the emulator\'s own sign-in, until they expire; a refresh token is good for one use'"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l auto-approve -d 'Approve sign-ins by device code without a person, this many seconds after they began' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -l instant -d 'Let jobs be done as soon as they are accepted'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand emulator" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -s d -l data -d 'The body, which must be JSON: as it is, from the file after an @, or from the standard input by -' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -s c -l customer -d 'The customer that {customer} stands for: an alias of `pcdevices customers`, or the tenant id' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l cloud -d 'The cloud: where API and sign-in are [default: public]' -r -f -a "public\t''
us-government\t''
china\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l base-url -d 'The root of the API in the place of the cloud\'s, such as that of a running emulator; the profile\'s sign-in is not used there' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l token-file -d 'A file that holds the access token [default: the variable PCDEVICES_TOKEN, else the sign-in of the profile]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l ca-file -d 'A certificate authority to trust besides the system\'s, in PEM: of a proxy that looks into TLS, or of an emulator' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l rate -d 'How many requests may leave in a second, at most' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -s i -l include -d 'Show the status and the ids of the answer on stderr'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand raw" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand schema" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand schema" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand schema" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand schema" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand schema" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand schema" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand completions" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand completions" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand completions" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand completions" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand completions" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand completions" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -s o -l output -d 'Write the pages of all commands into this folder, such as ~/.local/share/man/man1' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -l profile -d 'The profile of config.toml to use [default: the one named there]' -r
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -l config-dir -d 'The folder of config.toml and customers.toml [default: pcdevices in this user\'s configuration folder]' -r -F
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -l color -d 'When to use colours; auto is on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -s q -l quiet -d 'Say less: no progress and no notes, only results and errors'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -s v -l verbose -d 'Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand man" -s h -l help -d 'Print help'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "upload" -d 'Register the devices of a file and show what became of each'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "check" -d 'Check files before an upload, and send nothing'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "jobs" -d 'Look at a job of the service, wait for it, or list those of this machine\'s uploads'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "batches" -d 'List the batches of a customer'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "devices" -d 'List, find, compare and delete a customer\'s devices, and give them policies'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "policies" -d 'Look at a customer\'s policies, change them, or make them as a file says'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "explain" -d 'Say what an error code means, and what to do'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "report" -d 'Write the report of an upload from its journal'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "journals" -d 'Look at the journals of uploads, or remove one'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "customers" -d 'Name customers, so that nobody pastes tenant ids'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "auth" -d 'Sign in, see who is signed in, sign out'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "doctor" -d 'Look whether everything works: configuration, sign-in, token, service, rights, clock'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "emulator" -d 'Run the service on this machine, for any client'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "raw" -d 'Send any request to the API and print what it answers'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "schema" -d 'Print the JSON Schema of a document that --json prints, or list all'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "completions" -d 'Print what a shell needs to complete commands and flags'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "man" -d 'Print a manual page, or write all'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and not __fish_seen_subcommand_from upload check jobs batches devices policies explain report journals customers auth doctor emulator raw schema completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from jobs" -f -a "status" -d 'Look at a job once: how far it is, and what became of each device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from jobs" -f -a "wait" -d 'Wait until a job is over, and show what became of each device'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from jobs" -f -a "list" -d 'List the jobs of this machine\'s uploads'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from batches" -f -a "list" -d 'List a customer\'s batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from devices" -f -a "list" -d 'List a customer\'s devices, over all batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from devices" -f -a "find" -d 'Find devices by serial number, product key or id, over all batches'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from devices" -f -a "diff" -d 'Compare files with what is registered: what is missing, what is there besides, what has another policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from devices" -f -a "delete" -d 'Delete devices, so that another partner or the customer can register them'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from devices" -f -a "assign-policy" -d 'Give devices a configuration policy, or take theirs away'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "list" -d 'List a customer\'s policies'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "show" -d 'Show one policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "create" -d 'Make a policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "edit" -d 'Change parts of a policy; the others stay'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "delete" -d 'Delete a policy'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "diff" -d 'Compare a file of policies with what is there'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from policies" -f -a "apply" -d 'Make policies as a file says: create, change, and with --prune delete'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from journals" -f -a "list" -d 'List all: when each began, for which service, and how far it is'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from journals" -f -a "show" -d 'Show what became of each row, and the requests'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from journals" -f -a "export" -d 'Print all that a journal holds, as JSON'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from journals" -f -a "remove" -d 'Remove one; the same upload begins anew then'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from customers" -f -a "list" -d 'List the customers that have an alias on this machine'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from customers" -f -a "add" -d 'Name a customer, or change what a name stands for'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from customers" -f -a "remove" -d 'Forget a name; nothing changes at the service'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from auth" -f -a "login" -d 'Sign in, and keep the sign-in in a profile'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from auth" -f -a "status" -d 'Show who is signed in, and whether that still works'
complete -c pcdevices -n "__fish_pcdevices_using_subcommand help; and __fish_seen_subcommand_from auth" -f -a "logout" -d 'Forget what is kept of a sign-in; the profile in config.toml stays'
