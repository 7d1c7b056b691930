# The completion script that the program prints for PowerShell.

Describe 'Completions of pcdevices' {
    BeforeAll { & $env:PCDEVICES_PATH completions powershell | Out-String | Invoke-Expression }

    It 'completes <Text> to <Word>' -ForEach @(
        @{ Text = 'pcdevices upl'; Word = 'upload' }
        @{ Text = 'pcdevices devices '; Word = 'assign-policy' }
        @{ Text = 'pcdevices upload --dry'; Word = '--dry-run' }
    ) {
        $found = TabExpansion2 -inputScript $Text -cursorColumn $Text.Length
        $found.CompletionMatches.CompletionText | Should -Contain $Word
    }
}
