function Test-PCDeviceFile {
    <#
    .SYNOPSIS
    Checks device files without sending anything.

    .DESCRIPTION
    Reads CSV files with any column order, Excel workbooks, ZIP archives, folders and the output of
    Get-WindowsAutopilotInfo, and reports every problem with its line and how to fix it. It needs no account.

    .PARAMETER Path
    Files with devices, or folders of them. Wildcards are allowed.

    .PARAMETER InputObject
    Files, or objects with the columns of a device file, such as those of Import-Csv.

    .PARAMETER Quiet
    Return only True or False.

    .EXAMPLE
    Test-PCDeviceFile -Path fleet.csv

    Shows the number of devices and of problems.

    .EXAMPLE
    (Test-PCDeviceFile -Path *.csv).Findings | Format-Table Line, Severity, Message, Cure

    Shows the problems of several files.

    .EXAMPLE
    if (Test-PCDeviceFile -Path fleet.csv -Quiet) { Import-PCDevice -Path fleet.csv -Batch 'Berlin office' }

    Uploads a file only if all of its rows are valid.
    #>
    [CmdletBinding()]
    [OutputType('PartnerCenterDevices.CheckResult')]
    [OutputType([bool])]
    param(
        [Parameter(Position = 0)]
        [SupportsWildcards()]
        [string[]] $Path,

        [Parameter(ValueFromPipeline = $true)]
        [object[]] $InputObject,

        [switch] $Quiet
    )

    begin { $from = New-PCInput }
    process { Add-PCInput -To $from -Value $InputObject }
    end {
        Add-PCInput -To $from -Value $Path
        Assert-PCInput -Cmdlet $PSCmdlet -From $from
        $arguments = Get-PCInputArgument -Cmdlet $PSCmdlet -From $from
        $result = Invoke-PCCommand -Cmdlet $PSCmdlet -Command 'check' -Activity 'Checking devices' @arguments
        $isValid = $result.ExitCode -eq 0
        if ($Quiet) { return $isValid }
        $object = ConvertTo-PCObject -Value $result.Document -TypeName 'CheckResult' -Add @{ IsValid = $isValid }
        foreach ($finding in $object.Findings) { $finding.PSObject.TypeNames.Insert(0, 'PartnerCenterDevices.Finding') }
        $object
    }
}

