// A whole dossier approved in one step: each document as it stands here. How far the
// seals are is told by the service, so it is here again when the page is: which
// failed, why, and whether they are tried again by themselves.
import { byId, make, notice } from './dom.js';
import { call } from './api.js';
import { follow } from './events.js';
import { asks } from './fields.js';
import { merge } from './particulars.js';
import { badge, brief, gather } from './rows.js';
import { reason, t, when } from './words.js';

const id = document.body.dataset.id;
const atOnce = 4; // documents that are read at a time
const perRequest = 200; // documents that one request approves
const rows = new Map(); // by document: what is known of it and its line
let sealing = { waiting: 0, awaitingMark: 0, sealed: 0, failed: [] };

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
  const [seen, { particulars }] = await Promise.all([call('GET', `/documents/${doc.id}/fields`), call('GET', `/documents/${doc.id}/metadata`)]);
  const left = Object.values(merge(seen.fields, particulars)).filter(asks).length;
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

// refused are the documents here that could not be approved.
const refused = () => [...rows.values()].filter((r) => r.problem && r.doc.status === 'in-review');

// tell says how far those that were approved are, and which failed.
function tell() {
  const failed = [...refused().map((r) => failure(r.doc, r.problem)), ...sealing.failed.map((f) => failure({ id: f.document, name: f.name }, reason(f.reason), f.again))];
  const all = sealing.sealed + sealing.waiting + sealing.awaitingMark + failed.length;
  byId('outcome').hidden = sealing.waiting + sealing.awaitingMark + failed.length === 0 && !asked;
  byId('progress').max = all || 1;
  byId('progress').value = sealing.sealed;
  const words = t('batch.summary', { done: sealing.sealed, all, waiting: sealing.waiting, failed: failed.length }) + (sealing.awaitingMark ? ` ${t('batch.marks', { n: sealing.awaitingMark })}` : '');
  if (byId('summary').textContent !== words) byId('summary').textContent = words;
  byId('failures').hidden = failed.length === 0;
  byId('failed').replaceChildren(...failed);
}

function failure(doc, why, again) {
  return make('li', {}, make('a', { href: `/documents/${doc.id}` }, doc.name), make('span', { class: 'trouble' }, ` ${why}`), again ? make('span', { class: 'quiet' }, ` ${t('batch.again', { at: when(again) })}`) : '');
}

let asked = false; // for seals, here

// approve sends what was seen in requests of a bounded size; the button works again
// when all are answered.
async function approve(chosen) {
  byId('approve').disabled = true;
  notice('');
  for (let i = 0; i < chosen.length; i += perRequest) {
    try {
      await decide(chosen.slice(i, i + perRequest));
    } catch (problem) {
      notice(problem.message);
      break;
    }
  }
  await progress();
  count();
}

async function decide(some) {
  const { items } = await call('POST', `/dossiers/${id}/decision`, { documents: some.map((r) => ({ document: r.doc.id, archival: r.seen.archival, fields: r.seen.digest })) });
  asked = true;
  for (const item of items) {
    const row = rows.get(item.document);
    row.problem = item.problem ? reason(item.problem.reason) : '';
    if (!item.problem) row.doc.status = item.status;
    put(row);
  }
}

// again approves anew what could not be approved, as it stands now, and has the seals
// that failed tried now.
async function again() {
  byId('retry').disabled = true;
  try {
    if (sealing.failed.length) {
      sealing = await call('POST', `/dossiers/${id}/sealing`);
      asked = true;
    }
    const failed = refused();
    for (const row of failed) {
      row.doc = await call('GET', `/documents/${row.doc.id}`);
      row.seen = await call('GET', `/documents/${row.doc.id}/fields`);
    }
    await approve(failed.filter((r) => r.doc.status === 'in-review'));
  } catch (problem) {
    notice(problem.message);
  }
  byId('retry').disabled = false;
}

async function progress() {
  sealing = await call('GET', `/dossiers/${id}/sealing`);
}

// freshen follows what becomes of documents.
const freshen = gather(async (ids) => {
  try {
    await progress();
    for (const one of ids.filter((i) => rows.has(i))) {
      const row = rows.get(one);
      row.doc = await call('GET', `/documents/${one}`);
      if (row.doc.status !== 'in-review') row.problem = row.doc.reason ? reason(row.doc.reason) : '';
      put(row);
    }
  } catch (problem) {
    notice(problem.message);
  }
  tell();
});

byId('batch').addEventListener('submit', (e) => { e.preventDefault(); approve(picked()); });
byId('retry').addEventListener('click', again);
byId('all').addEventListener('click', () => { for (const r of rows.values()) if (r.seen.archival) r.tick.checked = r.picked = r.doc.status === 'in-review'; count(); });

try {
  byId('dossier').textContent = (await call('GET', `/dossiers/${id}`)).code;
  await progress();
  tell();
  const all = await waiting();
  for (let i = 0; i < all.length; i += atOnce) await Promise.all(all.slice(i, i + atOnce).map(look));
  count();
  follow('/events', (e) => freshen(e.subject));
} catch (problem) {
  notice(problem.message);
}
