// The tabs: the data that each tab loads, and its view.

const TABS = {
  batches: {
    title: 'Batches', count: 'batches',
    show({ state: { batches } }, query) {
      const rows = batches.items.map((batch) => ({
        key: JSON.stringify([batch.customer, batch.name]),
        cells: [batchLink(batch.customer, batch.name), customerLink(batch.customer, batch.customerName), statusBadge(batch.status), number(batch.devices), when(batch.created)],
      }));
      const none = query.customer
        ? noMatches('batches', `Customer “${query.customer}” has no batches.`)
        : empty(h('p', {}, 'No batches yet. To upload one:'), commands(uploadCommands()));
      return section('batches', 'Batches', filter('batches', query, [customerField]),
        batches.total ? table('Batches', [['Batch'], ['Customer'], ['Status'], ['Devices', 'number'], ['Created', 'keep']], rows) : none,
        pager('batches', query, { total: batches.total, shown: rows.length }));
    },
  },
  devices: {
    title: 'Devices', count: 'devices',
    load: ({ customer, batch, text, after }) => request(`devices${queryString({ customer, batch, text, after, limit: ROWS })}`),
    show({ own, state }, query) {
      const rows = own.items.map((device) => ({
        key: device.id,
        cells: [code(device.serialNumber), code(device.productKey),
          [device.manufacturer, device.model].filter(Boolean).join(' ') || dash,
          batchLink(device.customer, device.batch), customerLink(device.customer, device.customerName), device.policy ? code(device.policy) : dash,
          when(device.uploaded), code(device.id)],
      }));
      const { after, ...first } = query;
      const filtered = Object.keys(query).length > 0;
      const none = state.totals.devices || filtered
        ? noMatches('devices', own.next ? 'No device in this part of the list matches.' : 'No device matches.')
        : empty(h('p', {}, 'No devices yet. To upload a batch of devices:'), commands(uploadCommands()));
      return section('devices', 'Devices',
        filter('devices', query, [['text', 'Device contains', { placeholder: 'serial number, product key, id …', class: 'wide' }], ['batch', 'Batch', { placeholder: 'any' }], customerField]),
        rows.length ? table('Devices', [['Serial number'], ['Product key', 'keep'], ['Model'], ['Batch'], ['Customer'], ['Policy'], ['Uploaded', 'keep'], ['Device id']], rows) : none,
        (after || own.next) && h('nav', { class: 'pager', 'aria-label': 'Pages' },
          after && h('a', { href: hashFor('devices', first) }, 'First page'),
          own.next && h('a', { href: hashFor('devices', { ...query, after: own.next }) }, 'Next')));
    },
  },
  jobs: {
    title: 'Jobs', count: 'jobs',
    load: ({ job, failed, after }) => (job ? request(`jobs/${encodeURIComponent(job)}${queryString({ failed, after, limit: ROWS })}`) : null),
    show(data, query) {
      return query.job ? jobView(data.own, query) : jobsView(data.state.jobs, query);
    },
  },
  policies: {
    title: 'Policies', count: 'policies',
    show({ state: { policies } }, query) {
      const rows = policies.items.map((policy) => ({
        key: policy.id,
        cells: [policy.name, customerLink(policy.customer, policy.customerName), policy.settings.map((setting) => h('div', { class: 'code' }, setting)), number(policy.devices), code(policy.id)],
      }));
      const none = query.customer
        ? noMatches('policies', `Customer “${query.customer}” has no configuration policies.`)
        : empty(h('p', {}, 'No configuration policies yet. To create one:'), commands(policyCommands()));
      return section('policies', 'Configuration policies', filter('policies', query, [customerField]),
        policies.total ? table('Configuration policies', [['Policy'], ['Customer'], ['Settings'], ['Devices', 'number'], ['Policy id']], rows) : none,
        pager('policies', query, { total: policies.total, shown: rows.length }));
    },
  },
  audit: {
    title: 'Audit log', count: 'auditRecords',
    load: ({ customer, text, after }) => request(`audit${queryString({ customer, text, after, limit: ROWS })}`),
    show: auditView,
  },
  exchanges: {
    title: 'Exchanges', count: 'exchanges',
    load: ({ customer, operation, status, text, polls, before }) => request(`exchanges${queryString({ customer, operation, status, text, polls, before, limit: ROWS, brief: 'true' })}`),
    show: exchangesView,
  },
  faults: {
    title: 'Faults', count: 'faultRules',
    load: () => request('faults'),
    show: faultsView,
  },
  customers: {
    title: 'Customers', count: 'customers',
    load: ({ text, after }) => request(`customers${queryString({ text, after, limit: ROWS })}`),
    show: customersView,
  },
};
