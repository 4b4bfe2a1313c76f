// A whole dossier approved in one step: each document as it stands here, what fails
// told one by one and tried again.
import { byId, make, notice } from './dom.js';
import { call } from './api.js';
import { follow } from './events.js';
import { badge, brief, gather } from './rows.js';
import { reason, t } from './words.js';

const id = document.body.dataset.id;
const weak = 0.85; // as in review
const atOnce = 4; // documents that are read at a time
const rows = new Map(); // by document: what is known of it and its line

async function waiting() {
  const all = [];
  for (let cursor = ''; ;) {
    const list = await call('GET', `/documents?dossier=${id}&status=in-review&limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    all.push(...(list.items ?? []));
    cursor = list.next ?? '';
    if (!cursor) return all.toReversed(); // the oldest first, as they were scanned
  }
}

// look reads what would be approved, and what in it asks for a look.
async function look(doc) {
  const seen = await call('GET', `/documents/${doc.id}/fields`);
  const left = Object.values(seen.fields).filter((f) => f.status === 'handwritten' || (f.status === 'read' && f.confidence < weak)).length;
  put({ doc, seen, left, picked: left === 0 && Boolean(seen.archival) });
}

function put(row) {
  const { doc, left } = row;
  const before = rows.get(doc.id)?.line;
  const open = doc.status === 'in-review';
  row.tick = make('input', { type: 'checkbox', 'aria-label': doc.name, checked: row.picked && open, disabled: !open, change: (e) => { row.picked = e.target.checked; count(); } });
  row.line = make('tr', { 'data-id': doc.id, class: doc.status }, make('td', { class: 'tick' }, row.tick),
    make('td', {}, make('a', { href: `/documents/${doc.id}` }, doc.name), brief(doc)),
    make('td', {}, open && left ? make('a', { class: 'look', href: `/documents/${doc.id}` }, t('review.left', { n: left })) : ''),
    make('td', {}, badge(doc), row.problem ? make('p', { class: 'trouble' }, row.problem) : ''));
  if (before) before.replaceWith(row.line);
  else byId('rows').append(row.line);
  rows.set(doc.id, row);
  count();
}

const picked = () => [...rows.values()].filter((r) => r.picked && r.doc.status === 'in-review');

function count() {
  byId('rows').parentElement.hidden = rows.size === 0;
  byId('empty').hidden = rows.size > 0;
  byId('approve').disabled = picked().length === 0;
  byId('counted').textContent = t('batch.counted', { n: picked().length, all: [...rows.values()].filter((r) => r.doc.status === 'in-review').length });
  tell();
}

// tell says how far those that were approved are, and which failed.
function tell() {
  const sent = [...rows.values()].filter((r) => r.sent);
  const failed = sent.filter((r) => r.problem);
  const done = sent.filter((r) => !r.problem && ['sealed', 'awaiting-mark'].includes(r.doc.status));
  byId('outcome').hidden = sent.length === 0;
  byId('progress').max = sent.length || 1;
  byId('progress').value = done.length + failed.length;
  byId('summary').textContent = t('batch.summary', { done: done.length, all: sent.length, failed: failed.length });
  byId('failures').hidden = failed.length === 0;
  byId('failed').replaceChildren(...failed.map((r) => make('li', {}, make('a', { href: `/documents/${r.doc.id}` }, r.doc.name), make('span', { class: 'trouble' }, ` ${r.problem}`))));
}

async function approve(chosen) {
  if (!chosen.length) return;
  byId('approve').disabled = true;
  notice('');
  for (const r of chosen) [r.sent, r.problem] = [true, ''];
  try {
    const { items } = await call('POST', `/dossiers/${id}/decision`, { documents: chosen.map((r) => ({ document: r.doc.id, archival: r.seen.archival, fields: r.seen.digest })) });
    for (const item of items) {
      const row = rows.get(item.document);
      if (item.problem) row.problem = reason(item.problem.reason);
      else row.doc.status = item.status;
      put(row);
    }
  } catch (problem) {
    notice(problem.message);
    for (const r of chosen) r.sent = false;
  }
  count();
}

// again looks at those that failed as they stand now: what waits for a decision
// gets one, what was approved and could not be sealed is opened and approved anew.
async function again() {
  const failed = [...rows.values()].filter((r) => r.sent && r.problem);
  for (const row of failed) {
    try {
      row.doc = await call('GET', `/documents/${row.doc.id}`);
      if (row.doc.status === 'approved') row.doc = await call('POST', `/documents/${row.doc.id}/reopen`, { note: t('batch.retry') });
      row.seen = await call('GET', `/documents/${row.doc.id}/fields`);
    } catch (problem) {
      notice(problem.message);
    }
  }
  await approve(failed.filter((r) => r.doc.status === 'in-review'));
}

// freshen follows what becomes of documents.
const freshen = gather(async (ids) => {
  for (const one of ids.filter((i) => rows.has(i))) {
    const row = rows.get(one);
    row.doc = await call('GET', `/documents/${one}`);
    row.problem = row.doc.reason ? reason(row.doc.reason) : row.doc.status === 'in-review' ? row.problem : '';
    put(row);
  }
});

byId('batch').addEventListener('submit', (e) => { e.preventDefault(); approve(picked()); });
byId('retry').addEventListener('click', again);
byId('all').addEventListener('click', () => { for (const r of rows.values()) if (r.seen.archival) r.tick.checked = r.picked = r.doc.status === 'in-review'; count(); });

try {
  byId('dossier').textContent = (await call('GET', `/dossiers/${id}`)).code;
  const all = await waiting();
  for (let i = 0; i < all.length; i += atOnce) await Promise.all(all.slice(i, i + atOnce).map(look));
  count();
  follow('/events', (e) => freshen(e.subject));
} catch (problem) {
  notice(problem.message);
}
