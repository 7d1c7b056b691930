// The location: the tab and its filter, which are stored in the hash of the URL.

const ROWS = 50;

function hashFor(tab, query = {}) {
  const set = Object.entries(query).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  const text = new URLSearchParams(set).toString();
  return `#${tab}${text && `?${text}`}`;
}

function currentLocation() {
  const [tab, query = ''] = location.hash.slice(1).split('?');
  return { tab: Object.hasOwn(TABS, tab) ? tab : 'batches', query: Object.fromEntries(new URLSearchParams(query)) };
}

const queryString = (query) => {
  const text = hashFor('', query).slice(2);
  return text && `?${text}`;
};
