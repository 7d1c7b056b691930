# Every command, against the emulator with the world of the samples.

BeforeAll {
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath '../PartnerCenterDevices/PartnerCenterDevices.psd1') -Force
    . (Join-Path -Path $PSScriptRoot -ChildPath 'Emulator.ps1')
    $emulator = Start-TestEmulator -Argument '--auto-approve', '--instant'
    $samples = Join-Path -Path $emulator.Root -ChildPath 'samples'

    function New-TestDevice {
        param([string] $SerialNumber)
        [pscustomobject] @{ SerialNumber = $SerialNumber; Manufacturer = 'Contoso'; Model = 'Book 5' }
    }
}

AfterAll { Stop-TestEmulator -Emulator $emulator }

Describe 'Test-PCDeviceFile' {
    It 'returns the findings of a file with a mistake' {
        $result = Test-PCDeviceFile -Path (Join-Path -Path $samples -ChildPath 'first-fleet.csv')
        $result.PSObject.TypeNames[0] | Should -Be 'PartnerCenterDevices.CheckResult'
        $result.IsValid | Should -BeFalse
        $result.Devices | Should -Be 3
        @($result.Findings)[0].Line | Should -Be 4
        @($result.Findings)[0].Rule | Should -Be 'no-identity'
    }

    It 'accepts wildcards, files and objects from the pipeline' {
        Test-PCDeviceFile -Path (Join-Path -Path $samples -ChildPath 'contoso-f*.csv') -Quiet | Should -BeTrue
        (Get-Item -Path (Join-Path -Path $samples -ChildPath 'contoso-fleet.csv') | Test-PCDeviceFile).Rows | Should -Be 40
        ((New-TestDevice 'HQ-0002'), (New-TestDevice 'HQ-0003') | Test-PCDeviceFile).Devices | Should -Be 2
    }

    It 'refuses a file that does not exist, and no file' {
        { Test-PCDeviceFile -Path missing.csv } | Should -Throw -ErrorId 'PCDevices.InvalidFile*'
        { Test-PCDeviceFile } | Should -Throw -ErrorId 'PCDevices.NoInput*'
    }
}

Describe 'Import-PCDevice' {
    It 'sends nothing with -WhatIf and returns the plan' {
        $plan = New-TestDevice 'HQ-0002' | Import-PCDevice -Batch 'Planned' -WhatIf
        $plan.Batch | Should -Be 'Planned'
        $plan.CreatesBatch | Should -BeTrue
        $plan.Devices | Should -Be 1
        (Get-PCBatch).Id | Should -Not -Contain 'Planned'
    }

    It 'registers devices and returns a summary' {
        $report = Join-Path -Path $TestDrive -ChildPath 'my report.csv'
        $summary = New-TestDevice 'HQ-0002' | Import-PCDevice -Batch 'The "5" office' -Report $report
        $summary.Registered | Should -Be 1
        $summary.AllWell | Should -BeTrue
        Test-Path -LiteralPath $report | Should -BeTrue
        (Get-PCBatch).Id | Should -Contain 'The "5" office'
    }

    It 'returns each row with -PassThru, and an error for the refused ones' {
        $rows = @((New-TestDevice 'HQ-0003'), (New-TestDevice 'NOBODY-1') |
                Import-PCDevice -Batch 'Mixed' -PassThru -ErrorVariable problems -ErrorAction SilentlyContinue)
        $rows.Outcome | Should -Be @('registered', 'failed')
        $rows[1].Code | Should -Be '812'
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'PCDevices.SomeFailed*'
        $problems[0].TargetObject.serialNumber | Should -Be 'NOBODY-1'
    }

    It 'stops at an invalid row' {
        { Import-PCDevice -Path (Join-Path -Path $samples -ChildPath 'first-fleet.csv') -Batch 'Nothing' } |
            Should -Throw -ErrorId 'PCDevices.InvalidFile*'
        (Get-PCBatch).Id | Should -Not -Contain 'Nothing'
    }
}

