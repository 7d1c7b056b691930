# The commands of this module run the program pcdevices and make objects of its JSON documents. They decide nothing about
# devices: files, uploads, retries and the sign-in are the program's.

# Documents of other versions may lack properties, and a missing property is empty.
Set-StrictMode -Off

$script:ModuleRoot = $PSScriptRoot

foreach ($folder in 'Private', 'Public') {
    foreach ($file in Get-ChildItem -Path (Join-Path -Path $PSScriptRoot -ChildPath $folder) -Filter '*.ps1') {
        . $file.FullName
    }
}
