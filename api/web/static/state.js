// Where a document stands, in words; its files; what happened to it.
import { byId, make, terms } from './dom.js';
import { contentAddress } from './api.js';
import { bytes, reason, say, t, when } from './words.js';

// statePanel says what a state means for whoever looks at it now.
export function statePanel(doc, events, warnings) {
  const panel = (kind, ...content) => [make('div', { class: `panel ${kind}` }, ...content)];
  const words = (key) => make('p', {}, t(key));
  switch (doc.status) {
    case 'received': return panel('busy', words('state.received'));
    case 'in-review': return quality(warnings, doc);
    case 'approved': return doc.reason ? panel('bad', words('state.keyfailed'), make('p', {}, reason(doc.reason))) : panel('busy', words('state.approved'));
    case 'sealing': return panel('busy', words('state.sealing'));
    case 'sealed': return panel('seal', ...seal(doc, events));
    case 'rejected': return panel('bad', words('state.rejected'), make('p', { class: 'note' }, doc.note));
    case 'set-aside': return panel('bad', make('strong', {}, say.status['set-aside']), make('p', {}, reason(doc.reason)), words('state.kept'));
    case 'superseded': return doc.splitInto?.length
      ? panel('warn', words('state.split'), make('ol', {}, doc.splitInto.map((part, i) => make('li', {}, make('a', { href: `/documents/${part}`, class: 'part' }, `${doc.name}-${i + 1}`)))))
      : panel('warn', words(events.some((e) => e.kind === 'held-used') ? 'state.held' : 'state.superseded'), make('p', {}, make('a', { href: `/documents/${doc.supersededBy}` }, t('state.newer'))));
    case 'withdrawn': return panel('bad', words('state.withdrawn'), make('p', { class: 'note' }, doc.note));
  }
  return [];
}

const slight = ['not-colour']; // may be meant

// quality says what a clerk should know of the scan: what makes it worth scanning
// again comes first and with the way to do so.
function quality(warnings, doc) {
  const pages = new Map();
  for (const w of warnings) pages.set(w.code, [...(pages.get(w.code) ?? []), w.page]);
  const codes = [...pages.keys()].toSorted((a, b) => slight.includes(a) - slight.includes(b));
  if (!codes.length) return [];
  const bad = codes.some((c) => !slight.includes(c));
  return [make('div', { class: `panel ${bad ? 'bad' : 'warn'}`, id: 'quality' }, make('strong', {}, t(bad ? 'state.scanagain' : 'state.quality')),
    make('ul', {}, codes.map((code) => make('li', {}, t('state.onpage', { n: runs(pages.get(code)), words: say.quality[code] ?? code })))),
    bad ? make('p', {}, make('a', { class: 'button', href: `/dossiers/${doc.dossier}?supersedes=${doc.id}` }, t('replace.do'))) : '')];
}

// runs writes 1, 2, 3, 5 as 1–3, 5.
function runs(pages) {
  const all = [];
  for (const n of pages) {
    if (all.length && all.at(-1)[1] === n - 1) all.at(-1)[1] = n;
    else all.push([n, n]);
  }
  return all.map(([a, b]) => (a === b ? a : `${a}–${b}`)).join(', ');
}

function seal(doc, events) {
  const sealed = doc.renditions.findLast((r) => r.kind === 'sealed');
  const at = events.findLast((e) => e.to === 'sealed' && e.from === 'sealing')?.at ?? sealed?.createdAt;
  return [
    make('div', { class: 'sealhead' }, make('img', { src: '/static/icon.svg', alt: '', width: 36, height: 36 }), make('div', {}, make('strong', {}, t('seal.title', { level: doc.level })), make('p', { class: 'quiet' }, when(at)))),
    document.body.dataset.development === 'true' ? make('p', { class: 'trouble' }, t('development.seal')) : '',
    make('div', { class: 'line' }, make('a', { id: 'sealedfile', class: 'button main', href: contentAddress(doc.id, 'sealed'), download: '' }, t('seal.download')), make('a', { id: 'publicpage', class: 'button', href: `/verify/${doc.id}` }, t('seal.verify'))),
    terms(['SHA-256', make('code', {}, sealed?.sha256 ?? '')]),
  ];
}

// files are the renditions that can be fetched, the newest of each.
export function files(doc) {
  const newest = new Map();
  for (const r of doc.renditions) if (['original', 'archival', 'sealed'].includes(r.kind)) newest.set(`${r.kind}/${r.part ?? 0}`, r);
  const rows = [...newest.values()].map((r) => make('li', {},
    make('a', { href: contentAddress(doc.id, r.kind, r.part), download: '' }, t(`file.${r.kind}`) + (r.kind === 'original' && r.name ? say.label.colon + r.name : '')),
    make('span', { class: 'quiet' }, ` ${bytes(r.bytes)}`)));
  return rows.length ? [make('h2', {}, t('review.files')), make('ul', { class: 'plainlist' }, rows)] : [];
}

// past shows the events, newest first.
export function past(events) {
  byId('history').replaceChildren(...events.toSorted((a, b) => b.seq - a.seq).map((e) => make('li', {},
    make('time', { datetime: e.at }, when(e.at)), make('span', {}, what(e), make('span', { class: 'quiet' }, ` · ${who(e.actor)}`),
      e.reason ? make('p', { class: 'quiet' }, reason(e.reason)) : '', e.note ? make('p', { class: 'note' }, e.note) : ''))));
}

function what(e) {
  const key = `event.${e.kind}`;
  const named = t(key);
  if (e.kind === 'advanced' || named === key) return say.status[e.to] ?? e.kind;
  return named;
}

function who(actor) {
  const [kind, id] = actor.split(':');
  return kind === 'key' ? t('actor.key', { id }) : t(`actor.${kind}`);
}
