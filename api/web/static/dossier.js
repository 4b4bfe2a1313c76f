// A dossier: its documents, and new ones.
import { byId, make, notice } from './dom.js';
import { call } from './api.js';
import { follow } from './events.js';
import { Rows, badge, brief, gather } from './rows.js';
import { Uploads } from './upload.js';
import { t } from './words.js';

const id = document.body.dataset.id;
const rows = new Rows();
const supersedes = new URLSearchParams(location.search).get('supersedes') ?? '';
let cursor = '';

async function load(more) {
  try {
    const list = await call('GET', `/documents?dossier=${id}&limit=100${more ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    cursor = list.next ?? '';
    byId('more').hidden = !cursor;
    rows.fill(list, more);
  } catch (problem) {
    notice(problem.message);
  }
}

rows.changed = (all) => {
  const waiting = all.filter((d) => d.status === 'in-review').at(-1);
  byId('next').hidden = !waiting;
  if (byId('batch')) byId('batch').hidden = !waiting && !all.some((d) => d.status === 'approved' && d.reason);
  if (waiting) byId('next').href = `/documents/${waiting.id}`;
};

// showReused lists what other dossiers hold and this one uses.
async function showReused(ids) {
  byId('reusedbox').hidden = ids.length === 0;
  for (const one of ids) {
    const d = await call('GET', `/documents/${one}`);
    byId('reused').append(make('li', {}, make('a', { href: `/documents/${d.id}` }, d.name), ' ', badge(d), brief(d)));
  }
}

async function start() {
  let dossier;
  try {
    dossier = await call('GET', `/dossiers/${id}`);
    document.title = `${dossier.code} · Sohoa`;
    byId('name').textContent = dossier.code;
    byId('title').textContent = dossier.title;
  } catch (problem) {
    notice(problem.message);
    return;
  }
  showReused(dossier.reused ?? []).catch((p) => notice(p.message));
  const uploads = new Uploads(id, supersedes);
  uploads.accepted = (receipt) => freshen(receipt.document);
  if (supersedes) {
    const old = await call('GET', `/documents/${supersedes}`);
    notice(t('upload.replaces', { name: old.name }));
  }
  byId('more').addEventListener('click', () => load(true));
  follow('/events', (e) => freshen(e.subject), () => load(false));
}

const freshen = gather(async (ids) => {
  if (ids.length > 5) return load(false);
  for (const one of ids) await rows.freshen(one, (d) => d.dossier === id).catch((p) => notice(p.message));
});

start();
