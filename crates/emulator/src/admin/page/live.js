// The connection that announces changes. The page reads what it shows only after one.

let events = null;
let reconnect;

/// Opens the connection, unless the page is paused or hidden. A hidden page closes it, because a browser allows only a few.
function listen() {
  clearTimeout(reconnect);
  events?.close();
  events = null;
  if (paused || document.hidden) return;
  events = new EventSource('/_emulator/events');
  events.onmessage = refreshSoon;
  events.onerror = () => {
    lost();
    if (events?.readyState === EventSource.CLOSED) reconnect = setTimeout(listen, 1000); // otherwise the browser does it
  };
}

let loading = false;
let again = false;

/// Refreshes the page. Changes during a refresh share the next one, so that a busy emulator cannot keep the page from
/// showing anything.
async function refreshSoon() {
  if (loading) {
    again = true;
    return;
  }
  loading = true;
  do {
    again = false;
    await refresh();
  } while (again);
  loading = false;
}

let shownTime = null;

/// Remembers the emulator's time, and when it was received.
function setClock(clock) {
  shownTime = { at: Date.parse(clock.now), received: performance.now(), runs: clock.mode !== 'manual' };
  showClock();
}

/// Shows the emulator's time. It needs no request, because a second has the same length everywhere.
function showClock() {
  if (!shownTime) return;
  const passed = shownTime.runs && !paused && events?.readyState === EventSource.OPEN ? performance.now() - shownTime.received : 0;
  const now = new Date(shownTime.at + passed).toISOString();
  setText(byId('now'), `${now.slice(0, 10)} ${now.slice(11, 19)} UTC`);
  byId('now').dateTime = now;
}
setInterval(showClock, 1000);
