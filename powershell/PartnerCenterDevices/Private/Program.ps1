# Finds and runs the program. Arguments stay an array until the operating system needs one text, which no shell reads.

# The paths of the programs whose version is known to fit.
$script:CheckedPrograms = @{}

# Returns the path of the program: PCDEVICES_PATH, then the folder of this module, then PATH.
function Find-PCProgram {
    $name = if ($env:OS -eq 'Windows_NT') { 'pcdevices.exe' } else { 'pcdevices' }
    if ($env:PCDEVICES_PATH) {
        $path = $env:PCDEVICES_PATH
        if (Test-Path -LiteralPath $path -PathType Container) { $path = Join-Path -Path $path -ChildPath $name }
        if (Test-Path -LiteralPath $path -PathType Leaf) { return (Resolve-Path -LiteralPath $path).ProviderPath }
        throw (New-PCErrorRecord -Id 'ProgramNotFound' -Category 'ObjectNotFound' -TargetObject $path `
                -Message "there is no program at '$path', which PCDEVICES_PATH names" `
                -Hint 'set $env:PCDEVICES_PATH to the path of pcdevices, or remove the variable')
    }
    $path = Join-Path -Path $script:ModuleRoot -ChildPath $name
    if (Test-Path -LiteralPath $path -PathType Leaf) { return $path }
    $command = Get-Command -Name $name -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($null -ne $command) { return $command.Path }
    throw (New-PCErrorRecord -Id 'ProgramNotFound' -Category 'ObjectNotFound' -TargetObject $name `
            -Message "the program $name is neither beside this module nor on the PATH" `
            -Hint 'install pcdevices, or set $env:PCDEVICES_PATH to its path')
}

# True if a program can serve this module: the same major version, and before 1.0 also the same minor version.
function Test-PCProgramVersion {
    param([version] $Program, [version] $Module)

    if ($Program.Major -ne $Module.Major) { return $false }
    if ($Module.Major -eq 0) { return $Program.Minor -eq $Module.Minor }
    $Program -ge $Module
}

