// The exchanges tab.

const OPERATIONS = ['list_device_batches', 'create_device_batch', 'list_devices', 'add_devices', 'update_device', 'delete_device',
  'update_device_policies', 'get_batch_job_status', 'list_policies', 'create_policy', 'get_policy', 'replace_policy', 'delete_policy',
  'list_customers', 'get_customer', 'list_customer_relationships', 'list_relationships', 'list_audit_records', 'get_organization_profile'];

/// The open exchanges, with their headers and bodies once they are loaded.
const opened = new Map();

async function toggleExchange(number) {
  if (opened.delete(number)) return render();
  opened.set(number, null);
  render();
  let exchange;
  try {
    exchange = await request(`exchanges/${number}`);
  } catch (error) {
    exchange = { error: error instanceof RequestError ? error.message : 'The emulator does not respond.' };
  }
  if (opened.has(number)) opened.set(number, exchange);
  render();
}

function exchangesView({ own }, query) {
  const items = own.items.toReversed();
  const list = keepOpenRows(items, (item) => item.number, (item) => opened.has(item.number));
  const rows = list.map((item) => {
    const toggle = () => toggleExchange(item.number);
    const open = opened.has(item.number);
    const tint = item.status === null || item.status >= 500 ? 'bad' : item.status >= 400 ? 'warn' : 'good';
    const faults = [
      item.delivered !== 'whole' && badge({ slowly: 'slow', truncated: 'truncated', closed: 'connection closed' }[item.delivered], 'bad'),
      item.faultRules.map((rule) => h('a', { href: hashFor('faults') }, rule))].flat().filter(Boolean);
    return {
      key: item.number, toggle, open,
      detail: open && exchangeDetail(item, opened.get(item.number)),
      cells: [h('button', { type: 'button', class: 'toggle', 'aria-expanded': String(open), 'aria-controls': open ? `detail-${item.number}` : null, 'aria-label': `Exchange ${item.number}`, onclick: toggle }, item.number),
        when(item.time, true), badge(item.status ?? 'none', tint), h('b', {}, item.method),
        [code(item.query === null ? item.path : `${item.path}?${item.query}`), h('div', { class: 'soft' }, item.operation ?? 'no operation', item.customerName && ` · ${item.customerName}`)], took(item), faults.length ? h('div', { class: 'group' }, faults) : null],
    };
  });
  const filtered = Object.keys(query).length > 0;
  const none = filtered ? noMatches('exchanges', 'None of the last 1,000 exchanges matches.')
    : empty(h('p', {}, 'No exchanges yet. Use this URL as the root of the API in your client, with any bearer token:'), command(location.origin));
  const { before, ...newest } = query;
  const har = `/_emulator/exchanges.har${queryString(newest)}`;
  const option = (value, text) => h('option', { value }, text);
  return section('exchanges', 'Exchanges', filter('exchanges', query, [
    ['text', 'Path, body or id contains', { type: 'search', class: 'wide' }],
    ['status', 'Status', { class: 'short', placeholder: '4xx', pattern: '[1-5]([0-9]{2}|xx)', title: 'A status such as 429, or a class such as 4xx' }],
    ['operation', 'Operation', {}, [option('', 'any'), OPERATIONS.map((name) => option(name, name))]], customerField,
    ['polls', 'Hide status polls', { type: 'checkbox', value: 'false', checked: query.polls === 'false' }]]),
    rows.length ? table('Exchanges', [['No.', 'keep'], ['Time', 'keep'], ['Status'], ['Method'], ['Path', 'path'], ['Took', 'number keep'], ['Faults']], rows, 'compact') : none,
    (rows.length > 0 || before) && h('nav', { class: 'pager', 'aria-label': 'Pages and export' },
      before && h('a', { href: hashFor('exchanges', newest) }, 'Newest'),
      own.more && items.length > 0 && h('a', { href: hashFor('exchanges', { ...query, before: items.at(-1).number }) }, 'Older'),
      rows.length > 0 && h('a', { href: har, download: 'emulator.har', class: 'push' }, 'Download as HAR')));
}

/// Returns how long a request took: the work of the emulator, and the delay of fault rules.
function took({ milliseconds, deliveryMilliseconds }) {
  const text = milliseconds < 1 ? '< 1 ms' : `${number(Math.round(milliseconds))} ms`;
  return deliveryMilliseconds > 0 ? badge(text, 'warn') : text;
}