Describe 'Get-PCBatch' {
    It 'lists the batches of the customers in the pipeline' {
        $batches = @([pscustomobject] @{ Customer = $env:PCDEVICES_CUSTOMER } | Get-PCBatch)
        $batches.Id | Should -Contain 'Headquarters'
        $batches[0].PSObject.TypeNames[0] | Should -Be 'PartnerCenterDevices.Batch'
        $batches[0].Created | Should -BeOfType [datetime]
    }

    It 'ends with the error of the program' {
        { Get-PCBatch -Customer nobody } | Should -Throw -ErrorId 'PCDevices.InvalidArguments*'
    }
}

Describe 'Get-PCDevice' {
    It 'lists the devices of a batch' {
        $devices = @(Get-PCBatch | Where-Object Id -EQ 'Headquarters' | Get-PCDevice)
        $devices.SerialNumber | Should -Contain 'HQ-0001'
    }

    It 'finds devices and names the missing ones' {
        $found = Get-PCDevice -Identity 'HQ-0001', '-x' -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.SerialNumber | Should -Be 'HQ-0001'
        $problems.Count | Should -Be 1
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problems[0].TargetObject | Should -Be '-x'
    }

    It 'finds the customer of a device that this machine has registered' {
        $found = Get-PCDevice -Identity 'HQ-0002', 'nowhere' -Everywhere -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.Batch | Should -Be 'The "5" office'
        $found.Customer | Should -Not -BeNullOrEmpty
        $problems[0].TargetObject | Should -Be 'nowhere'
    }
}

Describe 'Set-PCDevicePolicy' {
    BeforeAll { $null = New-TestDevice 'HQ-0004' | Import-PCDevice -Batch 'Policies' }

    It 'changes nothing with -WhatIf' {
        Set-PCDevicePolicy -SerialNumber 'HQ-0004' -Policy 'Straight to the desktop' -WhatIf
        (Get-PCDevice 'HQ-0004').PolicyId | Should -BeNullOrEmpty
    }

    It 'assigns and removes a policy' {
        $result = Get-PCDevice 'HQ-0004' | Set-PCDevicePolicy -Policy 'Straight to the desktop' -Confirm:$false -PassThru
        $result.Outcome | Should -Be 'assigned'
        (Get-PCDevice 'HQ-0004').PolicyId | Should -Be (Get-PCPolicy 'Straight to the desktop').Id
        Set-PCDevicePolicy -Batch 'Policies' -NoPolicy -Confirm:$false
        (Get-PCDevice 'HQ-0004').PolicyId | Should -BeNullOrEmpty
    }
}

