@{
    RootModule           = 'PartnerCenterDevices.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '118f5dca-98a2-41c4-8081-23ef0cfec1f8'
    Author               = 'The partner-center-devices developers'
    CompanyName          = 'Unknown'
    Copyright            = 'Licensed under Apache-2.0 or MIT'
    Description          = 'Registers Windows devices for Windows Autopilot through the device deployment API of Microsoft Partner Center: check device files, upload them, wait for the result of each device, and assign configuration policies. It runs the program pcdevices, which must be installed. Not made or supported by Microsoft.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    FormatsToProcess     = @('PartnerCenterDevices.format.ps1xml')
    FunctionsToExport    = @(
        'Connect-PCService'
        'Get-PCAuditRecord'
        'Get-PCBatch'
        'Get-PCCustomer'
        'Get-PCDevice'
        'Get-PCJob'
        'Get-PCPolicy'
        'Import-PCDevice'
        'New-PCPolicy'
        'Remove-PCDevice'
        'Remove-PCPolicy'
        'Set-PCDevicePolicy'
        'Test-PCConnection'
        'Test-PCDeviceFile'
        'Wait-PCJob'
    )
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags       = @('PartnerCenter', 'Autopilot', 'CSP', 'Windows', 'Devices')
            ProjectUri = 'https://github.com/OWNER/partner-center-devices'
            LicenseUri = 'https://github.com/OWNER/partner-center-devices/blob/main/LICENSE-MIT'
        }
    }
}
