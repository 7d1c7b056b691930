// The faults tab.

let draft = JSON.stringify({ id: 'my-rule', matching: { method: 'POST', first: 1 }, effect: { throttle: { seconds: 5 } } }, null, 2);
/// What is wrong with the draft: the `error` for people, and the `known` words of the place.
let problem = null;

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
    [h('button', { type: 'button', 'aria-label': `Edit rule ${rule.id}`, onclick: () => edit(rule) }, 'Edit'),
      h('button', { type: 'button', 'aria-label': `Remove rule ${rule.id}`, onclick: () => change(`Removed rule ${rule.id}.`, `faults/${rule.id}`, 'DELETE') }, 'Remove')]],
  }));
  const off = rules.some((rule) => rule.enabled) && h('button', {
    key: 'off', type: 'button',
    onclick: async () => {
      for (const rule of rules) if (rule.enabled && !await setEnabled(rule, false)) return;
      notify('Turned all rules off.');
    },
  }, 'Turn all off');
  return section('faults', 'Fault rules', off,
    rows.length ? table('Fault rules', [['On', 'keep'], ['Rule'], ['Matching'], ['Effect'], ['Matched', 'number'], ['Hit', 'number'], ['', 'act']], rows)
      : empty(h('p', {}, 'No fault rules. Choose a recipe, or write a rule below.')),
    recipes(rules), editor(), magicSerials());
}

function edit(rule) {
  const { enabled, ...rest } = withoutCounters(rule);
  draft = JSON.stringify(enabled ? rest : { ...rest, enabled }, null, 2);
  problem = null;
  render();
  byId('rule').focus();
}

function editor() {
  return h('form', { class: 'card block', onsubmit: saveDraft, 'aria-labelledby': 'new-rule' },
    h('h3', { id: 'new-rule' }, 'Write or change a rule'),
    h('label', { class: 'field' }, 'Rule (JSON)', h('textarea', {
      id: 'rule', value: draft, spellcheck: 'false', 'aria-describedby': 'rule-problem', 'aria-invalid': problem ? 'true' : null,
      oninput: ({ target }) => { draft = target.value; },
    })),
    h('div', { id: 'rule-problem', role: 'alert' }, problem && [
      h('p', {}, h('span', { class: 'bad' }, problem.error), problem.line && h('span', { class: 'soft' }, ` Line ${problem.line}.`)),
      problem.known?.length > 0 && [h('p', {}, 'These words exist here:'), wordList(problem.known)]]),
    h('div', { class: 'group' }, h('button', { type: 'submit', class: 'main' }, 'Save rule'),
      h('span', { class: 'soft' }, 'Replaces a rule with the same id.')),
    wordHelp());
}

async function saveDraft(event) {
  event.preventDefault();
  problem = null;
  let id = 'new';
  try {
    id = JSON.parse(draft).id ?? id;
  } catch { /* the emulator explains it */ }
  try {
    await request(`faults/${encodeURIComponent(String(id))}`, 'PUT', draft, true);
    notify(`Saved rule ${id}.`);
    await refresh();
  } catch (error) {
    problem = error instanceof RequestError ? error.detail : { error: 'The emulator does not respond.' };
    render();
    selectWord(problem);
  }
}

/// Selects the word that does not exist, so that the reader can replace it.
function selectWord({ word, line, column }) {
  const field = byId('rule');
  field.focus();
  if (!line) return;
  const end = draft.split('\n').slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column;
  const start = word ? draft.lastIndexOf(word, end) : end;
  field.setSelectionRange(start, word ? start + word.length : end);
}
