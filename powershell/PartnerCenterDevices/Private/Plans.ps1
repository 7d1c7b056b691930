# Plans of changes to registered devices: the question before, and the results after.

# Writes an error for each device that was not found, asks for confirmation, and returns the devices that were found as
# rows with their ids. Returns nothing if there is nothing to do or the answer is no.
function Write-PCPlan {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [object] $Plan, [string] $Action, [string] $Customer)

    Write-PCRowError -Cmdlet $Cmdlet -Row @(Get-PCElement -List $Plan.unresolved)
    Write-PCUnlisted -Cmdlet $Cmdlet -Document $Plan
    $devices = @(Get-PCElement -List $Plan.devices | ForEach-Object -Process { $_.device })
    if ($devices.Count -eq 0) { return }
    $count = if ($devices.Count -eq 1) { '1 device' } else { "$($devices.Count) devices" }
    $target = "$count of customer $(if ($Customer) { $Customer } else { $Plan.customer }): $(Get-PCNameList -Device $devices)"
    if (-not $Cmdlet.ShouldProcess($target, $Action)) { return }
    $found = New-PCInput
    foreach ($device in $devices) {
        $found.Rows.Add([pscustomobject] @{ SerialNumber = ''; 'Device Id' = $device.id; Batch = $device.batch })
    }
    $found
}

# Writes an error for each reason of devices that were not changed, and with -PassThru returns the result of each device.
function Write-PCDeviceResult {
    param(
        [System.Management.Automation.PSCmdlet] $Cmdlet,
        [object] $Result,
        [string[]] $Done,
        [string] $Customer,
        [switch] $PassThru
    )

    $entries = @(Get-PCElement -List $Result.Document.devices)
    if ($PassThru) {
        foreach ($entry in $entries) {
            ConvertTo-PCObject -Value $entry.device -TypeName 'DeviceResult' -Add @{ Customer = $Customer; Outcome = $entry.outcome }
        }
    }
    $undone = @($entries | Where-Object { $_.outcome -notin $Done }) + @(Get-PCElement -List $Result.Document.unresolved)
    Write-PCRowError -Cmdlet $Cmdlet -Row $undone -ExitCode $Result.ExitCode
    Write-PCUnlisted -Cmdlet $Cmdlet -Document $Result.Document
    if ($Result.ExitCode -notin 0, 1, 6) { $Cmdlet.WriteError($Result.Error) }
}
