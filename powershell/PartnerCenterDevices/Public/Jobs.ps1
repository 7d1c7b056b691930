function Get-PCJob {
    <#
    .SYNOPSIS
    Lists the jobs of uploads on this machine, or shows the status of a job.

    .DESCRIPTION
    The service cannot list jobs. Without -TrackingId, the command lists the jobs in the journals on this machine.

    .PARAMETER TrackingId
    The tracking id of a job, from Import-PCDevice -PassThru or from the list.

    .PARAMETER Customer
    The customer: an alias, the company name, the default domain or the tenant id. Default: the variable PCDEVICES_CUSTOMER; for the list, all customers.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .EXAMPLE
    Get-PCJob

    Lists the jobs of this machine.

    .EXAMPLE
    (Get-PCJob -TrackingId 3dfad201-b203-499e-a519-0ba1245951be -Customer contoso).Devices

    Shows the result for each device of a job.
    #>
    [CmdletBinding()]
    [OutputType('PartnerCenterDevices.JobEntry', 'PartnerCenterDevices.Job')]
    param(
        [Parameter(Position = 0, ValueFromPipelineByPropertyName = $true)]
        [string] $TrackingId,

        [Parameter(ValueFromPipelineByPropertyName = $true)]
        [string] $Customer,

        [string] $ProfileName
    )

    process {
        $common = @{ Cmdlet = $PSCmdlet; Customer = $Customer; ProfileName = $ProfileName }
        if ($TrackingId) {
            # A job that still runs (6) or has failed devices (1) is a result, not an error.
            $result = Invoke-PCCommand -Command 'jobs status' -Operand $TrackingId @common
            ConvertTo-PCObject -Value $result.Document -TypeName 'Job'
            return
        }
        $result = Invoke-PCCommand -Command 'jobs list' @common
        foreach ($job in Get-PCElement -List $result.Document) { ConvertTo-PCObject -Value $job -TypeName 'JobEntry' }
        if ($null -ne $result.Error) { $PSCmdlet.WriteError($result.Error) }
    }
}

function Wait-PCJob {
    <#
    .SYNOPSIS
    Waits until a job finishes.

    .DESCRIPTION
    Returns the job with the result for each device. Devices that failed are errors, one for each reason. A job that did
    not finish in time is an error, and it keeps running.

    .PARAMETER TrackingId
    The tracking id of a job.

    .PARAMETER TimeoutMinutes
    Wait at most this long. Default: 60 minutes.

    .PARAMETER Customer
    The customer: an alias, the company name, the default domain or the tenant id. Default: the variable PCDEVICES_CUSTOMER.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .EXAMPLE
    Wait-PCJob -TrackingId 3dfad201-b203-499e-a519-0ba1245951be -Customer contoso

    Waits for a job.

    .EXAMPLE
    Get-PCJob | Where-Object State -eq 'accepted' | Wait-PCJob -TimeoutMinutes 10

    Waits for all jobs that may still run.
    #>
    [CmdletBinding()]
    [OutputType('PartnerCenterDevices.Job')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipelineByPropertyName = $true)]
        [string] $TrackingId,

        [ValidateRange(1, 100000)]
        [int] $TimeoutMinutes,

        [Parameter(ValueFromPipelineByPropertyName = $true)]
        [string] $Customer,

        [string] $ProfileName
    )

    process {
        $common = @{ Cmdlet = $PSCmdlet; Customer = $Customer; ProfileName = $ProfileName; Activity = 'Waiting for the job' }
        $option = @(if ($TimeoutMinutes) { Format-PCOption '--timeout' $TimeoutMinutes })
        $result = Invoke-PCCommand -Command 'jobs wait' -Option $option -Operand $TrackingId @common
        ConvertTo-PCObject -Value $result.Document -TypeName 'Job'
        Write-PCRowError -Cmdlet $PSCmdlet -Row @($result.Document.devices | Where-Object { $_.outcome -eq 'failed' })
        if ($result.ExitCode -notin 0, 1) { $PSCmdlet.WriteError($result.Error) }
    }
}
