function Get-PCCustomer {
    <#
    .SYNOPSIS
    Lists the customers that have an alias on this machine, or finds customers by name or domain.

    .DESCRIPTION
    Without -Search, returns an object for each alias of customers.toml. With -Search, asks the service. Send the objects to
    the other commands to run them for each customer.

    .PARAMETER Alias
    Only these aliases. Wildcards are allowed.

    .PARAMETER Search
    Find all customers whose company name or default domain starts with this text.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .EXAMPLE
    Get-PCCustomer

    Lists all customers with an alias.

    .EXAMPLE
    Get-PCCustomer cont* | Get-PCPolicy

    Lists the policies of some customers.

    .EXAMPLE
    Get-PCCustomer -Search Contoso

    Finds customers by name.
    #>
    [CmdletBinding(DefaultParameterSetName = 'Alias')]
    [OutputType('PartnerCenterDevices.Customer', 'PartnerCenterDevices.FoundCustomer')]
    param(
        [Parameter(Position = 0, ParameterSetName = 'Alias')]
        [SupportsWildcards()]
        [string[]] $Alias = '*',

        [Parameter(Mandatory = $true, ParameterSetName = 'Search')]
        [string] $Search,

        [Parameter(ParameterSetName = 'Search')]
        [string] $ProfileName
    )

    if ($Search) {
        $result = Invoke-PCCommand -Cmdlet $PSCmdlet -Command 'customers find' -Operand $Search -ProfileName $ProfileName
        foreach ($customer in Get-PCElement -List $result.Document) {
            ConvertTo-PCObject -Value $customer -TypeName 'FoundCustomer' -Add @{ Customer = $customer.id }
        }
        return
    }
    $result = Invoke-PCCommand -Cmdlet $PSCmdlet -Command 'customers list'
    foreach ($customer in Get-PCElement -List $result.Document) {
        if (-not ($Alias | Where-Object { $customer.alias -like $_ })) { continue }
        ConvertTo-PCObject -Value $customer -TypeName 'Customer' -Add @{ Customer = $customer.id }
    }
}

function Test-PCConnection {
    <#
    .SYNOPSIS
    Checks the setup: configuration, sign-in, token, service, rights and clock.

    .DESCRIPTION
    Returns an object for each check, with its state and what to do. With -Quiet, returns True if all is well.

    .PARAMETER Customer
    A customer to check your rights for: an alias, the company name, the default domain or the tenant id. Default: the variable PCDEVICES_CUSTOMER.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .PARAMETER Quiet
    Return only True or False.

    .EXAMPLE
    Test-PCConnection -Customer contoso

    Shows all checks.

    .EXAMPLE
    if (-not (Test-PCConnection -Quiet)) { Connect-PCService }

    Signs in if the setup does not work.
    #>
    [CmdletBinding()]
    [OutputType('PartnerCenterDevices.ConnectionCheck')]
    [OutputType([bool])]
    param(
        [Parameter(ValueFromPipelineByPropertyName = $true)]
        [string] $Customer,

        [string] $ProfileName,
        [switch] $Quiet
    )

    process {
        $result = Invoke-PCCommand -Cmdlet $PSCmdlet -Command 'doctor' -Customer $Customer -ProfileName $ProfileName
        if ($Quiet) { return [bool] $result.Document.allWell }
        foreach ($check in $result.Document.checks) { ConvertTo-PCObject -Value $check -TypeName 'ConnectionCheck' }
    }
}

function Connect-PCService {
    <#
    .SYNOPSIS
    Signs in and saves the credentials for a profile.

    .DESCRIPTION
    Opens a browser, shows a code for any device, or signs in as an app. Without a kind of sign-in, repeats that of the profile. The program asks in this console, so the command
    needs one. No secret is part of a command line: a client secret goes through standard input.

    .PARAMETER Tenant
    The tenant of the partner: a domain or an id. Default: from the profile.

    .PARAMETER ClientId
    The client id of the app registration. Default: from the profile.

    .PARAMETER Browser
    Sign in with a browser on this machine, which is the default for a new profile.

    .PARAMETER DeviceCode
    Sign in with a code that you type on any device.

    .PARAMETER ClientSecret
    Sign in as the app itself, with this client secret. It cannot create batches.

    .PARAMETER CertificateFile
    Sign in as the app itself, with the certificate and the private key in this PEM file. It cannot create batches.

    .PARAMETER ProfileName
    The profile in config.toml to use.

    .EXAMPLE
    Connect-PCService -Tenant contosopartner.onmicrosoft.com -ClientId 8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e

    Signs in with a browser.

    .EXAMPLE
    Connect-PCService -DeviceCode

    Signs in again with a code.

    .EXAMPLE
    Connect-PCService -ClientSecret (Read-Host -AsSecureString) -ProfileName robot

    Signs in as an app.
    #>
    [CmdletBinding(DefaultParameterSetName = 'Profile')]
    [OutputType('PartnerCenterDevices.SignIn')]
    param(
        [string] $Tenant,
        [string] $ClientId,

        [Parameter(Mandatory = $true, ParameterSetName = 'Browser')]
        [switch] $Browser,

        [Parameter(Mandatory = $true, ParameterSetName = 'DeviceCode')]
        [switch] $DeviceCode,

        [Parameter(Mandatory = $true, ParameterSetName = 'ClientSecret')]
        [securestring] $ClientSecret,

        [Parameter(Mandatory = $true, ParameterSetName = 'Certificate')]
        [string] $CertificateFile,

        [string] $ProfileName
    )

    $arguments = @{ Cmdlet = $PSCmdlet; Command = 'auth login'; ProfileName = $ProfileName; Interactive = $true }
    $arguments.Option = @(
        if ($Tenant) { Format-PCOption '--tenant' $Tenant }
        if ($ClientId) { Format-PCOption '--client-id' $ClientId }
        if ($Browser) { '--browser' }
        if ($DeviceCode) { '--device-code' }
        if ($CertificateFile) { Format-PCOption '--certificate-file' (Resolve-PCFile -Cmdlet $PSCmdlet -Path $CertificateFile) }
        if ($ClientSecret) { '--app-only', '--client-secret-file=-' }
    )
    if ($ClientSecret) { $arguments.InputText = [System.Net.NetworkCredential]::new('', $ClientSecret).Password }
    $result = Invoke-PCCommand @arguments
    ConvertTo-PCObject -Value $result.Document -TypeName 'SignIn'
    if ($null -ne $result.Error) { $PSCmdlet.WriteError($result.Error) }
}
