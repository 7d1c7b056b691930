// The words of a fault rule, and what they mean. The emulator names the words that a place allows; this is the explanation.

const WORDS = {
  id: 'the name of the rule: letters, digits, -, _ and .',
  enabled: 'false turns the rule off',
  matching: 'the conditions; without them, every request to the service',
  effect: 'what happens to the requests',
  // Conditions
  operations: 'a list of operations, such as ["create_device_batch"]',
  signIn: 'true: requests to the sign-in',
  method: 'an HTTP method',
  customer: 'the id of a customer',
  pathContains: 'a text in the path',
  from: 'seconds since the start of the emulator',
  until: 'seconds since the start of the emulator',
  nth: 'only the n-th request',
  every: 'every n-th request',
  first: 'the first n requests',
  probability: 'a random share, from 0 to 1',
  // Effects
  latency: 'the response is late: { "milliseconds": 2000, "upTo": 4000 }',
  throttle: '429: { "seconds": 5 }',
  limit: '429 above a limit: { "requests": 10, "windowSeconds": 60 }',
  status: 'another status: { "status": 503 }',
  dropBefore: 'the connection closes; the request is not processed',
  dropAfter: 'the connection closes; the request was processed',
  truncate: 'the body ends early: { "bytes": 100 }',
  slowBody: 'the body arrives in pieces: { "pieceBytes": 100, "pauseMilliseconds": 500 }',
  gzip: 'the body is compressed without being asked for',
  endlessList: 'each page of a list has a next one',
  byteOrderMark: 'the body starts with a byte order mark',
  jobLinkInBody: 'a 202 has a body with the link to its job',
  blankInAttributes: 'the first "attributes" has a blank before its name',
  dates: 'the format of all dates: "zoneless", "sevenDigits" or "z"',
  unknownEnumValues: 'statuses and settings have undocumented values',
  expiredToken: '401 for the token of the request, from now on',
  locationHost: 'Location names another host: { "host": "example.com" }',
  hangJob: 'the job never finishes',
  jobPace: 'the job takes longer or shorter: { "factor": 2, "upTo": 10 }',
  // Values
  milliseconds: 'the shortest delay', upTo: 'the largest value, for a random one',
  seconds: 'the value of Retry-After', retryAfter: '"seconds", "date" or "none"', body: 'the form of the error body',
  requests: 'requests per window', windowSeconds: 'the length of the window', of: '"partner" or "customer"',
  code: 'an error code of the service, such as 900421', description: 'the message of the error', headers: 'further headers, by name',
  bytes: 'bytes that are sent', pieceBytes: 'the size of a piece', pauseMilliseconds: 'the pause between two pieces',
  host: 'a host name', factor: 'more than 1 is slower', none: 'without this header', date: 'an HTTP date', partner: 'all requests together',
  fault: 'as the service writes it', gateway: '{"statusCode":429,"message":"…"}', odata: 'OData', problemJson: 'RFC 9457', xml: 'XML',
  html: 'a web page', text: 'plain text', empty: 'no body', oauth: 'as the sign-in writes it', webFilter: 'the page of a web filter',
  zoneless: '2017-07-25T17:00:00', sevenDigits: '2017-07-25T17:00:00.0000000+00:00', z: '2017-07-25T17:00:00Z',
};

const wordList = (names) => h('dl', { class: 'words' }, names.map((name) => [h('dt', { key: name, class: 'code' }, name), h('dd', { key: `${name}:` }, WORDS[name] ?? '')]));

const RULE_WORDS = ['id', 'enabled', 'matching', 'effect'];
const CONDITION_WORDS = ['operations', 'signIn', 'method', 'customer', 'pathContains', 'from', 'until', 'nth', 'every', 'first', 'probability'];
const EFFECT_WORDS = ['latency', 'throttle', 'limit', 'status', 'dropBefore', 'dropAfter', 'truncate', 'slowBody', 'gzip', 'endlessList', 'byteOrderMark',
  'jobLinkInBody', 'blankInAttributes', 'dates', 'unknownEnumValues', 'expiredToken', 'locationHost', 'hangJob', 'jobPace'];

const wordHelp = () => h('details', {}, h('summary', {}, 'All words of a rule'),
  h('div', { class: 'three' }, [['A rule has', RULE_WORDS], ['matching has', CONDITION_WORDS], ['effect is one of', EFFECT_WORDS]]
    .map(([title, names]) => h('section', { key: title }, h('h4', {}, title), wordList(names)))));
