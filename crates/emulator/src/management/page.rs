//! Decides what a browser sees at `/_emulator/`: for now the way to the JSON.

/// The inspector page.
pub(super) fn page() -> &'static str {
    "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Partner Center device emulator</title>
<h1>Partner Center device emulator</h1>
<ul>
<li><a href=\"/_emulator/state\">State</a>
<li><a href=\"/_emulator/devices\">Devices</a>
<li><a href=\"/_emulator/exchanges\">Exchanges</a>
<li><a href=\"/_emulator/faults\">Fault rules</a>
<li><a href=\"/_emulator/clock\">Clock</a>
</ul>
</html>
"
}
