# The functions that decide: tables of values, without an emulator.

BeforeAll {
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath '../PartnerCenterDevices/PartnerCenterDevices.psd1') -Force
}

Describe 'Exit codes' {
    It 'names exit code <Code> <Id>, category <Category>' -ForEach @(
        @{ Code = 1; Id = 'SomeFailed'; Category = 'InvalidResult' }
        @{ Code = 2; Id = 'InvalidArguments'; Category = 'InvalidArgument' }
        @{ Code = 3; Id = 'InvalidFile'; Category = 'InvalidData' }
        @{ Code = 4; Id = 'AccessDenied'; Category = 'PermissionDenied' }
        @{ Code = 5; Id = 'Throttled'; Category = 'LimitsExceeded' }
        @{ Code = 6; Id = 'OutcomeUnknown'; Category = 'OperationTimeout' }
        @{ Code = 7; Id = 'Unavailable'; Category = 'ConnectionError' }
        @{ Code = 8; Id = 'Rejected'; Category = 'InvalidOperation' }
        @{ Code = 130; Id = 'Cancelled'; Category = 'OperationStopped' }
        @{ Code = -1073741510; Id = 'UnexpectedExit'; Category = 'NotSpecified' }
    ) {
        InModuleScope -ModuleName PartnerCenterDevices -Parameters $_ -ScriptBlock {
            param($Code, $Id, $Category)
            $record = New-PCErrorRecord -Message 'failed' -Hint 'try again' -ExitCode $Code
            $record.FullyQualifiedErrorId | Should -Be "PCDevices.$Id"
            $record.CategoryInfo.Category | Should -Be $Category
            $record.Exception.Data['ExitCode'] | Should -Be $Code
            $record.ErrorDetails.Message | Should -Be ('failed', 'hint: try again' -join [Environment]::NewLine)
            $record.ErrorDetails.RecommendedAction | Should -Be 'try again'
        }
    }
}

Describe 'Messages of the program' {
    It 'splits errors, hints and support ids' {
        InModuleScope -ModuleName PartnerCenterDevices -ScriptBlock {
            $found = ConvertFrom-PCDiagnostic -Line @(
                'error: the row has no serial number (line 4)'
                '  -> ask the seller'
                'error: fleet.csv has invalid rows, so nothing was sent'
                'hint: fix the lines'
                'hint: add --skip-invalid'
                'MS-RequestId 1, MS-CorrelationId 2, MS-CV 3'
            )
            $lines = $found.Message -split [Environment]::NewLine
            $lines[0] | Should -Be 'fleet.csv has invalid rows, so nothing was sent'
            $lines[1] | Should -Be 'the row has no serial number (line 4)'
            $lines[-1] | Should -Be 'MS-RequestId 1, MS-CorrelationId 2, MS-CV 3'
            $found.Hints | Should -Be @('fix the lines', 'add --skip-invalid')
        }
    }

    It 'takes the last line if none is an error' {
        InModuleScope -ModuleName PartnerCenterDevices -ScriptBlock {
            (ConvertFrom-PCDiagnostic -Line 'a', 'b', '').Message | Should -Be 'b'
            (ConvertFrom-PCDiagnostic -Line @()).Message | Should -BeNullOrEmpty
        }
    }
}

