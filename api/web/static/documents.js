// All documents: search and list.
import { byId, make, notice, onSubmit } from './dom.js';
import { call } from './api.js';
import { follow } from './events.js';
import { Rows, gather } from './rows.js';
import { say, t } from './words.js';

const form = byId('search');
const rows = new Rows();
let cursor = '';

for (const [code, words] of Object.entries(say.status)) form.elements.status?.append(make('option', { value: code }, words));
for (const [name, value] of new URLSearchParams(location.search)) if (form.elements[name]) form.elements[name].value = value;

function asked() {
  return new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim() !== '').map(([name, value]) => [name, value.trim()]));
}

async function load(more) {
  const query = asked();
  const plain = query.size === 0;
  history.replaceState(null, '', plain ? location.pathname : `?${query}`);
  query.set('limit', '50');
  if (more) query.set('cursor', cursor);
  try {
    const list = await call('GET', `/search?${query}`);
    cursor = list.next ?? '';
    byId('more').hidden = !cursor;
    byId('empty').textContent = t(plain ? 'documents.empty' : 'documents.none');
    rows.fill(list, more);
    byId('found').textContent = plain || !rows.held.size ? '' : t(cursor ? 'documents.foundmore' : 'documents.found', { n: rows.held.size });
  } catch (problem) {
    notice(problem.message);
  }
}

onSubmit(form, () => { notice(''); load(false); });
byId('more').addEventListener('click', () => load(true));
form.elements.status?.addEventListener('change', () => load(false));
load(false);

// tellQueues shows how many documents wait for somebody, each a way to them.
async function tellQueues() {
  const counts = await call('GET', '/counts');
  byId('queues').replaceChildren(...['in-review', 'awaiting-mark', 'set-aside', 'rejected'].filter((s) => counts[s]).map((s) =>
    make('a', { href: `?status=${s}`, class: `badge ${s}`, 'aria-current': form.elements.status.value === s && 'true' }, say.status[s] + say.label.colon + counts[s])));
}

if (document.body.dataset.insider === 'true') {
  tellQueues().catch((p) => notice(p.message));
  const freshen = gather(async (ids) => {
    await tellQueues().catch((p) => notice(p.message));
    if (asked().size === 0) return load(false); // the newest are on top
    for (const id of ids) if (rows.held.has(id)) await rows.freshen(id).catch((p) => notice(p.message));
  });
  follow('/events', (e) => freshen(e.subject));
}
