// Recipes: fault rules and failing devices that one click starts.

const RECIPES = [
  ['429 for every third request', { id: 'busy', matching: { every: 3 }, effect: { throttle: { seconds: 5 } } }],
  ['10 requests per minute', { id: 'limit', effect: { limit: { requests: 10, windowSeconds: 60 } } }],
  ['500 reads of a customer per minute, as documented', { id: 'customer-limit', matching: { operations: ['get_customer'] }, effect: { limit: { requests: 500, windowSeconds: 60, of: 'customer' } } }],
  ['503 for every request', { id: 'down', effect: { status: { status: 503 } } }],
  ['502 with a web page for 10%', { id: 'gateway', matching: { probability: 0.1 }, effect: { status: { status: 502, body: 'html' } } }],
  ['The response to the next upload is lost', { id: 'response-lost', matching: { method: 'POST', first: 1 }, effect: 'dropAfter' }],
  ['Responses take 2 to 4 seconds', { id: 'late', effect: { latency: { milliseconds: 2000, upTo: 4000 } } }],
  ['The next token is expired', { id: 'expired', matching: { first: 1 }, effect: 'expiredToken' }],
  ['A web filter answers', { id: 'web-filter', effect: { status: { status: 200, body: 'webFilter' } } }],
  ['The sign-in is down', { id: 'sign-in-down', matching: { signIn: true }, effect: { status: { status: 503, body: 'oauth', code: 90033 } } }],
  ['MFA is required', { id: 'mfa', effect: { status: { status: 401, code: 900421 } } }],
  ['Jobs never finish', { id: 'hang', effect: 'hangJob' }],
  ['Jobs take 2 to 10 times as long', { id: 'slow-jobs', effect: { jobPace: { factor: 2, upTo: 10 } } }],
  ['Byte order marks', { id: 'byte-order-marks', effect: 'byteOrderMark' }],
  ['Undocumented statuses', { id: 'unknown', effect: 'unknownEnumValues' }],
];

/// The codes that a magic serial number forces, and what they mean.
const MAGIC = [
  ['640', 'StorageError'],
  ['801', 'InvalidZtdRequestBody'],
  ['802', 'InvalidZtdHardwareHash'],
  ['803', 'MissingZtdSerialNumberAndProductKey'],
  ['806', 'ZtdDeviceAlreadyAssigned'],
  ['807', 'ZtdDeviceIsNotRegistered'],
  ['808', 'ZtdDeviceAssignedToOtherTenant'],
  ['809', 'ZtdProfileIsNotRegistered'],
  ['810', 'ZtdProfileAssignedToOtherTenant'],
  ['811', 'ZtdDeviceRegisteredByOtherTenant'],
  ['812', 'ZtdDeviceNotFound'],
  ['813', 'ZtdDeviceIsNotUnique'],
  ['814', 'ZtdDeviceAlreadyAadRegistered'],
];

function recipes(rules) {
  const current = new Map(rules.map((rule) => [rule.id, rule]));
  return h('section', { key: 'recipes', class: 'card block', 'aria-labelledby': 'recipes' },
    h('h3', { id: 'recipes' }, 'Recipes'), h('p', { class: 'soft' }, 'A click turns a rule on; another one turns it off. It applies from the next request.'),
    h('div', { class: 'group' }, RECIPES.map(([name, rule]) => {
      const on = current.get(rule.id)?.enabled === true;
      return h('button', {
        key: rule.id, type: 'button', class: 'chip', 'aria-pressed': String(on),
        onclick: () => change(`Turned rule ${rule.id} ${on ? 'off' : 'on'}.`, `faults/${rule.id}`, 'PUT', { ...withoutCounters(current.get(rule.id) ?? rule), enabled: !on }),
      }, name);
    })));
}

function magicSerials() {
  const rows = MAGIC.map(([code, name]) => {
    const serial = `ZTD${code}-1`;
    return {
      key: code,
      cells: [code, name, h('span', { class: 'code' }, serial),
        [copyButton(serial, `Copied ${serial}.`, 'Copy', { 'aria-label': `Copy ${serial}` }),
          h('button', { type: 'button', 'aria-label': `Upload ${serial}`, onclick: () => uploadMagic([code]) }, 'Upload')]],
    };
  });
  return h('section', { key: 'magic', class: 'card block', 'aria-labelledby': 'magic' },
    h('div', { class: 'group' }, h('h3', { id: 'magic' }, 'Devices that fail'),
      h('button', { type: 'button', class: 'push', onclick: () => uploadMagic(MAGIC.map(([code]) => code)) }, 'Upload one of each')),
    h('p', { class: 'soft' }, 'A device with one of these serial numbers always fails with its code. Any text may follow the hyphen.'),
    table('Devices that fail', [['Code', 'keep'], ['Error'], ['Serial number', 'keep'], ['', 'act']], rows, 'compact'));
}

/// Uploads a batch with a device for each code, as a client would, and shows its job.
async function uploadMagic(codes) {
  const customer = usableCustomer();
  const batchId = `${codes.length === 1 ? `Error ${codes[0]}` : 'All errors'}, ${data.state.clock.now.slice(11, 23)}`;
  try {
    const response = await fetch(`/v1/customers/${customer}/deviceBatches`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: 'Bearer inspector-page' }, signal: AbortSignal.timeout(15000),
      body: JSON.stringify({ batchId, devices: codes.map((code) => ({ serialNumber: `ZTD${code}-1`, oemManufacturerName: 'Contoso', modelName: 'Book 5' })) }),
    });
    const job = response.headers.get('Location')?.split('/').at(-1);
    if (job) {
      notify(`Uploaded the batch “${batchId}”.`);
      location.hash = hashFor('jobs', { job });
    } else {
      notify(`The upload was rejected with status ${response.status}. The exchange has the details.`, true);
    }
  } catch {
    notify('There was no response to the upload. A fault rule may have closed the connection.', true);
  }
}
