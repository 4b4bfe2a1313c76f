// Review: the page as it was scanned, the fields that were read from it, the decision,
// and then the seal as it comes.
import { byId, make, notice } from './dom.js';
import { call } from './api.js';
import { follow } from './events.js';
import { Fields } from './fields.js';
import { actions, ask } from './decide.js';
import { alike } from './alike.js';
import { curl } from './curl.js';
import { Doubts } from './doubts.js';
import { markPanel } from './mark.js';
import { metadata } from './metadata.js';
import { merge } from './particulars.js';
import * as parts from './split.js';
import { files, past, statePanel } from './state.js';
import { Sheets } from './sheets.js';
import { badge, gather } from './rows.js';
import { t } from './words.js';

const id = document.body.dataset.id;
const insider = document.body.dataset.insider === 'true';
const decides = document.body.dataset.decides === 'true';
const sheets = new Sheets();
const fields = new Fields((evidence) => sheets.point(evidence), (name, value) => correct({ [name]: value }), (evidence) => sheets.crop(evidence));
const doubts = new Doubts(sheets, (values) => correct(values).catch((p) => notice(p.message)));
const events = [];
let read = []; // the pages as recognised
let doc;
let seen; // what a decision is made on
let described; // particulars and metadata, of what was seen
let pictured = ''; // digest of the previews that are shown
let warnings = [];
let warned = ''; // digest of the fields for which it was said that some are not typed

async function correct(values) {
  try {
    seen = await call('PUT', `/documents/${id}/fields`, { version: seen.version, fields: values });
    notice('');
  } catch (problem) {
    if (problem.status === 409) await stale(problem);
    throw problem;
  }
  doc.version = seen.version;
  described = await call('GET', `/documents/${id}/metadata`);
  drawFields();
}

// stale says that somebody was faster and shows what is there now.
async function stale(problem) {
  await load();
  notice(problem.message, make('span', {}, t('review.reloaded')));
}

const editable = () => insider && doc.status === 'in-review';

async function load() {
  const before = doc;
  doc = await call('GET', `/documents/${id}`);
  if (doc.fields && seen?.digest !== doc.fields) {
    const foreign = seen && before?.status === 'in-review' && doc.status === 'in-review';
    seen = await call('GET', `/documents/${id}/fields`);
    described = await call('GET', `/documents/${id}/metadata`);
    if (foreign) notice(t('review.changed'));
  } else if (seen) {
    seen.version = doc.version;
  }
  await picture();
  draw();
  if (insider && before === undefined) byId('dossier').textContent = (await call('GET', `/dossiers/${doc.dossier}`)).code;
}

async function picture() {
  const previews = doc.renditions.findLast((r) => r.kind === 'previews');
  if (!previews) {
    if (!pictured) sheets.none(t(doc.status === 'received' ? 'review.waiting' : 'review.nopages'));
    return;
  }
  if (previews.sha256 === pictured) return;
  const { pages } = await call('GET', `/documents/${id}/words`);
  pictured = previews.sha256;
  read = pages;
  warnings = pages.flatMap((p) => (p.quality ?? []).map((code) => ({ page: p.number, code })));
  sheets.show(id, pages);
}

function drawFields() {
  fields.show(merge(seen.fields, described.particulars), editable());
  doubts.show(read, editable() ? seen.fields : {});
  metadata(described, editable(), (values) => correct(values).catch((p) => notice(p.message)));
}

function draw() {
  document.title = `${doc.name} · Sohoa`;
  byId('name').textContent = doc.name;
  byId('dossier').href = insider ? `/dossiers/${doc.dossier}` : '/documents';
  byId('status').replaceChildren(badge(doc));
  byId('state').replaceChildren(...(doc.status === 'awaiting-mark' ? [markPanel(doc, insider, load)] : statePanel(doc, events, warnings)));
  byId('fieldsbox').hidden = byId('metadatabox').hidden = !seen;
  if (seen) drawFields();
  drawProposal();
  byId('decision').hidden = !(decides && doc.status === 'in-review' && seen);
  byId('keys').hidden = !editable();
  byId('files').replaceChildren(...files(doc), ...(doc.status === 'sealed' ? [curl(doc)] : []));
  const cut = editable() && doc.pages > 1 ? [make('button', { type: 'button', id: 'cutter', click: cutByHand }, t('split.do'))] : [];
  byId('more').replaceChildren(...cut, ...actions(doc, { insider, decides }, act));
  document.body.dataset.status = doc.status;
}