# Returns the path of a program whose version fits.
function Get-PCProgram {
    $path = Find-PCProgram
    if ($script:CheckedPrograms.ContainsKey($path)) { return $path }
    $result = Start-PCProgram -Path $path -Argument @('--version')
    $version = if ($result.Output -match '^pcdevices (\d+\.\d+\.\d+)') { $Matches[1] }
    if (-not $version) {
        throw (New-PCErrorRecord -Id 'WrongProgram' -Category 'InvalidResult' -TargetObject $path `
                -Message "'$path' does not print the version of pcdevices" -Hint 'set $env:PCDEVICES_PATH to the path of pcdevices')
    }
    $module = $MyInvocation.MyCommand.Module.Version
    if (-not (Test-PCProgramVersion -Program $version -Module $module)) {
        throw (New-PCErrorRecord -Id 'WrongVersion' -Category 'InvalidResult' -TargetObject $path `
                -Message "'$path' is version $version, and this module needs $module" `
                -Hint 'install the same version of pcdevices and of the module PartnerCenterDevices')
    }
    $script:CheckedPrograms[$path] = $version
    $path
}

# Quotes arguments as programs for Windows split them: backslashes are special only before a quotation mark.
# https://learn.microsoft.com/en-us/cpp/c-language/parsing-c-command-line-arguments
function ConvertTo-PCCommandLine {
    param([string[]] $Argument)

    $quoted = foreach ($text in $Argument) {
        if ($text -ne '' -and $text -notmatch '[\s"]') { $text; continue }
        $escaped = [regex]::Replace($text, '(\\*)"', '$1$1\"')
        $escaped = [regex]::Replace($escaped, '(\\+)\z', '$1$1')
        '"' + $escaped + '"'
    }
    $quoted -join ' '
}

# Returns the progress that a line of stderr reports, such as '120 of 400 devices, after 3 min', or nothing.
function ConvertFrom-PCProgress {
    param([string] $Line)

    if ($Line -notmatch '^(\d+) of (\d+) ') { return }
    $total = [long] $Matches[2]
    if ($total -eq 0) { return }
    [int] [math]::Min(100, [math]::Floor(100 * [long] $Matches[1] / $total))
}

# Runs the program and returns its exit code, the text of stdout, and the lines of stderr. Both are UTF-8, whatever the
# code page of the console is. An interactive program keeps the console for its questions.
function Start-PCProgram {
    param(
        [string] $Path,
        [string[]] $Argument,
        [string] $InputText,
        [string] $Activity,
        [switch] $Interactive
    )

    $utf8 = [System.Text.UTF8Encoding]::new($false)
    $start = [System.Diagnostics.ProcessStartInfo]::new($Path)
    if ($null -ne $start.PSObject.Properties['ArgumentList']) {
        foreach ($text in $Argument) { $start.ArgumentList.Add($text) }
    }
    else {
        $start.Arguments = ConvertTo-PCCommandLine -Argument $Argument
    }
    $start.UseShellExecute = $false
    # Without a console of the host, Windows would open a window.
    $start.CreateNoWindow = -not $Interactive -and $Host.Name -ne 'ConsoleHost'
    $start.WorkingDirectory = (Get-Location -PSProvider FileSystem).ProviderPath
    $start.RedirectStandardOutput = $true
    $start.StandardOutputEncoding = $utf8
    $hasInput = $PSBoundParameters.ContainsKey('InputText')
    $start.RedirectStandardInput = $hasInput -or -not $Interactive
    if (-not $Interactive) {
        $start.RedirectStandardError = $true
        $start.StandardErrorEncoding = $utf8
    }
    $process = [System.Diagnostics.Process]::Start($start)
    try {
        $output = $process.StandardOutput.ReadToEndAsync()
        $write = $null
        if ($start.RedirectStandardInput) {
            $bytes = $utf8.GetBytes([string] $InputText)
            $write = $process.StandardInput.BaseStream.WriteAsync($bytes, 0, $bytes.Length)
        }
        $lines = Read-PCProgram -Process $process -Output $output -Write $write -Activity $Activity -Interactive:$Interactive
        $process.WaitForExit()
        [pscustomobject] @{ ExitCode = $process.ExitCode; Output = $output.Result; Lines = @($lines) }
    }
    finally {
        # After Ctrl-C, the program ends the requests that run and keeps its journal.
        if (-not $process.HasExited -and -not $process.WaitForExit(30000)) { $process.Kill() }
        $process.Dispose()
    }
}

# Closes the input once it is written, and returns the lines of stderr, until the program closes its output. The waits
# are short, so that Ctrl-C works.
function Read-PCProgram {
    param($Process, $Output, $Write, [string] $Activity, [switch] $Interactive)

    $line = if ($Interactive) { $null } else { $Process.StandardError.ReadLineAsync() }
    try {
        while ($null -ne $line -or -not $Output.IsCompleted) {
            if ($null -ne $Write -and $Write.IsCompleted) {
                $Write = $null
                # The program may have ended before it read everything. Its exit code tells.
                try { $Process.StandardInput.Close() } catch { Write-Debug -Message "$_" }
            }
            if ($null -eq $line) { Start-Sleep -Milliseconds 50; continue }
            if (-not $line.Wait(50)) { continue }
            $text = $line.Result
            if ($null -eq $text) { $line = $null; continue }
            $line = $Process.StandardError.ReadLineAsync()
            $text
            Write-Verbose -Message $text
            if ($Activity) {
                $progress = @{ Activity = $Activity; Status = $(if ($text) { $text } else { ' ' }) }
                $percent = ConvertFrom-PCProgress -Line $text
                if ($null -ne $percent) { $progress.PercentComplete = $percent }
                Write-Progress @progress
            }
        }
    }
    finally {
        if ($Activity) { Write-Progress -Activity $Activity -Completed }
    }
}

# Returns an option once for each value, as one argument, so that a value may start with a hyphen.
function Format-PCOption {
    param([string] $Name, [string[]] $Value)

    foreach ($text in $Value) {
        if ($null -ne $text) { "$Name=$text" }
    }
}

# Runs a command of the program and returns its JSON document with the exit code. Without a document, the error of the
# program ends the caller. With one, the caller decides about the record in `Error`.
function Invoke-PCCommand {
    param(
        [System.Management.Automation.PSCmdlet] $Cmdlet,
        [string] $Command,
        [string[]] $Option = @(),
        [string[]] $Operand = @(),
        [string] $InputText,
        [string] $Customer,
        [string] $ProfileName,
        [string] $Activity,
        [switch] $Interactive
    )

    $argument = @($Command -split ' ') + @('--json', '--color=never')
    if ($Customer) { $argument += Format-PCOption '--customer' $Customer }
    if ($ProfileName) { $argument += Format-PCOption '--profile' $ProfileName }
    $argument += @($Option)
    if ($Operand.Count -gt 0) { $argument += @('--') + $Operand }
    $run = @{ Argument = $argument; Activity = $Activity; Interactive = $Interactive }
    if ($PSBoundParameters.ContainsKey('InputText')) { $run.InputText = $InputText }
    try { $result = Start-PCProgram -Path (Get-PCProgram) @run }
    catch { $Cmdlet.ThrowTerminatingError($_) }

    $record = $null
    if ($result.ExitCode -ne 0) {
        $diagnostic = ConvertFrom-PCDiagnostic -Line $result.Lines
        if ($Interactive) { $diagnostic.Message = "pcdevices $Command failed with exit code $($result.ExitCode); the console shows the reason" }
        $record = New-PCErrorRecord -Message $diagnostic.Message -Hint $diagnostic.Hints -ExitCode $result.ExitCode -TargetObject $Command
    }
    $document = $null
    if (-not [string]::IsNullOrWhiteSpace($result.Output)) {
        try { $document = ConvertFrom-Json -InputObject $result.Output }
        catch {
            if ($null -eq $record) {
                $record = New-PCErrorRecord -Id 'UnreadableOutput' -Category 'ParserError' -TargetObject $Command `
                    -Message "the output of pcdevices $Command is not JSON: $($_.Exception.Message)"
            }
            $Cmdlet.ThrowTerminatingError($record)
        }
    }
    elseif ($null -ne $record) { $Cmdlet.ThrowTerminatingError($record) }
    [pscustomobject] @{ Document = $document; ExitCode = $result.ExitCode; Error = $record }
}