async function replay({ number: old }, sameId) {
  try {
    const { number, status } = await request(`exchanges/${old}/replay?sameId=${sameId}`, 'POST');
    notify(`Sent again as exchange ${number}: ${status === null ? 'the connection was closed' : `status ${status}`}.`);
  } catch (error) {
    notify(error instanceof RequestError ? error.message : 'The emulator does not respond.', true);
  }
  await refresh();
}

const CHANGES = ['POST', 'PUT', 'PATCH', 'DELETE'];

function exchangeActions(exchange) {
  if (!exchange.replayable) return h('p', { class: 'soft' }, 'Only a part of this request is kept, so it cannot be copied or sent again.');
  const hint = exchange.request.includes('…(') ? 'Copied. Replace the hashes and secrets, which are shortened. ' : 'Copied. ';
  const har = `/_emulator/exchanges.har${queryString({ after: String(exchange.number - 1), before: String(exchange.number + 1) })}`;
  return h('div', { class: 'group' },
    h('button', { type: 'button', onclick: () => copy(curlCommand(exchange), `${hint}The variable TOKEN has the token.`) }, 'Copy as curl'),
    h('button', { type: 'button', onclick: () => replay(exchange, false) }, 'Send again'),
    CHANGES.includes(exchange.method) && h('button', { type: 'button', title: 'The service repeats its stored response', onclick: () => replay(exchange, true) }, 'Send again with the same id'),
    h('a', { href: har, download: `exchange-${exchange.number}.har` }, 'HAR'));
}

function exchangeDetail(item, exchange) {
  if (!exchange) return h('p', {}, 'Loading…');
  if (exchange.error) return h('p', { class: 'soft' }, exchange.error);
  const side = (name, headers, body, bytes) => h('section', {}, h('h3', {}, name),
    headers.length ? h('dl', { class: 'heads' }, facts(headers.map(([name, value]) => [name, value || ' ']))) : h('p', { class: 'soft' }, 'No headers.'),
    bytes > 0 ? h('pre', { tabindex: '0', 'aria-label': `Body of the ${name.toLowerCase()}` }, formatJson(body)) : h('p', { class: 'soft' }, 'No body.'),
    bytes > 16384 && h('p', { class: 'soft' }, `Only the first 16 KiB of ${number(bytes)} bytes are shown.`));
  return [
    exchangeActions(exchange),
    h('dl', {}, facts([['Request id', code(exchange.requestId)], ['Correlation id', code(exchange.correlationId)],
      ['Customer', exchange.customer && customerLink(exchange.customer, exchange.customerName)],
      ['Token', exchange.tokenFingerprint && [code(exchange.tokenFingerprint), h('span', { class: 'soft' }, ' (fingerprint)')]],
      ['Fault rules', exchange.faultRules.join(', ')],
      ['Delivered', exchange.delivered === 'closed' ? 'no, the connection was closed' : exchange.delivered === 'whole' ? null : exchange.delivered]])),
    h('div', { class: 'two' }, side('Request', exchange.requestHeaders, exchange.request, exchange.requestBytes),
      exchange.status === null ? h('section', {}, h('h3', {}, 'Response'), h('p', { class: 'soft' }, 'None. The request was not processed.'))
        : side('Response', exchange.responseHeaders, exchange.response, exchange.responseBytes))];
}

/// Indents JSON without parsing it, so that every character except whitespace stays as it was sent.
function formatJson(text) {
  if (!/^\s*[[{]/.test(text)) return text;
  const tokens = text.match(/"(?:[^"\\]|\\[^])*"?|[[\]{},:]|[^\s"[\]{},:]+/g) ?? [];
  let [out, depth] = ['', 0];
  const line = () => `\n${'  '.repeat(depth)}`;
  tokens.forEach((token, place) => {
    const closes = '}]'.includes(token), last = tokens[place - 1];
    if (closes) {
      depth = Math.max(0, depth - 1);
      out += (last === '{' || last === '[' ? '' : line()) + token;
    } else {
      out += (last === '{' || last === '[' ? line() : '') + token;
    }
    if (token === '{' || token === '[') depth += 1;
    else if (token === ',') out += line();
    else if (token === ':') out += ' ';
  });
  return out;
}
