# Errors: from the exit code and the messages of the program to a record of PowerShell.

# The exit codes of pcdevices. `cargo xtask powershell` compares them with the program's reference.
$script:ExitCodes = @{
    0   = @{ Id = 'Success'; Category = 'NotSpecified' }
    1   = @{ Id = 'SomeFailed'; Category = 'InvalidResult' }
    2   = @{ Id = 'InvalidArguments'; Category = 'InvalidArgument' }
    3   = @{ Id = 'InvalidFile'; Category = 'InvalidData' }
    4   = @{ Id = 'AccessDenied'; Category = 'PermissionDenied' }
    5   = @{ Id = 'Throttled'; Category = 'LimitsExceeded' }
    6   = @{ Id = 'OutcomeUnknown'; Category = 'OperationTimeout' }
    7   = @{ Id = 'Unavailable'; Category = 'ConnectionError' }
    8   = @{ Id = 'Rejected'; Category = 'InvalidOperation' }
    130 = @{ Id = 'Cancelled'; Category = 'OperationStopped' }
}

# Returns the id and the category of an exit code.
function Get-PCExitCode {
    param([int] $ExitCode)

    $known = $script:ExitCodes[$ExitCode]
    if ($null -eq $known) { $known = @{ Id = 'UnexpectedExit'; Category = 'NotSpecified' } }
    [pscustomobject] @{ ExitCode = $ExitCode; Id = $known.Id; Category = $known.Category }
}

# Splits the lines of stderr. The last error is the reason; the others are its details, of which ten are kept.
function ConvertFrom-PCDiagnostic {
    param([string[]] $Line)

    $errors = [System.Collections.Generic.List[string]]::new()
    $hints = [System.Collections.Generic.List[string]]::new()
    $supportIds = ''
    $last = ''
    foreach ($text in $Line) {
        if ([string]::IsNullOrWhiteSpace($text)) { continue }
        $last = $text.Trim()
        if ($text -cmatch '^error: (.*)$') { $errors.Add($Matches[1]) }
        elseif ($text -cmatch '^hint: (.*)$') { $hints.Add($Matches[1]) }
        elseif ($text -cmatch '^\s*MS-RequestId ') { $supportIds = $text.Trim() }
        elseif ($text -cmatch '^\s*-> ' -and $errors.Count -gt 0) {
            $errors[$errors.Count - 1] = $errors[$errors.Count - 1] + [Environment]::NewLine + $text
        }
    }
    $message = if ($errors.Count -gt 0) { $errors[$errors.Count - 1] } else { $last }
    $details = @($errors | Select-Object -SkipLast 1 | Select-Object -First 10)
    [pscustomobject] @{
        Message    = (@($message) + $details + @($supportIds) | Where-Object { $_ }) -join [Environment]::NewLine
        Hints      = @($hints)
        SupportIds = $supportIds
    }
}

# Makes the record of an error. The hints are part of its text, because PowerShell does not show recommended actions.
function New-PCErrorRecord {
    param(
        [string] $Message,
        [string[]] $Hint = @(),
        [string] $Id,
        [string] $Category,
        [object] $TargetObject,
        [int] $ExitCode = -1
    )

    $code = Get-PCExitCode -ExitCode $ExitCode
    if (-not $Id) { $Id = $code.Id }
    if (-not $Category) { $Category = $code.Category }
    if (-not $Message) { $Message = "pcdevices ended with exit code $ExitCode and printed no reason" }
    $exception = [System.InvalidOperationException]::new($Message)
    $exception.Data['ExitCode'] = $ExitCode
    $exception.Data['Hints'] = $Hint
    $record = [System.Management.Automation.ErrorRecord]::new($exception, "PCDevices.$Id", $Category, $TargetObject)
    $lines = @($Message) + @($Hint | Where-Object { $_ } | ForEach-Object { "hint: $_" })
    $record.ErrorDetails = [System.Management.Automation.ErrorDetails]::new($lines -join [Environment]::NewLine)
    $record.ErrorDetails.RecommendedAction = $Hint -join [Environment]::NewLine
    $record
}
