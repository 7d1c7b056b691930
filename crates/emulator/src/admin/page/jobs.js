// The jobs tab.

function progressCell(job) {
  const text = `${number(job.done)} of ${number(job.devices)}`;
  const tint = job.failed > 0 ? 'failed' : job.status === 'finished' ? 'good' : '';
  return h('div', { class: tint }, text,
    job.failed > 0 && [', ', h('span', { class: 'bad' }, `${number(job.failed)} failed`)],
    h('progress', { '--failed': `${job.done ? (100 * job.failed) / job.done : 0}%`, max: Math.max(job.devices, 1), value: job.devices ? job.done : Number(job.completed !== null), 'aria-label': `Finished devices: ${text}` }));
}

const finishButton = (job) => job.status !== 'finished' && h('button', {
  key: 'finish', type: 'button', 'aria-label': `Finish now: job ${job.id}`,
  onclick: () => change('Job finished.', `jobs/${job.id}/finish`, 'POST'),
}, 'Finish now');

function jobsView(jobs, query) {
  const items = query.after ? jobs.items : keepOpenRows(jobs.items, (job) => job.id, () => false);
  const rows = items.map((job) => ({
    key: job.id,
    cells: [h('a', { href: hashFor('jobs', { job: job.id, failed: job.failed ? 'true' : '' }), class: 'code' }, job.id),
      job.batch === null ? 'policy update' : batchLink(job.customer, job.batch), customerLink(job.customer, job.customerName),
      statusBadge(job.status), progressCell(job), when(job.accepted), when(job.completed), finishButton(job)],
  }));
  const none = query.customer
    ? noMatches('jobs', `Customer “${query.customer}” has no jobs.`)
    : empty(h('p', {}, 'No jobs yet. Each upload and each policy update starts a job. To upload a batch:'), commands(uploadCommands()));
  return section('jobs', 'Jobs', filter('jobs', query, [customerField]),
    jobs.total ? table('Jobs', [['Tracking id'], ['Batch'], ['Customer'], ['Status'], ['Finished devices'], ['Accepted', 'keep'], ['Completed', 'keep'], ['', 'act']], rows) : none,
    pager('jobs', query, { total: jobs.total, shown: jobs.items.length }));
}

function jobView(job, query) {
  if (!job) return section('job', 'Job', null, noMatches('jobs', `There is no job ${query.job}.`));
  const rows = job.rows.items.map((row) => ({
    key: row.row,
    cells: [number(row.row), code(row.serialNumber), code(row.productKey), statusBadge(row.status),
      row.errorCode && row.errorCode !== '0' ? h('span', { class: 'bad' }, `${row.errorCode} ${row.errorDescription ?? ''}`) : dash, code(row.deviceId)],
  }));
  const failed = h('label', { key: 'failed' }, h('input', {
    type: 'checkbox', checked: query.failed === 'true',
    onchange: ({ target }) => {
      history.replaceState(null, '', hashFor('jobs', { job: job.id, failed: target.checked ? 'true' : '' }));
      navigate();
    },
  }), 'Only failed devices');
  return section('job', 'Job', h('a', { href: hashFor('jobs') }, 'All jobs'),
    h('div', { class: 'card block' },
      h('dl', {}, facts([['Tracking id', code(job.id)], ['Customer', customerLink(job.customer, job.customerName)],
        ['Batch', job.batch === null ? 'none (policy update)' : batchLink(job.customer, job.batch)],
        ['Status', statusBadge(job.status)], ['Accepted', when(job.accepted)], ['Completed', when(job.completed)], ['Finished devices', progressCell(job)]])),
      h('div', { class: 'group' }, failed, finishButton(job))),
    rows.length ? table('Devices of the job', [['Row', 'number'], ['Serial number'], ['Product key'], ['Status'], ['Error'], ['Device id']], rows)
      : empty(h('p', {}, query.failed ? 'No device failed.' : 'The request had no devices.')),
    pager('jobs', query, { total: job.rows.total, shown: rows.length }));
}
