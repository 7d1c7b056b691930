# Signs a file with the certificate in the environment variables CERTIFICATE (a PFX file in base64) and PASSWORD. Without a
# certificate it signs nothing and says so.
param([Parameter(Mandatory)] [string] $File)
$ErrorActionPreference = 'Stop'
if (-not $env:CERTIFICATE) { "${File}: not signed, because there is no certificate"; exit 0 }
$pfx = Join-Path $env:RUNNER_TEMP certificate.pfx
[IO.File]::WriteAllBytes($pfx, [Convert]::FromBase64String($env:CERTIFICATE))
try {
    $kits = "${env:ProgramFiles(x86)}\Windows Kits\10\bin"
    $signtool = Get-ChildItem $kits -Recurse -Filter signtool.exe | Where-Object FullName -Match '\\x64\\' |
        Sort-Object FullName | Select-Object -Last 1
    & $signtool.FullName sign /f $pfx /p $env:PASSWORD /fd sha256 /td sha256 /tr http://timestamp.digicert.com $File
    if ($LASTEXITCODE) { exit $LASTEXITCODE }
} finally {
    Remove-Item $pfx
}