function Import-PCDevice {
    <#
    .SYNOPSIS
    Registers the devices of files or objects with a customer, and waits for the result of each one.

    .DESCRIPTION
    Checks every row, sends the devices in as many requests as needed, and waits for the service. If a row is invalid,
    nothing is sent, unless you use -SkipInvalid. A journal records each step: run the same command again to resume.
    The command returns a summary, or with -PassThru the result of each row. Devices that the service refused are errors,
    one for each reason.

    .PARAMETER Path
    Files with devices, or folders of them. Wildcards are allowed.

    .PARAMETER InputObject
    Files, or objects with the columns of a device file, such as SerialNumber, Manufacturer and Model.

    .PARAMETER Customer
    The customer: an alias, the company name, the default domain or the tenant id. Default: the variable PCDEVICES_CUSTOMER.

    .PARAMETER Batch
    The batch to create or add to; the customer sees its name as the group tag. Default: a batch for each group tag.

    .PARAMETER IgnoreGroupTag
    Send all devices to the batch even if the file has other group tags.

    .PARAMETER CustomerFrom
    Upload for several customers: read the customer from a column, or from the folder that contains the file.

    .PARAMETER SkipInvalid
    Send the valid rows even if others are invalid; those are written to a file to correct, and are an error.

    .PARAMETER InvalidRowsPath
    The new file for the invalid rows.

    .PARAMETER Retry
    Send devices again that failed for a temporary reason.

    .PARAMETER Restart
    Start a new journal and send everything again.

    .PARAMETER Journal
    The file that records the progress.

    .PARAMETER Report
    Also write a report to these files: .html for the customer, .csv for a spreadsheet, .json for a program.

    .PARAMETER TimeoutMinutes
    Wait at most this long for each job.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .PARAMETER PassThru
    Return the result of each row instead of the summary.

    .EXAMPLE
    Import-PCDevice -Path fleet.csv -Customer contoso -Batch 'Berlin office' -Report fleet.html

    Uploads a file and writes a report for the customer.

    .EXAMPLE
    Import-PCDevice -Path fleet.csv -Customer contoso -Batch 'Berlin office' -WhatIf

    Shows the plan and sends nothing.

    .EXAMPLE
    Get-ChildItem *.csv | Import-PCDevice -Customer contoso -Batch Sales -PassThru | Where-Object Outcome -eq 'failed'

    Uploads several files together and shows the devices that failed.

    .EXAMPLE
    [pscustomobject] @{ SerialNumber = 'HQ-0002'; Manufacturer = 'Contoso'; Model = 'Book 5' } | Import-PCDevice -Batch Sales

    Uploads one device without a file.
    #>
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium')]
    [OutputType('PartnerCenterDevices.UploadReport', 'PartnerCenterDevices.UploadResult', 'PartnerCenterDevices.UploadPlan')]
    param(
        [Parameter(Position = 0)]
        [SupportsWildcards()]
        [string[]] $Path,

        [Parameter(ValueFromPipeline = $true)]
        [object[]] $InputObject,

        [string] $Customer,
        [string] $Batch,
        [switch] $IgnoreGroupTag,

        [ValidateSet('column', 'folder')]
        [string] $CustomerFrom,

        [switch] $SkipInvalid,
        [string] $InvalidRowsPath,
        [switch] $Retry,
        [switch] $Restart,
        [string] $Journal,
        [string[]] $Report,

        [ValidateRange(1, 100000)]
        [int] $TimeoutMinutes,

        [string] $ProfileName,
        [switch] $PassThru
    )

    begin { $from = New-PCInput }
    process { Add-PCInput -To $from -Value $InputObject }
    end {
        Add-PCInput -To $from -Value $Path
        Assert-PCInput -Cmdlet $PSCmdlet -From $from
        $arguments = Get-PCInputArgument -Cmdlet $PSCmdlet -From $from
        $arguments += @{ Customer = $Customer; ProfileName = $ProfileName; Activity = 'Uploading devices' }
        $option = @(
            if ($Batch) { Format-PCOption '--batch' $Batch }
            if ($CustomerFrom) { Format-PCOption '--customer-from' $CustomerFrom }
            if ($IgnoreGroupTag) { '--ignore-group-tags' }
            if ($SkipInvalid) { '--skip-invalid' }
            if ($InvalidRowsPath) { Format-PCOption '--invalid-rows' (Resolve-PCFile -Cmdlet $PSCmdlet -Path $InvalidRowsPath) }
            if ($Retry) { '--retry' }
            if ($Restart) { '--restart' }
            if ($Journal) { Format-PCOption '--journal' (Resolve-PCFile -Cmdlet $PSCmdlet -Path $Journal) }
            foreach ($file in $Report) { Format-PCOption '--report' (Resolve-PCFile -Cmdlet $PSCmdlet -Path $file) }
            if ($TimeoutMinutes) { Format-PCOption '--wait' $TimeoutMinutes }
        )
        $target = if ($Batch) { "batch '$Batch'" } else { 'a batch for each group tag' }
        if ($Customer) { $target += " of customer $Customer" }
        $count = "$($from.Paths.Count) file(s) and $($from.Rows.Count) object(s)"
        if (-not $PSCmdlet.ShouldProcess($target, "Register the devices of $count")) {
            if (-not $WhatIfPreference) { return }
            $result = Invoke-PCCommand -Cmdlet $PSCmdlet -Command 'upload' -Option ($option + '--dry-run') @arguments
            foreach ($planned in $result.Document.batches) {
                $devices = ($planned.requests | ForEach-Object -Process { @($_.rows).Count } | Measure-Object -Sum).Sum
                $plan = $planned | Select-Object -Property 'customer', 'batch', 'createsBatch'
                ConvertTo-PCObject -Value $plan -TypeName 'UploadPlan' -Add @{ Devices = [int] $devices }
            }
            return
        }
        $result = Invoke-PCCommand -Cmdlet $PSCmdlet -Command 'upload' -Option $option @arguments
        $document = $result.Document
        if ($PassThru) {
            foreach ($row in $document.rows) { ConvertTo-PCObject -Value $row -TypeName 'UploadResult' }
        }
        else {
            ConvertTo-PCObject -Value $document.totals -TypeName 'UploadReport' -Add @{
                AllWell      = $document.allWell
                Destinations = @(foreach ($place in $document.destinations) { ConvertTo-PCObject -Value $place })
            }
        }
        Write-PCRowError -Cmdlet $PSCmdlet -Row @($document.rows | Where-Object { $_.outcome -in 'failed', 'refused' -or $_.earlierRegistration -in 'byCustomer', 'inNoBatch' })
        if ($result.ExitCode -notin 0, 1) { $PSCmdlet.WriteError($result.Error) }
    }
}
