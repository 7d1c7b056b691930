// The header and the refresh loop.

let data = null;
let run = 0;
let paused = false;
let pointerDown = false;

function render() {
  if (!data) return;
  const { tab, query } = data.where;
  show(TABS[tab].show(data, query));
  frame();
}

const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };

function frame() {
  const { clock, totals, version, customers } = data.state;
  setText(byId('version'), version);
  setClock(clock);
  const manual = clock.mode === 'manual';
  byId('mode').hidden = !manual;
  setText(byId('mode'), 'stopped');
  byId('mode').className = 'badge warn';
  setText(byId('run'), manual ? 'Start the clock' : 'Stop the clock');
  if (!data.where.query.customer) patch(byId('customers'), customers.items.map(({ id, name, domain }) => h('option', { key: id, value: id }, name ? `${name} (${domain})` : id)));
  tabs(data.where.tab, data.where.query, totals);
}

function tabs(current, { customer }, totals) {
  patch(byId('tabs'), Object.entries(TABS).map(([tab, { title, count }]) => h('li', { key: tab },
    h('a', { href: hashFor(tab, tab === 'faults' || tab === 'customers' ? {} : { customer }), 'aria-current': tab === current ? 'page' : null },
      title, ' ', totals && h('small', {}, number(totals[count]))))));
}

function setStatus(text, tint, alarm = '') {
  setText(byId('status'), text);
  byId('status').className = `badge ${tint}`;
  setText(byId('alarm'), alarm);
}

async function load(where) {
  const { customer, after, job } = where.query;
  const listed = !TABS[where.tab].load || (where.tab === 'jobs' && !job);
  const missing = (error) => {
    if (error instanceof RequestError && job) return null; // a reset removed the job
    throw error;
  };
  const [state, own] = await Promise.all([
    request(`state${queryString({ customer: where.tab === 'customers' ? '' : customer, limit: ROWS, after: listed ? after : '' })}`),
    TABS[where.tab].load?.(where.query)?.catch(missing),
  ]);
  return { where, state, own };
}

async function refresh() {
  const mine = ++run;
  const fresh = await load(currentLocation()).catch((error) => ({ error }));
  if (mine !== run) return;
  if (pointerDown) { // otherwise a click could hit an element that has just moved there
    setTimeout(refresh, 100);
    return;
  }
  if (fresh.error instanceof RequestError) {
    setStatus('error', 'bad', `The emulator returned an error: ${fresh.error.message}`);
  } else if (fresh.error) {
    lost();
  } else {
    data = fresh;
    render();
    setStatus(paused ? 'paused' : 'live', paused ? 'warn' : 'good');
  }
}

function lost() {
  setStatus('no response', 'bad', `The emulator does not respond. This page is out of date.${paused ? '' : ' It retries every second.'}`);
}

function navigate() {
  const { tab, query } = currentLocation();
  tabs(tab, query, data?.state.totals);
  document.title = `${TABS[tab].title} – Partner Center device emulator`;
  before = { where: '', items: [] };
  refresh();
}

addEventListener('hashchange', navigate);
document.addEventListener('visibilitychange', () => {
  listen(); // and the first event refreshes the page
});
for (const [name, down] of [['pointerdown', true], ['pointerup', false], ['pointercancel', false], ['blur', false]]) {
  addEventListener(name, () => { pointerDown = down; }, true);
}
byId('skip').onclick = (event) => { // not with the link's hash, because the hash stores the current tab
  event.preventDefault();
  byId('main').focus();
};
byId('pause').onclick = () => {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', String(paused));
  if (paused) setStatus('paused', 'warn', byId('alarm').textContent);
  listen();
};
const advance = (seconds) => change(`Advanced the clock by ${number(seconds)} s.`, 'clock', 'POST', { advanceSeconds: seconds });
for (const button of document.querySelectorAll('[data-seconds]')) button.onclick = () => advance(Number(button.dataset.seconds));
byId('clock').onsubmit = (event) => {
  event.preventDefault();
  advance(byId('seconds').valueAsNumber);
};
byId('run').onclick = () => {
  const mode = data?.state.clock.mode === 'manual' ? 'running' : 'manual';
  change(mode === 'manual' ? 'Stopped the clock.' : 'Started the clock.', 'clock', 'POST', { mode });
};
byId('reset').onclick = () => byId('reset-dialog').showModal();
byId('cancel-reset').onclick = () => byId('reset-dialog').close();
byId('confirm-reset').onclick = () => {
  byId('reset-dialog').close();
  opened.clear();
  before = { where: '', items: [] };
  change('Reset the emulator.', 'reset', 'POST');
};
navigate();
listen();
