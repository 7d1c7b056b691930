// Building blocks of the views.

const dash = '–';
const code = (text) => (text ? h('span', { class: 'code' }, text) : dash);
const number = (value) => value.toLocaleString('en');
const customerLink = (customer, name) => h('a', { href: hashFor('batches', { customer }), class: name ? null : 'code', title: name ? customer : null }, name ?? customer);
const batchLink = (customer, batch) => h('a', { href: hashFor('devices', { customer, batch }) }, batch);

/// Returns an element with a time, and the date unless it is today.
function when(instant, precise) {
  if (!instant) return dash;
  const time = instant.slice(11, precise ? 23 : 19);
  const today = instant.slice(0, 10) === data.state.clock.now.slice(0, 10);
  return h('time', { datetime: instant, title: instant }, today ? time : `${instant.slice(0, 10)} ${time}`);
}

const TINTS = { queued: 'warn', processing: 'busy', finished: 'good', finishedWithErrors: 'bad', finished_with_errors: 'bad' };
const badge = (text, tint) => h('span', { class: `badge ${tint ?? ''}` }, text);
const statusBadge = (status) => badge(status.replaceAll('_', ' '), TINTS[status]);

function table(name, columns, rows, kind) {
  const head = columns.map(([title, kind]) => h('th', { scope: 'col', role: 'columnheader', class: kind }, title || h('span', { class: 'hidden' }, 'Actions')));
  const line = ({ key, cells, detail, open, toggle }) => [
    h('tr', {
      key, role: 'row', class: [toggle && 'link', open && 'open'].filter(Boolean).join(' '),
      onclick: toggle && ((event) => {
        if (!event.target.closest('a, button, input') && String(getSelection()) === '') toggle();
      }),
    }, cells.map((cell, place) => h('td', { role: 'cell', class: columns[place][1], 'data-name': columns[place][0] || null }, cell))),
    open && h('tr', { key: `${key} detail`, role: 'row', class: 'detail' }, h('td', { role: 'cell', colspan: columns.length, id: `detail-${key}` }, detail)),
  ];
  return h('div', { class: 'card scroll' }, h('table', { role: 'table', class: kind, 'aria-label': name },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, head)),
    h('tbody', { role: 'rowgroup' }, rows.map(line))));
}

const empty = (...children) => h('div', { class: 'card empty' }, children);
const command = (text) => h('pre', { tabindex: '0', 'aria-label': 'Command' }, text);
const noMatches = (tab, message) => empty(h('p', {}, message), h('p', {}, h('a', { href: hashFor(tab) }, 'Show all')));

let typing;
function filter(tab, query, fields) {
  const apply = (form) => {
    if (!form.isConnected || !form.checkValidity()) return;
    const value = ({ type, checked, value }) => (type === 'checkbox' && !checked ? '' : value.trim());
    const set = Object.fromEntries(fields.map(([name]) => [name, value(form.elements[name])]));
    const next = hashFor(tab, set);
    if (next === hashFor(tab, Object.fromEntries(Object.keys(set).map((name) => [name, query[name]])))) return;
    history.replaceState(null, '', next);
    navigate();
  };
  const field = ([name, label, props, options], place) => h('label', { key: name, class: props?.type === 'checkbox' ? 'check' : 'field' },
    h('span', {}, label, place === 0 && h('kbd', { 'aria-hidden': 'true' }, '/')),
    h(options ? 'select' : 'input', {
      name, value: query[name] ?? '', autocomplete: 'off', spellcheck: options ? null : 'false',
      'aria-keyshortcuts': place === 0 ? '/' : null, title: place === 0 ? 'Press / to search' : null, ...props,
      oninput: ({ target }) => {
        clearTimeout(typing);
        if (!target.list) typing = setTimeout(apply, 250, target.form);
      },
      onchange: ({ target }) => apply(target.form),
    }, options));
  return h('form', {
    key: 'filter', role: 'search', 'aria-label': 'Filter',
    onsubmit: (event) => { event.preventDefault(); clearTimeout(typing); apply(event.target); },
  }, fields.map(field));
}
const customerField = ['customer', 'Customer', { list: 'customers', placeholder: 'id, name or domain' }];

function pager(tab, query, { total, shown }) {
  const after = Number(query.after ?? 0) || 0;
  const to = after + shown;
  if (total <= shown && after === 0) return null;
  const go = (label, after) => h('a', { href: hashFor(tab, { ...query, after: after || '' }) }, label);
  return h('nav', { class: 'pager', 'aria-label': 'Pages' },
    h('span', { class: 'soft' }, shown ? `${number(after + 1)} to ${number(to)} of ${number(total)}` : `no rows after ${number(after)} of ${number(total)}`),
    after > 0 && go('Previous', Math.max(0, after - ROWS)), to < total && shown > 0 && go('Next', to));
}

const section = (tab, title, head, ...body) => h('section', { key: tab, 'aria-labelledby': 'title' },
  h('div', { class: 'top' }, h('h2', { id: 'title', tabindex: '-1' }, title), head), body);

let before = { where: '', items: [] };

/// Returns the rows of a list that grows at its top. A row that is open or has the focus is kept when newer rows push
/// it off the end.
function keepOpenRows(items, key, isOpen) {
  const current = new Set(items.map(key));
  const focused = document.activeElement?.closest?.('tbody tr')?.key;
  const kept = before.where === location.hash
    ? before.items.filter((item) => !current.has(key(item)) && (isOpen(item) || focused?.split(' ')[1] === String(key(item)))) : [];
  before = { where: location.hash, items: [...items, ...kept] };
  return before.items;
}

const facts = (pairs) => pairs.filter(([, value]) => value).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]);
