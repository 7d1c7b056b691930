function Get-PCBatch {
    <#
    .SYNOPSIS
    Lists the device batches of a customer.

    .DESCRIPTION
    Returns an object for each batch, with its number of devices and its state.

    .PARAMETER Customer
    The customer: an alias, the company name, the default domain or the tenant id. Default: the variable PCDEVICES_CUSTOMER.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .EXAMPLE
    Get-PCBatch -Customer contoso

    Lists the batches of a customer.

    .EXAMPLE
    Get-PCCustomer | Get-PCBatch | Measure-Object -Property Devices -Sum

    Counts the devices of all customers.
    #>
    [CmdletBinding()]
    [OutputType('PartnerCenterDevices.Batch')]
    param(
        [Parameter(ValueFromPipelineByPropertyName = $true)]
        [string] $Customer,

        [string] $ProfileName
    )

    process {
        $result = Invoke-PCCommand -Cmdlet $PSCmdlet -Command 'batches list' -Customer $Customer -ProfileName $ProfileName
        foreach ($batch in Get-PCElement -List $result.Document) {
            ConvertTo-PCObject -Value $batch -TypeName 'Batch' -Add @{ Batch = $batch.id; Customer = $Customer }
        }
    }
}

function Get-PCDevice {
    <#
    .SYNOPSIS
    Lists or finds the registered devices of a customer, in all batches, or finds devices of all customers.

    .DESCRIPTION
    Without -Identity, returns all devices, or those of the batches that you name. A device that was not found, and a
    batch that could not be read, are errors. With -Everywhere, the index on this machine is searched, and each device that is found
    is checked with one call; pcdevices devices sync fills the index.

    .PARAMETER Identity
    Complete serial numbers, product keys or device ids.

    .PARAMETER Everywhere
    Find the devices among all customers of the index. Device ids cannot be found in this way.

    .PARAMETER Batch
    List only the devices of these batches.

    .PARAMETER Customer
    The customer: an alias, the company name, the default domain or the tenant id. Default: the variable PCDEVICES_CUSTOMER.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .EXAMPLE
    Get-PCDevice -Customer contoso

    Lists all devices of a customer.

    .EXAMPLE
    Get-PCDevice HQ-0002, HQ-0003 -Customer contoso

    Finds two devices.

    .EXAMPLE
    Get-PCDevice HQ-0002 -Everywhere

    Finds the customer and the batch of a device.

    .EXAMPLE
    Get-PCBatch -Customer contoso | Get-PCDevice | Export-Csv devices.csv -NoTypeInformation -Encoding UTF8

    Writes the devices of each batch to a file.
    #>
    [CmdletBinding(DefaultParameterSetName = 'List')]
    [OutputType('PartnerCenterDevices.Device')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'Find')]
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'Everywhere')]
        [Alias('SerialNumber', 'ProductKey', 'DeviceId')]
        [string[]] $Identity,

        [Parameter(Mandatory = $true, ParameterSetName = 'Everywhere')]
        [switch] $Everywhere,

        [Parameter(ParameterSetName = 'List', ValueFromPipelineByPropertyName = $true)]
        [string[]] $Batch,

        [Parameter(ParameterSetName = 'Find', ValueFromPipelineByPropertyName = $true)]
        [Parameter(ParameterSetName = 'List', ValueFromPipelineByPropertyName = $true)]
        [string] $Customer,

        [string] $ProfileName
    )

    process {
        $common = @{ Cmdlet = $PSCmdlet; Customer = $Customer; ProfileName = $ProfileName; Activity = 'Reading devices' }
        if ($PSCmdlet.ParameterSetName -eq 'Find') {
            $result = Invoke-PCCommand -Command 'devices find' -Operand $Identity @common
            $devices = @(foreach ($found in $result.Document.found) { Get-PCElement -List $found.devices })
            $missing = @($result.Document.found | Where-Object { -not $_.devices } | ForEach-Object { Get-PCDeviceName -Device $_.wanted })
        }
        elseif ($Everywhere) {
            $result = Invoke-PCCommand -Command 'devices find' -Operand $Identity -Option '--everywhere' @common
            $known = @(Get-PCElement -List $result.Document.found)
            $devices = @($known | Where-Object { $_.state -in 'verified', 'unverified' })
            $missing = @(Get-PCElement -List $result.Document.notFound)
        }
        else {
            $result = Invoke-PCCommand -Command 'devices list' -Option @(Format-PCOption '--batch' $Batch) @common
            $devices = @(Get-PCElement -List $result.Document.devices)
            $missing = @()
        }
        foreach ($device in $devices) {
            $of = if ($Everywhere) { $device.customer } else { $Customer }
            ConvertTo-PCObject -Value $device -TypeName 'Device' -Add @{ Customer = $of }
        }
        foreach ($name in $missing) {
            $PSCmdlet.WriteError((New-PCErrorRecord -Id 'DeviceNotFound' -Category 'ObjectNotFound' -ExitCode 1 `
                        -TargetObject $name -Message "no registered device matches '$name'"))
        }
        Write-PCUnlisted -Cmdlet $PSCmdlet -Document $result.Document
        if ($result.ExitCode -notin 0, 1, 6) { $PSCmdlet.WriteError($result.Error) }
    }
}

function Remove-PCDevice {
    <#
    .SYNOPSIS
    Deletes registered devices, so that another partner or the customer can register them.

    .DESCRIPTION
    Finds the devices first, asks for confirmation, and deletes exactly the devices that were found. A device that was not
    found or not deleted is an error.

    .PARAMETER Path
    Files with the devices; a list of serial numbers is enough. Wildcards are allowed.

    .PARAMETER InputObject
    Devices of Get-PCDevice, files, or objects with the columns of a device file.

    .PARAMETER SerialNumber
    Devices with these serial numbers.

    .PARAMETER Batch
    Search only in these batches.

    .PARAMETER AllMatches
    Act on every match if several devices share a serial number or key.

    .PARAMETER Customer
    The customer: an alias, the company name, the default domain or the tenant id. Default: the variable PCDEVICES_CUSTOMER.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .PARAMETER PassThru
    Return the result for each device.

    .EXAMPLE
    Get-PCDevice HQ-0002 -Customer contoso | Remove-PCDevice

    Deletes a device after a question.

    .EXAMPLE
    Remove-PCDevice -Path returned.csv -Customer contoso -WhatIf

    Shows the devices that would be deleted.

    .EXAMPLE
    Remove-PCDevice -Path returned.csv -Customer contoso -Confirm:$false -PassThru

    Deletes the devices of a file without a question.
    #>
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
    [OutputType('PartnerCenterDevices.DeviceResult')]
    param(
        [Parameter(Position = 0)]
        [SupportsWildcards()]
        [string[]] $Path,

        [Parameter(ValueFromPipeline = $true)]
        [object[]] $InputObject,

        [string[]] $SerialNumber,
        [string[]] $Batch,
        [switch] $AllMatches,

        [Parameter(ValueFromPipelineByPropertyName = $true)]
        [string] $Customer,

        [string] $ProfileName,
        [switch] $PassThru
    )

    begin { $groups = [ordered] @{} }
    process {
        if (-not $groups.Contains($Customer)) { $groups[$Customer] = New-PCInput }
        Add-PCInput -To $groups[$Customer] -Value $InputObject
    }
    end {
        foreach ($name in @($groups.Keys)) {
            $from = $groups[$name]
            Add-PCInput -To $from -Value $Path
            $common = @{ Cmdlet = $PSCmdlet; Customer = $name; ProfileName = $ProfileName }
            $option = @(
                Format-PCOption '--serial' $SerialNumber
                Format-PCOption '--batch' $Batch
                if ($AllMatches) { '--all-matches' }
            )
            if (-not $SerialNumber) { Assert-PCInput -Cmdlet $PSCmdlet -From $from }
            $arguments = Get-PCInputArgument -Cmdlet $PSCmdlet -From $from
            $plan = Invoke-PCCommand -Command 'devices delete' -Option $option -Activity 'Finding devices' @arguments @common
            $found = Get-PCFoundDevice -Cmdlet $PSCmdlet -Plan $plan.Document -Customer $name
            if (-not $found -or -not $PSCmdlet.ShouldProcess($found.Target, 'Delete')) { continue }
            $arguments = Get-PCInputArgument -Cmdlet $PSCmdlet -From $found
            $result = Invoke-PCCommand -Command 'devices delete' -Option '--yes' -Activity 'Deleting devices' @arguments @common
            Write-PCDeviceResult -Cmdlet $PSCmdlet -Result $result -Done 'deleted', 'alreadyGone' -Customer $name -PassThru:$PassThru
        }
    }
}

function Set-PCDevicePolicy {
    <#
    .SYNOPSIS
    Assigns a configuration policy to registered devices, or removes it.

    .DESCRIPTION
    Finds the devices first, asks for confirmation because the policy of a device is replaced, and changes exactly the
    devices that were found. A device that was not found or not changed is an error.

    .PARAMETER Path
    Files with the devices; a list of serial numbers is enough. Wildcards are allowed.

    .PARAMETER InputObject
    Devices of Get-PCDevice, files, or objects with the columns of a device file.

    .PARAMETER SerialNumber
    Devices with these serial numbers.

    .PARAMETER Batch
    All devices of these batches, or with files or names only those in these batches.

    .PARAMETER AllMatches
    Act on every match if several devices share a serial number or key.

    .PARAMETER Policy
    The policy to assign: its name or its id.

    .PARAMETER NoPolicy
    Remove the policy from the devices.

    .PARAMETER Customer
    The customer: an alias, the company name, the default domain or the tenant id. Default: the variable PCDEVICES_CUSTOMER.

    .PARAMETER TimeoutMinutes
    Wait at most this long for each job.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .PARAMETER PassThru
    Return the result for each device.

    .EXAMPLE
    Set-PCDevicePolicy -Path fleet.csv -Customer contoso -Policy 'Straight to the desktop'

    Assigns a policy to the devices of a file after a question.

    .EXAMPLE
    Get-PCDevice -Customer contoso | Where-Object PolicyId -eq $null | Set-PCDevicePolicy -Policy Kiosk -Confirm:$false

    Assigns a policy to all devices without one.

    .EXAMPLE
    Set-PCDevicePolicy -Batch 'Berlin office' -Customer contoso -NoPolicy -WhatIf

    Shows the devices of a batch that would lose their policy.
    #>
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High', DefaultParameterSetName = 'Policy')]
    [OutputType('PartnerCenterDevices.DeviceResult')]
    param(
        [Parameter(Position = 0)]
        [SupportsWildcards()]
        [string[]] $Path,

        [Parameter(ValueFromPipeline = $true)]
        [object[]] $InputObject,

        [string[]] $SerialNumber,
        [string[]] $Batch,
        [switch] $AllMatches,

        [Parameter(Mandatory = $true, ParameterSetName = 'Policy')]
        [string] $Policy,

        [Parameter(Mandatory = $true, ParameterSetName = 'NoPolicy')]
        [switch] $NoPolicy,

        [Parameter(ValueFromPipelineByPropertyName = $true)]
        [string] $Customer,

        [ValidateRange(1, 100000)]
        [int] $TimeoutMinutes,

        [string] $ProfileName,
        [switch] $PassThru
    )

    begin { $groups = [ordered] @{} }
    process {
        if (-not $groups.Contains($Customer)) { $groups[$Customer] = New-PCInput }
        Add-PCInput -To $groups[$Customer] -Value $InputObject
    }
    end {
        $change = @(if ($NoPolicy) { '--no-policy' } else { Format-PCOption '--policy' $Policy })
        $action = if ($NoPolicy) { 'Remove the policy' } else { "Assign the policy '$Policy'" }
        foreach ($name in @($groups.Keys)) {
            $from = $groups[$name]
            Add-PCInput -To $from -Value $Path
            $common = @{ Cmdlet = $PSCmdlet; Customer = $name; ProfileName = $ProfileName }
            $option = @(
                $change
                Format-PCOption '--serial' $SerialNumber
                Format-PCOption '--batch' $Batch
                if ($AllMatches) { '--all-matches' }
            )
            if (-not $SerialNumber -and -not $Batch) { Assert-PCInput -Cmdlet $PSCmdlet -From $from }
            $arguments = Get-PCInputArgument -Cmdlet $PSCmdlet -From $from
            $plan = Invoke-PCCommand -Command 'devices assign-policy' -Option $option -Activity 'Finding devices' @arguments @common
            $found = Get-PCFoundDevice -Cmdlet $PSCmdlet -Plan $plan.Document -Customer $name
            if (-not $found -or -not $PSCmdlet.ShouldProcess($found.Target, $action)) { continue }
            $arguments = Get-PCInputArgument -Cmdlet $PSCmdlet -From $found
            $option = @(
                $change
                '--yes'
                if ($TimeoutMinutes) { Format-PCOption '--wait' $TimeoutMinutes }
            )
            $result = Invoke-PCCommand -Command 'devices assign-policy' -Option $option -Activity 'Assigning the policy' @arguments @common
            Write-PCDeviceResult -Cmdlet $PSCmdlet -Result $result -Done 'assigned', 'alreadyHadIt' -Customer $name -PassThru:$PassThru
        }
    }
}
