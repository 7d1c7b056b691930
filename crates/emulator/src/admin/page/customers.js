// The customers tab and the audit log tab.

const RELATIONSHIP_TINTS = { reseller: 'good', none: 'bad' };

function customersView({ own: customers }, query) {
  const rows = customers.items.map(({ id, name, domain, relationship, delegatedAccess, ...counts }) => ({
    key: id,
    cells: [customerLink(id, name), domain ?? dash,
      relationship ? badge(relationship.replaceAll('_', ' '), RELATIONSHIP_TINTS[relationship] ?? 'warn') : dash,
      delegatedAccess === null ? dash : delegatedAccess ? 'yes' : 'no',
      number(counts.batches), number(counts.devices), number(counts.policies),
      h('div', { class: 'group' }, ['jobs', 'audit', 'exchanges'].map((tab) =>
        h('a', { key: tab, href: hashFor(tab, { customer: id }), 'aria-label': `${TABS[tab].title} of ${name ?? id}` }, TABS[tab].title))),
      code(id)],
  }));
  const none = query.text ? noMatches('customers', 'No customer matches.')
    : empty(h('p', {}, 'No customers yet. A world file lists them, and a customer also exists as soon as a request names it. To upload a batch for one:'), commands(uploadCommands()));
  return section('customers', 'Customers', filter('customers', query, [['text', 'Customer contains', { type: 'search', placeholder: 'name, domain or id', class: 'wide' }]]),
    customers.total ? table('Customers', [['Customer'], ['Domain'], ['Relationship'], ['Delegated'], ['Batches', 'number'], ['Devices', 'number'], ['Policies', 'number'], ['More', 'keep'], ['Customer id']], rows) : none,
    pager('customers', query, { total: customers.total, shown: rows.length }));
}

function auditView({ own: records }, query) {
  const rows = records.items.map((record) => ({
    key: record.id,
    cells: [when(record.time, true),
      h('div', {}, record.operation.replaceAll('_', ' '), ' ', !record.visible && badge('not visible yet', 'warn')),
      customerLink(record.customer, record.customerName),
      record.user ?? dash, code(record.app), code(record.resource),
      record.correlationId ? h('a', { href: hashFor('exchanges', { text: record.correlationId }), class: 'code' }, record.correlationId) : dash],
  }));
  const none = query.customer || query.text ? noMatches('audit', 'No record matches.')
    : empty(h('p', {}, 'No records yet. Each accepted change of a batch, a device or a policy leaves one. To query the log:'),
      commands(auditCommands()));
  return section('audit', 'Audit log', filter('audit', query, [
    ['text', 'Record contains', { type: 'search', placeholder: 'operation, user or id', class: 'wide' }], customerField]),
  records.total ? table('Audit log', [['Time', 'keep'], ['Operation'], ['Customer'], ['User'], ['App'], ['Device or policy'], ['Correlation id']], rows) : none,
  pager('audit', query, { total: records.total, shown: rows.length }));
}
