// The faults tab.

const PRESETS = [
  ['429 for every third request', { id: 'busy', matching: { every: 3 }, effect: { throttle: { seconds: 5 } } }],
  ['Limit of 10 requests per minute', { id: 'limit', effect: { limit: { requests: 10, windowSeconds: 60 } } }],
  ['Limit of 500 requests per minute for a customer, as documented', { id: 'customer-limit', matching: { operations: ['get_customer'] }, effect: { limit: { requests: 500, windowSeconds: 60, of: 'customer' } } }],
  ['503 for every request', { id: 'down', effect: { status: { status: 503 } } }],
  ['502 with an HTML page for 10% of the requests', { id: 'gateway', matching: { probability: 0.1 }, effect: { status: { status: 502, body: 'html' } } }],
  ['The response to the next upload is lost', { id: 'response-lost', matching: { method: 'POST', first: 1 }, effect: 'dropAfter' }],
  ['Responses are two to four seconds late', { id: 'late', effect: { latency: { milliseconds: 2000, upTo: 4000 } } }],
  ['The next token is expired', { id: 'expired', matching: { first: 1 }, effect: 'expiredToken' }],
  ['A web filter answers instead of the service', { id: 'web-filter', effect: { status: { status: 200, body: 'webFilter' } } }],
  ['The sign-in is unavailable', { id: 'sign-in-down', matching: { signIn: true }, effect: { status: { status: 503, body: 'oauth', code: 90033 } } }],
  ['MFA is required (401, code 900421)', { id: 'mfa', effect: { status: { status: 401, code: 900421 } } }],
  ['Jobs never finish', { id: 'hang', effect: 'hangJob' }],
  ['Jobs take two to ten times as long', { id: 'slow-jobs', effect: { jobPace: { factor: 2, upTo: 10 } } }],
  ['Byte order marks, as a public client observed', { id: 'byte-order-marks', effect: 'byteOrderMark' }],
  ['Undocumented statuses', { id: 'unknown', effect: 'unknownEnumValues' }],
];
let draft = JSON.stringify(PRESETS[0][1], null, 2);
let preset = '0';

/// Returns part of a rule in a short form: `operations: a, b · every: 3`.
function short(value) {
  if (Array.isArray(value)) return value.join(', ');
  if (value === null || typeof value !== 'object') return String(value);
  return Object.entries(value).map(([name, value]) => {
    const inner = short(value);
    return typeof value === 'object' && !Array.isArray(value) ? `${name} (${inner})` : `${name}: ${inner}`;
  }).join(' · ');
}

const withoutCounters = ({ seen, hits, ...rule }) => rule;
const setEnabled = (rule, enabled) => change(`Turned rule ${rule.id} ${enabled ? 'on' : 'off'}.`, `faults/${rule.id}`, 'PUT', { ...withoutCounters(rule), enabled });

function faultsView({ own: { rules } }) {
  const rows = rules.map((rule) => ({
    key: rule.id,
    cells: [h('label', {}, h('input', {
      type: 'checkbox', role: 'switch', checked: rule.enabled, 'aria-label': `Rule ${rule.id}`,
      onchange: ({ target }) => setEnabled(rule, target.checked),
    }), rule.enabled ? 'on' : 'off'),
    h('b', {}, rule.id), short(rule.matching) || 'every request', short(rule.effect), number(rule.seen), number(rule.hits),
    [h('button', {
      type: 'button', 'aria-label': `Edit rule ${rule.id}`,
      onclick: () => {
        const { enabled, ...rest } = withoutCounters(rule);
        draft = JSON.stringify(enabled ? rest : { ...rest, enabled }, null, 2);
        preset = '';
        render();
        byId('rule').focus();
      },
    }, 'Edit'),
    h('button', { type: 'button', 'aria-label': `Remove rule ${rule.id}`, onclick: () => change(`Removed rule ${rule.id}.`, `faults/${rule.id}`, 'DELETE') }, 'Remove')]],
  }));
  const save = (event) => {
    event.preventDefault();
    let rule;
    try {
      rule = JSON.parse(draft);
    } catch (error) {
      return notify(`The rule is not valid JSON: ${error.message}`, true);
    }
    if (typeof rule?.id !== 'string') return notify('The rule needs an id.', true);
    change(`Saved rule ${rule.id}.`, `faults/${encodeURIComponent(rule.id)}`, 'PUT', rule);
  };
  const off = rules.some((rule) => rule.enabled) && h('button', {
    key: 'off', type: 'button',
    onclick: async () => {
      for (const rule of rules) if (rule.enabled && !await setEnabled(rule, false)) return;
      notify('Turned all rules off.');
    },
  }, 'Turn all off');
  return section('faults', 'Fault rules', off,
    rows.length ? table('Fault rules', [['On', 'keep'], ['Rule'], ['Matching'], ['Effect'], ['Matched', 'number'], ['Hit', 'number'], ['', 'act']], rows)
      : empty(h('p', {}, 'No fault rules. Choose one below and save it; it applies from the next request.')),
    h('form', { class: 'card block', onsubmit: save, 'aria-labelledby': 'new-rule' },
      h('h3', { id: 'new-rule' }, 'Add or change a rule'),
      h('label', { class: 'field' }, 'Start from', h('select', {
        value: preset,
        onchange: ({ target }) => {
          preset = target.value;
          draft = JSON.stringify(PRESETS[Number(preset)][1], null, 2);
          render();
        },
      }, preset === '' && h('option', { key: 'none', value: '' }, dash), PRESETS.map(([name], place) => h('option', { key: place, value: String(place) }, name)))),
      h('label', { class: 'field' }, 'Rule (JSON)', h('textarea', { id: 'rule', value: draft, spellcheck: 'false', oninput: ({ target }) => { draft = target.value; } })),
      h('div', { class: 'group' }, h('button', { type: 'submit', class: 'main' }, 'Save rule'),
        h('span', { class: 'soft' }, 'Replaces a rule with the same id. The emulator’s README lists all effects.'))));
}
