'use strict';
// Shows every row of the report in pages, with a search, a filter, an order and a download. Values are only ever set as text.
const ROWS_ON_PAGE = 100;
const PRINTED_ROWS = 5000;
const [DEVICE, KIND, FILE, LINE, DESTINATION, STATUS, NOTE, MODEL, POLICY] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const find = (id) => document.getElementById(id);
const data = JSON.parse(find('data').textContent);
const texts = Object.fromEntries(data.texts);
const language = document.documentElement.lang;
const numbers = new Intl.NumberFormat(language);
const heads = [...document.querySelectorAll('.rows th')];
const withDestination = heads.some((head) => head.dataset.key === 'destination');
const view = { rows: data.rows, first: 0, key: '', descending: false };
let searched;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const destination = (row) => data.destinations[row[DESTINATION] - 1] ?? '';
const model = (row) => data.models[row[MODEL] - 1] ?? '';
const policy = (row) => data.policies[row[POLICY] - 1] ?? '';
const place = (row) => fill(data.files.length === 1 ? texts.line : texts.lineOfFile, { file: data.files[row[FILE]], line: row[LINE] });
const label = (row) => data.statuses[row[STATUS]][0];

function element(name, text, attributes = {}) {
  const made = Object.assign(document.createElement(name), attributes);
  made.textContent = text;
  return made;
}

function tableRow(row) {
  const cells = [element('td', '')];
  if (row[DEVICE] !== '') cells[0].append(element('code', row[DEVICE]));
  if (row[KIND] > 0) cells[0].append(' ', element('small', data.kinds[row[KIND]]));
  if (row[MODEL] > 0) cells[0].append(' ', element('small', model(row)));
  if (withDestination) cells.push(element('td', destination(row)));
  cells.push(element('td', place(row)), element('td', ''), element('td', row[NOTE]));
  const [text, className, sign, hasEnglishNotes] = data.statuses[row[STATUS]];
  if (hasEnglishNotes) cells.at(-1).lang = 'en';
  const mark = element('b', sign, { className });
  mark.setAttribute('aria-hidden', 'true');
  cells.at(-2).append(mark, ` ${text}`);
  const made = document.createElement('tr');
  made.append(...cells);
  return made;
}

function show(first = view.first, length = ROWS_ON_PAGE) {
  view.first = first;
  const shown = view.rows.slice(first, first + length);
  find('list').replaceChildren(...shown.map(tableRow));
  const count = view.rows.length;
  const range = { first: numbers.format(first + 1), last: numbers.format(first + shown.length), count: numbers.format(count) };
  find('shown').textContent = count === 0 ? texts.noneShown : fill(texts.shown, range);
  find('pages').hidden = count <= ROWS_ON_PAGE;
  for (const button of find('pages').children) {
    const isEnd = ['first', 'previous'].includes(button.dataset.page) ? first === 0 : first + ROWS_ON_PAGE >= count;
    button.setAttribute('aria-disabled', isEnd);
  }
}

function searchText(row) {
  return [row[DEVICE], destination(row), place(row), label(row), row[NOTE], model(row), policy(row)].join('\n').toLocaleLowerCase(language);
}

// The value by which rows are compared. Devices of a file are compared by the number of the line.
const sortValues = {
  device: (row) => row[DEVICE],
  destination,
  place: (row) => row[FILE] * 2 ** 32 + row[LINE],
  status: (row) => row[STATUS],
  note: (row) => row[NOTE],
};

function sorted(rows) {
  if (view.key === '') return rows;
  const value = sortValues[view.key];
  const sign = view.descending ? -1 : 1;
  const compare = (a, b) => (a[0] < b[0] ? -sign : a[0] > b[0] ? sign : a[1] - b[1]);
  return rows.map((row, position) => [value(row), position, row]).sort(compare).map((entry) => entry[2]);
}

