# Values: from JSON documents to objects with type names, and from the pipeline to files and rows.

# Properties that are times. Windows PowerShell reads them as texts, PowerShell 7 as times.
$script:TimeProperties = 'Created', 'Changed', 'Date', 'Uploaded', 'Started', 'Completed', 'Sent', 'Settled'

# Makes an object whose properties start with an upper-case letter, with a type name if one is given.
function ConvertTo-PCObject {
    param([object] $Value, [string] $TypeName, [System.Collections.IDictionary] $Add = @{})

    if ($Value -isnot [System.Management.Automation.PSCustomObject]) { return $Value }
    $properties = [ordered] @{}
    foreach ($property in $Value.PSObject.Properties) {
        $name = $property.Name.Substring(0, 1).ToUpperInvariant() + $property.Name.Substring(1)
        if ($property.Value -is [array]) {
            $properties[$name] = @(foreach ($item in $property.Value) { ConvertTo-PCObject -Value $item })
        }
        elseif ($script:TimeProperties -contains $name) {
            $properties[$name] = ConvertTo-PCTime -Value $property.Value
        }
        else {
            $properties[$name] = ConvertTo-PCObject -Value $property.Value
        }
    }
    foreach ($name in $Add.Keys) { $properties[$name] = $Add[$name] }
    $object = [pscustomobject] $properties
    if ($TypeName) { $object.PSObject.TypeNames.Insert(0, "PartnerCenterDevices.$TypeName") }
    $object
}

# Returns a time in UTC. A text that is not a time stays as it is.
function ConvertTo-PCTime {
    param([object] $Value)

    if ($Value -is [datetime]) { return $Value.ToUniversalTime() }
    $time = [System.DateTimeOffset]::MinValue
    $isTime = [System.DateTimeOffset]::TryParse([string] $Value, [cultureinfo]::InvariantCulture,
        [System.Globalization.DateTimeStyles]::AssumeUniversal, [ref] $time)
    if ($isTime) { $time.UtcDateTime } else { $Value }
}

# Returns a time as the program reads it. A text stays as it is.
function Format-PCTime {
    param([object] $Value)

    if ($Value -is [datetime]) { return $Value.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ', [cultureinfo]::InvariantCulture) }
    [string] $Value
}

# Returns the elements of a list, which Windows PowerShell and PowerShell 7 unroll differently.
function Get-PCElement {
    param([object] $List)

    foreach ($element in $List) {
        if ($null -ne $element) { $element }
    }
}

# Returns the full paths of a file name, which may contain wildcards. A name without a match is the program's to refuse.
function Resolve-PCFile {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [string] $Path)

    if (Test-Path -LiteralPath $Path) { return (Resolve-Path -LiteralPath $Path).ProviderPath }
    if ([System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($Path)) {
        $found = @(Resolve-Path -Path $Path -ErrorAction SilentlyContinue | ForEach-Object -Process { $_.ProviderPath })
        if ($found.Count -gt 0) { return $found }
    }
    $Cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
}

# Sorts values of the pipeline into paths and rows: texts and files are paths, other objects are devices.
function Add-PCInput {
    param([hashtable] $To, [object[]] $Value)

    foreach ($item in $Value) {
        if ($null -eq $item) { continue }
        $base = $item.PSObject.BaseObject
        if ($base -is [string]) { $To.Paths.Add($base) }
        elseif ($base -is [System.IO.FileSystemInfo]) { $To.Paths.Add($base.FullName) }
        elseif ($base -is [System.Collections.IDictionary]) { $To.Rows.Add([pscustomobject] $base) }
        else { $To.Rows.Add($item) }
    }
}

# Returns an empty collection of paths and rows.
function New-PCInput {
    @{
        Paths = [System.Collections.Generic.List[string]]::new()
        Rows  = [System.Collections.Generic.List[object]]::new()
    }
}

# Returns the arguments of Invoke-PCCommand for paths and rows. Rows become CSV on standard input, with the columns of all
# rows, because ConvertTo-Csv knows only those of the first one.
function Get-PCInputArgument {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [hashtable] $From)

    $operands = @(foreach ($path in $From.Paths) { Resolve-PCFile -Cmdlet $Cmdlet -Path $path })
    $arguments = @{ Operand = $operands }
    if ($From.Rows.Count -gt 0) {
        $names = @($From.Rows | ForEach-Object -Process { $_.PSObject.Properties.Name } | Select-Object -Unique)
        $csv = $From.Rows | Select-Object -Property $names | ConvertTo-Csv -NoTypeInformation
        $arguments.Operand = $operands + '-'
        $arguments.InputText = ($csv -join "`r`n") + "`r`n"
    }
    $arguments
}

# Ends the caller if it has neither files nor rows.
function Assert-PCInput {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [hashtable] $From)

    if ($From.Paths.Count -gt 0 -or $From.Rows.Count -gt 0) { return }
    $Cmdlet.ThrowTerminatingError((New-PCErrorRecord -Id 'NoInput' -Category 'InvalidArgument' `
                -Message 'there is no file and no device' -Hint 'name a file with -Path, or send files or devices through the pipeline'))
}

# Returns the name of a device in messages.
function Get-PCDeviceName {
    param([object] $Device)

    foreach ($name in 'serialNumber', 'productKey', 'shortHash', 'deviceId', 'id') {
        if ($Device.$name) { return [string] $Device.$name }
    }
    if ($Device.line) { return "line $($Device.line)" }
    'a device without a name'
}

# Returns 'A, B, C and 3 more'.
function Get-PCNameList {
    param([object[]] $Device)

    $names = @($Device | Select-Object -First 5 | ForEach-Object -Process { Get-PCDeviceName -Device $_ })
    $text = $names -join ', '
    if ($Device.Count -gt $names.Count) { $text += " and $($Device.Count - $names.Count) more" }
    $text
}

# Writes an error for each reason of rows or devices that were not done.
function Write-PCRowError {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [object[]] $Row, [int] $ExitCode = 1)

    foreach ($group in @($Row | Group-Object -Property 'outcome', 'code', 'reason')) {
        $first = $group.Group[0]
        $reason = @($first.code, $first.name, $first.meaning, $first.message, $first.failure.message) | Where-Object { $_ }
        if (-not $reason) { $reason = @($first.outcome, $first.reason) | Where-Object { $_ } }
        $devices = @($group.Group | ForEach-Object -Process { foreach ($place in $_.device, $_.wanted, $_) { if ($place) { @($place)[0]; break } } })
        $count = if ($devices.Count -eq 1) { '1 device' } else { "$($devices.Count) devices" }
        $hint = @($first.cure, $first.failure.hint) | Where-Object { $_ }
        $Cmdlet.WriteError((New-PCErrorRecord -ExitCode $ExitCode -Hint $hint -TargetObject $group.Group `
                    -Message "${count}: $($reason -join ' ') ($(Get-PCNameList -Device $devices))"))
    }
}

# Writes an error for each batch that could not be read, because its devices are missing in the result.
function Write-PCUnlisted {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [object] $Document)

    foreach ($batch in Get-PCElement -List $Document.unlisted) {
        $Cmdlet.WriteError((New-PCErrorRecord -ExitCode 6 -TargetObject $batch -Hint $batch.failure.hint `
                    -Message "the devices of batch '$($batch.batch)' are missing: $($batch.failure.message)"))
    }
}
