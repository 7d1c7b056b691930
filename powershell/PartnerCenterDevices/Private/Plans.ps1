# Changes to registered devices: the devices that a plan found, and the results.

# Writes an error for each device that was not found, and returns the others as rows with their ids, and their names for a
# question in `Target`. Returns nothing if no device was found.
function Get-PCFoundDevice {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [object] $Plan, [string] $Customer)

    Write-PCRowError -Cmdlet $Cmdlet -Row @(Get-PCElement -List $Plan.unresolved)
    Write-PCUnlisted -Cmdlet $Cmdlet -Document $Plan
    $devices = @(Get-PCElement -List $Plan.devices | ForEach-Object -Process { $_.device })
    if ($devices.Count -eq 0) { return }
    $count = if ($devices.Count -eq 1) { '1 device' } else { "$($devices.Count) devices" }
    $found = New-PCInput
    $found.Target = "$count of customer $(if ($Customer) { $Customer } else { $Plan.customer }): $(Get-PCNameList -Device $devices)"
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