// drawProposal shows that the file may hold several papers, until somebody has said
// that it does not.
function drawProposal() {
  const asked = editable() && events.length > 0 && !events.some((e) => e.kind === 'kept-whole') && parts.proposed(doc, described?.particulars).length > 0;
  if (asked && !byId('proposed').hasChildNodes()) fromTop();
  byId('proposed').replaceChildren(...(asked ? [parts.proposal(doc, seen.fields, described.particulars, divide)] : []));
}

// fromTop shows first what has to be decided first.
function fromTop() { requestAnimationFrame(() => { document.querySelector('.facts').scrollTop = 0; }); }

async function divide(documents) {
  try {
    notice('');
    await parts.split(doc, documents);
    await load();
  } catch (problem) {
    if (problem.status === 409) await stale(problem);
    else notice(problem.message);
  }
}

async function cutByHand() {
  const documents = await parts.ask(doc, parts.proposed(doc, described?.particulars).slice(1).map((s) => s.from));
  if (documents) divide(documents);
}

// act does what a person asked for, says what went wrong, and shows what is there now.
async function act(path, body) {
  try {
    notice('');
    await call('POST', `/documents/${id}/${path}`, body);
    await load();
    if (path === 'decision') findNext().then(() => byId('next').focus()); // Enter goes on
  } catch (problem) {
    if (problem.status === 409) await stale(problem);
    else notice(problem.message);
  }
}

async function approve() {
  await fields.pending; // a value that was just typed is part of what is approved
  if (fields.editing) return;
  const untyped = fields.untyped;
  if (untyped.length && warned !== seen.digest) {
    warned = seen.digest;
    notice(t('review.untyped', { n: untyped.length }));
    fields.goTo(untyped[0]);
    return;
  }
  await act('decision', { approve: true, archival: seen.archival, fields: seen.digest });
}

async function reject() {
  const note = await ask('reject');
  if (note) await act('decision', { approve: false, archival: seen.archival, fields: seen.digest, note });
}

// findNext offers the next document of the dossier that waits.
async function findNext() {
  const list = await call('GET', `/documents?dossier=${doc.dossier}&status=in-review&limit=200`).catch(() => ({}));
  const next = (list.items ?? []).findLast((d) => d.id !== id);
  byId('next').hidden = !next;
  byId('next').classList.toggle('main', doc.status !== 'in-review');
  if (next) byId('next').href = `/documents/${next.id}`;
}

byId('proposed').addEventListener('click', (e) => {
  const page = e.target.dataset.page;
  if (page) { e.preventDefault(); sheets.turnTo(page); }
});
byId('approve').addEventListener('click', approve);
byId('reject').addEventListener('click', reject);

addEventListener('keydown', (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest('textarea, input, select, dialog')) return;
  const does = {
    '+': () => sheets.step(1), '=': () => sheets.step(1), '-': () => sheets.step(-1), 0: () => sheets.scale(1),
    PageDown: () => sheets.scroll(1), PageUp: () => sheets.scroll(-1),
    j: () => fields.first(), k: () => fields.first(), ArrowDown: () => fields.first(),
    l: () => fields.look(), z: () => sheets.toEvidence(),
    s: () => byId('cutter')?.click(), m: () => { byId('metadatabox').open = true; byId('metadatahead').focus(); },
    a: () => byId('approve').focus(), r: () => byId('reject').focus(),
    n: () => { if (!byId('next').hidden) byId('next').click(); },
    w: () => doubts.next(), u: () => doubts.take(),
  }[e.key];
  if (!does || (e.key === 'ArrowDown' && e.target.closest('.sheets'))) return;
  e.preventDefault();
  does();
});

const freshen = gather(() => fields.pending.then(load).catch((p) => notice(p.message)));

try {
  await load();
  if (editable()) {
    if (!fields.look()) fields.first();
    alike(byId('alike'), doc, async () => { byId('alike').hidden = true; await load(); findNext(); }).then(() => { if (!byId('alike').hidden) fromTop(); }).catch((p) => notice(p.message));
  }
  if (insider) {
    findNext();
    follow(`/documents/${id}/events`, (e) => {
      if (!events.some((o) => o.seq === e.seq)) events.push(e);
      past(events);
      drawProposal();
      if (e.number > doc.version || e.kind !== 'received') freshen(id);
    });
  } else {
    byId('past').hidden = true;
  }
} catch (problem) {
  notice(problem.message);
  sheets.none('');
}
