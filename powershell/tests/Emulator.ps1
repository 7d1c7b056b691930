# Starts the emulator for a test file, with the world of the samples, and points the program at it.

function Start-TestEmulator {
    param([string[]] $Argument = @())

    $root = (Resolve-Path -Path (Join-Path -Path $PSScriptRoot -ChildPath '../..')).ProviderPath
    $start = [System.Diagnostics.ProcessStartInfo]::new($env:PCDEVICES_PATH)
    $start.WorkingDirectory = $root
    $start.Arguments = (@('emulator', '--listen', '127.0.0.1:0', '--world', 'samples/world.yaml') + $Argument) -join ' '
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $ready = $process.StandardOutput.ReadLine() | ConvertFrom-Json
    # Settings of the machine must not matter.
    $settings = Join-Path -Path ([System.IO.Path]::GetTempPath()) -ChildPath ([guid]::NewGuid())
    $null = New-Item -Path $settings -ItemType Directory
    $env:PCDEVICES_CONFIG_DIR = $settings
    $env:PCDEVICES_BASE_URL = $ready.url
    $env:PCDEVICES_CUSTOMER = '47021739-3426-40bf-9601-61b4b6d7c793'
    foreach ($name in 'PCDEVICES_TOKEN', 'PCDEVICES_TOKEN_FILE', 'PCDEVICES_PROFILE') {
        Remove-Item -Path "Env:$name" -ErrorAction SilentlyContinue
    }
    @{ Process = $process; Settings = $settings; Root = $root }
}

function Stop-TestEmulator {
    param([hashtable] $Emulator)

    $Emulator.Process.Kill()
    $Emulator.Process.WaitForExit()
    Remove-Item -LiteralPath $Emulator.Settings -Recurse -Force
    foreach ($name in 'PCDEVICES_CONFIG_DIR', 'PCDEVICES_BASE_URL', 'PCDEVICES_CUSTOMER') {
        Remove-Item -Path "Env:$name"
    }
}