Describe 'Command lines' {
    It 'quotes <Text> as <Quoted>' -ForEach @(
        @{ Text = 'plain'; Quoted = 'plain' }
        @{ Text = ''; Quoted = '""' }
        @{ Text = 'a b'; Quoted = '"a b"' }
        @{ Text = 'a"b'; Quoted = '"a\"b"' }
        @{ Text = 'C:\dir\'; Quoted = 'C:\dir\' }
        @{ Text = 'C:\my dir\'; Quoted = '"C:\my dir\\"' }
        @{ Text = 'a\"b'; Quoted = '"a\\\"b"' }
        @{ Text = 'a\\b c'; Quoted = '"a\\b c"' }
        @{ Text = '%PATH% & $x `y'; Quoted = '"%PATH% & $x `y"' }
    ) {
        InModuleScope -ModuleName PartnerCenterDevices -Parameters $_ -ScriptBlock {
            param($Text, $Quoted)
            ConvertTo-PCCommandLine -Argument $Text | Should -Be $Quoted
        }
    }

    It 'gives the program the argument <_> unchanged' -ForEach @(
        'a b', 'a"b', 'a\"b c', 'C:\my dir\', '"', '\', '%PATH% & $x', "Gr$([char] 0xFC)n$([char] 0x20AC)"
    ) {
        InModuleScope -ModuleName PartnerCenterDevices -Parameters @{ Text = $_ } -ScriptBlock {
            param($Text)
            $result = Start-PCProgram -Path (Find-PCProgram) -Argument @('explain', '--color=never', '--', $Text)
            $result.ExitCode | Should -Be 2
            $result.Lines[0].Contains("'$Text'") | Should -BeTrue -Because $result.Lines[0]
        }
    }
}

Describe 'Progress' {
    It 'reads <Line> as <Percent>' -ForEach @(
        @{ Line = '120 of 400 devices, after 3 min'; Percent = 30 }
        @{ Line = '3 of 4 devices are already done'; Percent = 75 }
        @{ Line = '5 of 4 devices'; Percent = 100 }
        @{ Line = '0 of 0 devices'; Percent = $null }
        @{ Line = 'Sent 12 devices as job 1'; Percent = $null }
    ) {
        InModuleScope -ModuleName PartnerCenterDevices -Parameters $_ -ScriptBlock {
            param($Line, $Percent)
            Should -ActualValue (ConvertFrom-PCProgress -Line $Line) -Be $Percent
        }
    }
}

Describe 'The program' {
    It 'program <Program> fits module <Module>: <Fits>' -ForEach @(
        @{ Program = '0.1.0'; Module = '0.1.0'; Fits = $true }
        @{ Program = '0.1.7'; Module = '0.1.0'; Fits = $true }
        @{ Program = '0.2.0'; Module = '0.1.0'; Fits = $false }
        @{ Program = '1.0.0'; Module = '0.1.0'; Fits = $false }
        @{ Program = '1.4.0'; Module = '1.2.0'; Fits = $true }
        @{ Program = '1.1.0'; Module = '1.2.0'; Fits = $false }
    ) {
        InModuleScope -ModuleName PartnerCenterDevices -Parameters $_ -ScriptBlock {
            param($Program, $Module, $Fits)
            Test-PCProgramVersion -Program $Program -Module $Module | Should -Be $Fits
        }
    }

    It 'is found by PCDEVICES_PATH, and a wrong path is an error' {
        $path = $env:PCDEVICES_PATH
        try {
            $env:PCDEVICES_PATH = Join-Path -Path $TestDrive -ChildPath 'missing'
            { Get-PCCustomer } | Should -Throw -ErrorId 'PCDevices.ProgramNotFound*'
        }
        finally { $env:PCDEVICES_PATH = $path }
    }
}

Describe 'Objects' {
    It 'have type names, upper-case properties and times in UTC' {
        InModuleScope -ModuleName PartnerCenterDevices -ScriptBlock {
            $value = '{"serialNumber":"1","uploaded":"2026-03-02T08:00:07.5Z","parts":[{"name":"a"}],"none":[]}' | ConvertFrom-Json
            $object = ConvertTo-PCObject -Value $value -TypeName 'Device' -Add @{ Customer = 'c' }
            $object.PSObject.TypeNames[0] | Should -Be 'PartnerCenterDevices.Device'
            $object.PSObject.Properties.Name | Should -BeExactly @('SerialNumber', 'Uploaded', 'Parts', 'None', 'Customer')
            $object.Uploaded.Kind | Should -Be 'Utc'
            $object.Uploaded.Hour | Should -Be 8
            @($object.Parts)[0].Name | Should -Be 'a'
            @($object.None).Count | Should -Be 0
        }
    }

    It 'become CSV with the columns of all rows' {
        InModuleScope -ModuleName PartnerCenterDevices -ScriptBlock {
            $from = New-PCInput
            Add-PCInput -To $from -Value @([pscustomobject] @{ SerialNumber = 'A,1' }, @{ Model = 'Book "5"' }, 'fleet.csv')
            $from.Paths | Should -Be 'fleet.csv'
            $from.Rows.Count | Should -Be 2
            $from.Paths.Clear()
            $csv = (Get-PCInputArgument -Cmdlet $null -From $from).InputText -split "`r`n"
            $csv[0] | Should -Be '"SerialNumber","Model"'
            $csv[1] | Should -BeLike '"A,1",*'
            $csv[2] | Should -BeLike '*,"Book ""5"""'
        }
    }
}
