// The clipboard.

/// Copies a text and announces it. A page that is not on this machine and not on HTTPS has no clipboard of its own, so
/// there the text is selected and copied as a person would do it.
async function copy(text, message) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const active = document.activeElement;
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    active?.focus();
    if (!done) return notify('The browser does not allow copying.', true);
  }
  notify(message);
}

const copyButton = (text, message, label, props) => h('button', { type: 'button', ...props, onclick: () => copy(text, message) }, label ?? 'Copy');

/// Quotes a text for a POSIX shell.
const shellQuote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/// Headers that curl sets itself.
const CURL_HEADERS = ['host', 'content-length', 'connection', 'accept-encoding', 'transfer-encoding', 'expect'];

/// Returns a curl command for an exchange. The token is the variable TOKEN, or the word that the emulator accepts by default.
function curlCommand(exchange) {
  const url = location.origin + exchange.path + (exchange.query === null ? '' : `?${exchange.query}`);
  const words = [`curl --include ${/[[\]{}]/.test(url) ? '--globoff ' : ''}${shellQuote(url)}`];
  if (exchange.method === 'HEAD') words.push('--head');
  else if (exchange.method !== (exchange.requestBytes > 0 ? 'POST' : 'GET')) words.push(`--request ${exchange.method}`);
  for (const [name, value] of exchange.requestHeaders) {
    if (name === 'authorization') words.push('--header "Authorization: Bearer ${TOKEN:-any}"');
    else if (!CURL_HEADERS.includes(name) && !name.startsWith('sec-')) words.push(`--header ${shellQuote(`${name}: ${value}`)}`);
  }
  if (exchange.requestBytes > 0) words.push(`--data-raw ${shellQuote(exchange.request)}`);
  return words.join(' \\\n  ');
}