function apply() {
  const wanted = find('search').value.trim().toLocaleLowerCase(language);
  const status = find('status').value;
  if (wanted !== '') searched ??= data.rows.map(searchText);
  const matches = (row, position) =>
    (status === '' || row[STATUS] === Number(status)) && (wanted === '' || searched[position].includes(wanted));
  view.rows = sorted(data.rows.filter(matches));
  show(0);
}

// The same rule as for the report in CSV: no cell, and no part after a separator, is a formula.
const isFormula = (part) => /^(?:[\t\r]|\p{Cc}*[=+\-@＝＋－＠])/u.test(part);
// Excel splits a file at the list separator of its language, and German and French have a comma in numbers.
const separator = ['de', 'fr'].includes(language) ? ';' : ',';
// Most cells need no change.
const isPlain = (text) => /^[A-Za-z0-9][^;\t",\r\n]*$/.test(text);
function csvCell(value) {
  const text = String(value);
  if (isPlain(text)) return text;
  const cell = text.replace(/[^;\t]*[;\t]|[^;\t]+/g, (part) => (isFormula(part) ? `'${part}` : part));
  return /[",;\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function csv() {
  const names = Object.fromEntries(heads.map((head) => [head.dataset.key, head.textContent]));
  const columns = [
    [names.device, (row) => row[DEVICE]],
    [texts.kind, (row) => data.kinds[row[KIND]]],
    [data.models.length > 0 ? texts.model : undefined, model],
    [data.policies.length > 0 ? texts.policy : undefined, policy],
    [names.destination, destination],
    [texts.list, (row) => data.files[row[FILE]]],
    [names.place, (row) => row[LINE]],
    [names.status, label],
    [names.note, (row) => row[NOTE]],
  ].filter(([name]) => name !== undefined);
  const lines = view.rows.map((row) => columns.map(([, value]) => csvCell(value(row))).join(separator));
  return [columns.map(([name]) => csvCell(name)).join(separator), ...lines, ''].join('\n');
}

function download() {
  // Excel reads UTF-8 only with a byte order mark.
  const href = URL.createObjectURL(new Blob(['\u{feff}', csv()], { type: 'text/csv' }));
  const name = document.title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'report';
  element('a', '', { href, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

function sortBy(head) {
  view.descending = view.key === head.dataset.key && !view.descending;
  view.key = head.dataset.key;
  for (const other of heads) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', view.descending ? 'descending' : 'ascending');
  apply();
}

function turn(page) {
  const last = Math.floor((view.rows.length - 1) / ROWS_ON_PAGE) * ROWS_ON_PAGE;
  const firsts = { first: 0, previous: view.first - ROWS_ON_PAGE, next: view.first + ROWS_ON_PAGE, last };
  show(Math.min(Math.max(firsts[page], 0), last));
  find('rows').scrollIntoView();
}

const headButtons = heads.map((head) => element('button', head.textContent, { type: 'button', onclick: () => sortBy(head) }));
const showHeadButtons = () => heads.forEach((head, position) => head.replaceChildren(headButtons[position]));
showHeadButtons();
for (const link of document.querySelectorAll('a[data-status]')) {
  link.onclick = () => {
    find('search').value = '';
    find('status').value = link.dataset.status;
    apply();
    find('rows').focus();
  };
}
let waiting;
find('search').oninput = () => {
  clearTimeout(waiting);
  waiting = setTimeout(apply, 150);
};
find('status').onchange = apply;
find('download').onclick = download;
for (const button of find('pages').children) button.onclick = () => turn(button.dataset.page);
addEventListener('beforeprint', () => {
  const values = { printed: numbers.format(PRINTED_ROWS), count: numbers.format(view.rows.length) };
  find('printed').textContent = fill(texts.printed, values);
  find('printed').hidden = view.rows.length <= PRINTED_ROWS;
  // Chromium does not repeat a head with buttons on each page.
  for (const head of heads) head.textContent = head.textContent;
  const first = view.first;
  show(0, PRINTED_ROWS);
  view.first = first;
});
addEventListener('afterprint', () => {
  find('printed').hidden = true;
  showHeadButtons();
  show();
});
find('first')?.remove();
find('tools').hidden = false;
show();
