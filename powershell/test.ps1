<#
.SYNOPSIS
Tests the module PartnerCenterDevices with Pester 5, against the emulator of pcdevices.

.DESCRIPTION
Runs in Windows PowerShell 5.1 and in PowerShell 7. If PSScriptAnalyzer is installed, it must find nothing. The exit code is
0 only if every test passed.

.PARAMETER Program
The program pcdevices to test with. Default: target/debug/pcdevices of this repository.

.EXAMPLE
powershell -NoProfile -ExecutionPolicy Bypass -File powershell/test.ps1

.EXAMPLE
pwsh -NoProfile -File powershell/test.ps1 -Program target/release/pcdevices
#>
[CmdletBinding()]
param([string] $Program)

$ErrorActionPreference = 'Stop'
if (-not $Program) {
    $name = if ($env:OS -eq 'Windows_NT') { 'pcdevices.exe' } else { 'pcdevices' }
    $Program = Join-Path -Path $PSScriptRoot -ChildPath "../target/debug/$name"
}
$env:PCDEVICES_PATH = (Resolve-Path -LiteralPath $Program).ProviderPath

# Version 5 only: Windows includes version 3, and version 6 has other defaults.
Import-Module -Name Pester -MinimumVersion 5.5.0 -MaximumVersion 5.99.99

if (Get-Module -Name PSScriptAnalyzer -ListAvailable) {
    # The private functions New-... and Start-... change nothing, so they have no -WhatIf.
    $problems = @(Invoke-ScriptAnalyzer -Path (Join-Path -Path $PSScriptRoot -ChildPath 'PartnerCenterDevices') -Recurse `
            -Severity Error, Warning -ExcludeRule PSUseShouldProcessForStateChangingFunctions)
    if ($problems.Count -gt 0) {
        $problems | Format-Table -Property ScriptName, Line, RuleName, Message -Wrap | Out-String -Width 160 | Write-Output
        exit 1
    }
}
else {
    Write-Output 'PSScriptAnalyzer is not installed, so the scripts are not analyzed'
}

$configuration = New-PesterConfiguration
$configuration.Run.Path = Join-Path -Path $PSScriptRoot -ChildPath 'tests'
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$result = Invoke-Pester -Configuration $configuration
# No test is a failure too.
if ($result.Result -ne 'Passed' -or $result.PassedCount -eq 0) { exit 1 }
exit 0