Describe 'Remove-PCDevice' {
    BeforeAll { $null = New-TestDevice 'HQ-0005' | Import-PCDevice -Batch 'Returned' }

    It 'deletes nothing with -WhatIf' {
        Get-PCDevice 'HQ-0005' | Remove-PCDevice -WhatIf
        (Get-PCDevice 'HQ-0005').SerialNumber | Should -Be 'HQ-0005'
    }

    It 'deletes the devices that were found and reports the others' {
        $result = Remove-PCDevice -SerialNumber 'HQ-0005', 'NOBODY-2' -Confirm:$false -PassThru `
            -ErrorVariable problems -ErrorAction SilentlyContinue
        $result.Outcome | Should -Be 'deleted'
        $problems.Count | Should -Be 1
        "$($problems[0])" | Should -BeLike '*NOBODY-2*'
    }
}

Describe 'Get-PCPolicy' {
    It 'lists policies and shows one' {
        (Get-PCPolicy).Name | Should -Contain 'Straight to the desktop'
        (Get-PCPolicy 'straight to the desktop').Settings | Should -Contain 'skip_eula'
    }
}

Describe 'New-PCPolicy' {
    It 'creates nothing with -WhatIf' {
        New-PCPolicy -Name 'Planned' -Setting skip_eula -WhatIf | Should -BeNullOrEmpty
        (Get-PCPolicy).Name | Should -Not -Contain 'Planned'
    }

    It 'creates a policy and returns it' {
        $policy = New-PCPolicy -Name 'Kiosk' -Setting skip_eula, skip_express_settings -Description 'For kiosks'
        $policy.Id | Should -Not -BeNullOrEmpty
        $policy.Description | Should -Be 'For kiosks'
    }
}

Describe 'Remove-PCPolicy' {
    It 'deletes a policy of the pipeline' {
        $null = New-PCPolicy -Name 'Short-lived' -Setting skip_eula
        Get-PCPolicy 'Short-lived' | Remove-PCPolicy -WhatIf
        (Get-PCPolicy).Name | Should -Contain 'Short-lived'
        Get-PCPolicy 'Short-lived' | Remove-PCPolicy -Confirm:$false
        (Get-PCPolicy).Name | Should -Not -Contain 'Short-lived'
    }
}

Describe 'Get-PCJob' {
    It 'shows the job of an upload, whose devices failed, without an error' {
        $row = New-TestDevice 'NOBODY-3' | Import-PCDevice -Batch 'Jobs' -PassThru -ErrorAction SilentlyContinue
        $job = $row | Get-PCJob -ErrorVariable problems
        $job.TrackingId | Should -Be $row.TrackingId
        $job.Finished | Should -BeTrue
        $problems.Count | Should -Be 0
    }

    It 'refuses an unknown job' {
        { Get-PCJob -TrackingId '00000000-0000-0000-0000-000000000001' } | Should -Throw
    }
}

Describe 'Wait-PCJob' {
    It 'returns the job, and an error for its failed devices' {
        $row = New-TestDevice 'NOBODY-4' | Import-PCDevice -Batch 'Jobs' -PassThru -ErrorAction SilentlyContinue
        $job = $row | Wait-PCJob -TimeoutMinutes 1 -ErrorVariable problems -ErrorAction SilentlyContinue
        $job.Status | Should -Be 'finished'
        $problems.Count | Should -Be 1
    }
}

Describe 'Get-PCCustomer' {
    It 'returns the aliases of this machine' {
        # Not with 2>$null: Windows PowerShell would make errors of the notes.
        $null = & $env:PCDEVICES_PATH customers add contoso $env:PCDEVICES_CUSTOMER --yes
        $customers = @(Get-PCCustomer cont*)
        $customers[0].Alias | Should -Be 'contoso'
        $customers[0].Customer | Should -Be $env:PCDEVICES_CUSTOMER
        @(Get-PCCustomer other*).Count | Should -Be 0
        ($customers | Get-PCBatch).Id | Should -Contain 'Headquarters'
    }

    It 'finds customers by name' {
        $found = @(Get-PCCustomer -Search 'cont')
        $found.Id | Should -Contain $env:PCDEVICES_CUSTOMER
        $found[0].PSObject.TypeNames[0] | Should -Be 'PartnerCenterDevices.FoundCustomer'
        @(Get-PCCustomer -Search 'nobody has this name').Count | Should -Be 0
    }
}

Describe 'Get-PCAuditRecord' {
    It 'returns the changes of a customer, the newest first' {
        $null = New-TestDevice 'HQ-0006' | Import-PCDevice -Batch 'Audited'
        $records = @(Get-PCAuditRecord -Operation upload -Since (Get-Date).AddHours(-1))
        $records.Count | Should -BeGreaterThan 0
        $records[0].Date | Should -BeOfType [datetime]
        $records[0].CustomerId | Should -Be $env:PCDEVICES_CUSTOMER
        @(Get-PCAuditRecord -Since 1h -User 'nobody-at-all').Count | Should -Be 0
    }

    It 'refuses a time that the log no longer has' {
        { Get-PCAuditRecord -Since '2020-01-01' } | Should -Throw -ErrorId 'PCDevices.InvalidArguments*'
    }
}

Describe 'Test-PCConnection' {
    It 'returns the checks' {
        $checks = Test-PCConnection
        ($checks | Where-Object Name -EQ 'service').State | Should -Be 'ok'
        Test-PCConnection -Quiet | Should -BeOfType [bool]
    }
}

Describe 'Connect-PCService' {
    It 'signs in with a code that the emulator approves' {
        $signIn = Connect-PCService -DeviceCode -Tenant partner.example -ClientId 8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e `
            -ProfileName powershell-test
        $signIn.Works | Should -BeTrue
        $null = & $env:PCDEVICES_PATH auth logout --profile powershell-test
    }
}
