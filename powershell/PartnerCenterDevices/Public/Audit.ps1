function Get-PCAuditRecord {
    <#
    .SYNOPSIS
    Shows who registered and deleted devices and who changed policies.

    .DESCRIPTION
    Reads the audit log of the service, at most 89 days back. The newest first. The log may show a change late.

    .PARAMETER Since
    The start: a time, or a text such as 12h, 7d or 2w. Default: seven days ago.

    .PARAMETER Until
    The end, in the same forms. Default: now.

    .PARAMETER Operation
    Only these operations: upload, delete-device, assign-policy, create-policy, edit-policy, delete-policy, or the name that
    the service has for another one.

    .PARAMETER All
    All operations of the log: also orders, licenses, users and relationships.

    .PARAMETER User
    Only changes of users whose name contains this text, or of apps whose id does.

    .PARAMETER Customer
    The customer: an alias, the company name, the default domain or the tenant id. Default: the variable PCDEVICES_CUSTOMER.

    .PARAMETER AllCustomers
    The changes for all customers, even if PCDEVICES_CUSTOMER names one.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .EXAMPLE
    Get-PCAuditRecord -Customer contoso -Since 30d

    Shows the changes of 30 days for a customer.

    .EXAMPLE
    Get-PCAuditRecord -AllCustomers -Operation delete-device -Since (Get-Date).AddDays(-1) | Group-Object User

    Counts the devices that each user deleted since yesterday.
    #>
    [CmdletBinding(DefaultParameterSetName = 'Operation')]
    [OutputType('PartnerCenterDevices.AuditRecord')]
    param(
        [object] $Since,
        [object] $Until,

        [Parameter(ParameterSetName = 'Operation')]
        [string[]] $Operation,

        [Parameter(Mandatory = $true, ParameterSetName = 'All')]
        [switch] $All,

        [string] $User,

        [Parameter(ValueFromPipelineByPropertyName = $true)]
        [string] $Customer,

        [switch] $AllCustomers,
        [string] $ProfileName
    )

    process {
        $option = @(
            if ($Since) { Format-PCOption '--since' (Format-PCTime -Value $Since) }
            if ($Until) { Format-PCOption '--until' (Format-PCTime -Value $Until) }
            Format-PCOption '--operation' $Operation
            if ($All) { '--all' }
            if ($User) { Format-PCOption '--user' $User }
            if ($AllCustomers) { '--all-customers' }
        )
        $common = @{ Cmdlet = $PSCmdlet; Customer = $Customer; ProfileName = $ProfileName; Activity = 'Reading the audit log' }
        $result = Invoke-PCCommand -Command 'audit' -Option $option @common
        foreach ($record in Get-PCElement -List $result.Document) { ConvertTo-PCObject -Value $record -TypeName 'AuditRecord' }
        if ($null -ne $result.Error) { $PSCmdlet.WriteError($result.Error) }
    }
}
