// Requests to the emulator.

/// An error that the emulator describes. `detail` has its place and the known words, if it is about a document.
class RequestError extends Error {
  constructor(detail) {
    super(detail.error);
    this.detail = detail;
  }
}

/// Sends a request. `body` is a value, or with `isText` the text itself, so that an error names its line.
async function request(path, method = 'GET', body, isText = false) {
  const options = { method, signal: AbortSignal.timeout(15000) };
  if (body !== undefined) {
    options.headers = { 'Content-Type': 'application/json' };
    options.body = isText ? body : JSON.stringify(body);
  }
  const response = await fetch(`/_emulator/${path}`, options);
  const text = await response.text();
  const json = text === '' ? null : JSON.parse(text);
  if (!response.ok) throw new RequestError(json?.error ? json : { error: `status ${response.status}` });
  return json;
}

/// Sends a change, announces the result and refreshes the page. Returns `true` after success.
async function change(message, ...args) {
  let done = false;
  run += 1; // discards the response of a refresh that started before the change
  try {
    await request(...args);
    notify(message);
    done = true;
  } catch (error) {
    notify(error instanceof RequestError ? error.message : 'The emulator does not respond.', true);
  }
  await refresh();
  return done;
}

let notifyTimer;
function notify(message, bad = false) {
  clearTimeout(notifyTimer);
  byId('toast').textContent = message;
  byId('toast').classList.toggle('bad', bad);
  notifyTimer = setTimeout(() => { byId('toast').textContent = ''; }, bad ? 12000 : 4000);
}
