// Elements. Views return descriptions of elements, which are patched into the existing elements. This keeps the
// focus, the selection and the scroll position. Text from requests becomes text nodes only: the
// Content-Security-Policy forbids creating elements from text.

const byId = (id) => document.getElementById(id);

const h = (tag, props, ...children) => ({
  tag,
  props: props ?? {},
  children: children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
});

function patch(parent, children) {
  const isText = (child) => typeof child !== 'object';
  const keyed = children.map((child, place) => [isText(child) ? `# ${place}` : `${child.tag} ${child.props.key ?? place}`, child]);
  const keys = new Set(keyed.map(([key]) => key));
  const old = new Map();
  for (const node of [...parent.childNodes]) {
    // Remove obsolete nodes first, because a node that is moved loses the focus.
    if (keys.has(node.key)) old.set(node.key, node);
    else node.remove();
  }
  let place = parent.firstChild;
  for (const [key, child] of keyed) {
    let node = old.get(key);
    if (!node) {
      node = isText(child) ? document.createTextNode('') : document.createElement(child.tag);
      Object.assign(node, { key, props: {} });
    }
    if (isText(child)) {
      if (node.data !== String(child)) node.data = String(child);
    } else {
      const before = node.props;
      setProps(node, before, child.props);
      patch(node, child.children);
      if ('value' in child.props && before.value !== child.props.value) node.value = child.props.value;
      if ('checked' in child.props) node.checked = child.props.checked;
    }
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
  }
}

function setProps(node, before, props) {
  node.props = props;
  for (const name of new Set([...Object.keys(before), ...Object.keys(props)])) {
    const value = props[name];
    if (name === 'key' || name === 'value' || name === 'checked' || before[name] === value) continue;
    if (name.startsWith('on')) node[name] = value ?? null;
    else if (name.startsWith('--')) node.style.setProperty(name, value); // a style attribute is forbidden
    else if (value === undefined || value === null || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true ? '' : value);
  }
}

/// Patches the main element. Keeps visible rows in place on the screen and never loses the focus.
function show(content) {
  const main = byId('main');
  const active = document.activeElement;
  const row = main.contains(active) ? active.closest('tr') : null;
  const hadFocus = main.contains(active);
  const rows = scrollY > 0 ? [row, ...main.querySelectorAll('tbody tr')].filter(Boolean) : [];
  const visible = rows.map((row) => [row, row.getBoundingClientRect()])
    .filter(([, { top, bottom }]) => bottom > 0 && top < innerHeight);
  patch(main, [content]);
  const [anchor, { top } = {}] = visible.find(([row]) => row.isConnected) ?? [];
  if (anchor) scrollBy(0, anchor.getBoundingClientRect().top - top);
  if (hadFocus && !active.isConnected) {
    const next = row?.isConnected ? row.querySelector('a, button, input') ?? row : main.querySelector('h2');
    if (next && !next.matches('a, button, input')) next.tabIndex = -1;
    next?.focus({ preventScroll: Boolean(row?.isConnected) });
  }
}
