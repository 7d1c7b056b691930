function Get-PCPolicy {
    <#
    .SYNOPSIS
    Lists the configuration policies of a customer, or shows some of them.

    .DESCRIPTION
    Returns an object for each policy, with its settings and its number of devices.

    .PARAMETER Name
    Names or ids of policies. Default: all policies.

    .PARAMETER Customer
    The customer: an alias, the company name, the default domain or the tenant id. Default: the variable PCDEVICES_CUSTOMER.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .EXAMPLE
    Get-PCPolicy -Customer contoso

    Lists the policies of a customer.

    .EXAMPLE
    (Get-PCPolicy 'Straight to the desktop' -Customer contoso).Settings

    Shows the settings of a policy.
    #>
    [CmdletBinding()]
    [OutputType('PartnerCenterDevices.Policy')]
    param(
        [Parameter(Position = 0)]
        [string[]] $Name,

        [Parameter(ValueFromPipelineByPropertyName = $true)]
        [string] $Customer,

        [string] $ProfileName
    )

    process {
        $common = @{ Cmdlet = $PSCmdlet; Customer = $Customer; ProfileName = $ProfileName }
        $documents = @(
            if ($Name) { foreach ($one in $Name) { (Invoke-PCCommand -Command 'policies show' -Operand $one @common).Document } }
            else { Get-PCElement -List (Invoke-PCCommand -Command 'policies list' @common).Document }
        )
        foreach ($policy in $documents) {
            ConvertTo-PCObject -Value $policy -TypeName 'Policy' -Add @{ Customer = $Customer }
        }
    }
}

function New-PCPolicy {
    <#
    .SYNOPSIS
    Creates a configuration policy.

    .DESCRIPTION
    Creates a policy and returns it.

    .PARAMETER Name
    The name, which must be unique among the policies of the customer.

    .PARAMETER Setting
    Settings to turn on: remove_oem_preinstalls, oobe_user_not_local_admin, skip_express_settings, skip_oem_registration or
    skip_eula.

    .PARAMETER Description
    A description.

    .PARAMETER Customer
    The customer: an alias, the company name, the default domain or the tenant id. Default: the variable PCDEVICES_CUSTOMER.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .EXAMPLE
    New-PCPolicy -Name 'Straight to the desktop' -Setting skip_express_settings, skip_eula -Customer contoso

    Creates a policy with two settings.
    #>
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low')]
    [OutputType('PartnerCenterDevices.Policy')]
    param(
        [Parameter(Mandatory = $true, Position = 0)]
        [string] $Name,

        [Parameter(Mandatory = $true)]
        [string[]] $Setting,

        [string] $Description,
        [string] $Customer,
        [string] $ProfileName
    )

    $common = @{ Cmdlet = $PSCmdlet; Customer = $Customer; ProfileName = $ProfileName }
    if (-not $PSCmdlet.ShouldProcess("customer $Customer", "Create the policy '$Name'")) { return }
    $option = @(
        Format-PCOption '--setting' $Setting
        if ($Description) { Format-PCOption '--description' $Description }
    )
    $result = Invoke-PCCommand -Command 'policies create' -Option $option -Operand $Name @common
    if ($null -ne $result.Error) { $PSCmdlet.ThrowTerminatingError($result.Error) }
    $shown = Invoke-PCCommand -Command 'policies show' -Operand $Name @common
    ConvertTo-PCObject -Value $shown.Document -TypeName 'Policy' -Add @{ Customer = $Customer }
}

function Remove-PCPolicy {
    <#
    .SYNOPSIS
    Deletes configuration policies.

    .DESCRIPTION
    Shows how many devices use a policy, asks for confirmation, and deletes it.

    .PARAMETER Policy
    Names or ids of policies.

    .PARAMETER Customer
    The customer: an alias, the company name, the default domain or the tenant id. Default: the variable PCDEVICES_CUSTOMER.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .EXAMPLE
    Remove-PCPolicy Kiosk -Customer contoso

    Deletes a policy after a question.

    .EXAMPLE
    Get-PCPolicy -Customer contoso | Where-Object Devices -eq 0 | Remove-PCPolicy -Confirm:$false

    Deletes all policies that no device uses.
    #>
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
    [OutputType([void])]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipelineByPropertyName = $true)]
        [Alias('Id')]
        [string[]] $Policy,

        [Parameter(ValueFromPipelineByPropertyName = $true)]
        [string] $Customer,

        [string] $ProfileName
    )

    process {
        foreach ($one in $Policy) {
            $common = @{ Cmdlet = $PSCmdlet; Customer = $Customer; ProfileName = $ProfileName; Command = 'policies delete' }
            $plan = Invoke-PCCommand -Operand $one @common
            $step = @(Get-PCElement -List $plan.Document)[0].steps[0]
            $target = "policy '$($step.name)' ($($step.id)), used by $([int] $step.devices) device(s)"
            if (-not $PSCmdlet.ShouldProcess($target, 'Delete')) { continue }
            $result = Invoke-PCCommand -Operand $step.id -Option '--yes' @common
            if ($null -ne $result.Error) { $PSCmdlet.WriteError($result.Error) }
        }
    }
}
