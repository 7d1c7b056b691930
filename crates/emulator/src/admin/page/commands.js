// The commands that empty lists show. Each of them works as it is printed, for a shell and a program of the reader's choice.

const EXAMPLE_CUSTOMER = '47021739-3426-40bf-9601-61b4b6d7c793';
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/// Returns the id of a customer that commands and clicks can use. Only an id that needs no quotation marks is used.
function usableCustomer() {
  const { query } = data.where;
  if (GUID.test(query.customer ?? '')) return query.customer;
  const usable = data.state.customers.items.find(({ id, relationship }) => GUID.test(id) && (relationship ?? 'reseller') === 'reseller');
  return usable?.id ?? EXAMPLE_CUSTOMER;
}

const HEADS = 'Device Serial Number,Manufacturer name,Device model';
const DEVICES = ['HQ-0001,Contoso,Book 5', 'ZTD808-1,Contoso,Book 5'];
const BODY = '{"batchId":"Contoso HQ","devices":[{"serialNumber":"HQ-0001","oemManufacturerName":"Contoso","modelName":"Book 5"},{"serialNumber":"ZTD808-1"}]}';

const uploadCommands = () => [
  ['pcdevices, bash', `printf '${[HEADS, ...DEVICES].join('\\n')}\\n' |
  PCDEVICES_TOKEN=any pcdevices upload - --base-url ${location.origin} \\
    --customer ${usableCustomer()} --batch "Contoso HQ"`],
  ['pcdevices, PowerShell', `$env:PCDEVICES_TOKEN = 'any'
${[HEADS, ...DEVICES].map((line) => `'${line}'`).join(', ')} |
  pcdevices upload '-' --base-url ${location.origin} \`
    --customer ${usableCustomer()} --batch 'Contoso HQ'`],
  ...requestCommands(`/v1/customers/${usableCustomer()}/deviceBatches`, BODY),
];

const policyCommands = () => requestCommands(`/v1/customers/${usableCustomer()}/policies`, '{"name":"Standard","policySettings":["skip_eula"]}');
const auditCommands = () => requestCommands('/v1/auditrecords');

/// Returns commands for one request, in curl and in PowerShell.
function requestCommands(path, body) {
  const url = location.origin + path;
  return [
    ['curl', `curl ${url} -i -H 'Authorization: Bearer any'${body ? ` \\
  -H 'Content-Type: application/json' \\
  -d '${body}'` : ''}`],
    ['PowerShell', `Invoke-RestMethod ${url} -Headers @{ Authorization = 'Bearer any' }${body ? ` \`
  -Method Post -ContentType application/json \`
  -Body '${body}'` : ''}`],
  ];
}

let shell = navigator.userAgent.includes('Windows') ? 'PowerShell' : 'curl';

/// Returns the commands with a button for each, of which one is shown.
function commands(choices) {
  const [name, text] = choices.find(([name]) => name === shell) ?? choices[0];
  return h('div', { class: 'commands' },
    h('div', { class: 'group', role: 'group', 'aria-label': 'Shell' },
      choices.map(([choice]) => h('button', {
        key: choice, type: 'button', class: 'chip', 'aria-pressed': String(choice === name),
        onclick: () => { shell = choice; render(); },
      }, choice)),
      copyButton(text, 'Copied the command.', 'Copy', { key: 'copy', class: 'push' })),
    command(text));
}
