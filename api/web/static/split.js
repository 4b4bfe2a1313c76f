// A file in which several papers were scanned: what is proposed, and what a person
// decides.
import { byId, make } from './dom.js';
import { call } from './api.js';
import { day, t } from './words.js';

// proposed are the spans of pages that look like papers of their own: attachments
// stay with what they are attached to.
export function proposed(doc, particulars) {
  const begins = (particulars?.parts ?? []).filter((p) => p.kind === 'document');
  return begins.length && begins[0].from > 1 ? spans(begins.map((p) => p.from), doc.pages) : [];
}

// spans are the runs of pages that begin on page 1 and on the given ones.
function spans(begins, pages) {
  const from = [1, ...begins];
  return from.map((first, i) => ({ from: first, to: (from[i + 1] ?? pages + 1) - 1 }));
}

// proposal shows what was found in the file.
export function proposal(doc, fields, particulars, decide) {
  const documents = proposed(doc, particulars);
  const name = (f) => [[f?.typeName?.normal, [f?.codeNumber?.normal, f?.codeNotation?.normal].filter(Boolean).join('/')].filter(Boolean).join(' '), day(f?.issuedDate?.normal ?? '')].filter(Boolean).join(' · ');
  const own = (s, i) => (i === 0 ? fields : particulars.parts.find((p) => p.kind === 'document' && p.from === s.from).fields);
  return make('div', { class: 'panel warn', id: 'proposal' },
    make('strong', {}, t('split.proposed', { n: documents.length })),
    make('ol', {}, documents.map((s, i) => make('li', {}, make('a', { href: '#sheets', class: 'topage', 'data-page': s.from }, pagesOf(s)), ` ${name(own(s, i))}`))),
    make('div', { class: 'line' },
      make('button', { type: 'button', class: 'main', id: 'split', click: () => decide(documents) }, t('split.accept', { n: documents.length })),
      make('button', { type: 'button', id: 'whole', click: () => decide([]) }, t('split.whole'))),
    make('p', { class: 'quiet' }, t('split.why')));
}

const pagesOf = (s) => (s.from === s.to ? t('split.page', { n: s.from }) : t('split.pages', { from: s.from, to: s.to }));

// ask asks on which pages new documents begin, and returns the spans, or nothing.
export function ask(doc, begins) {
  const dialog = byId('cut');
  const input = byId('begins');
  const words = byId('cutwrong');
  input.value = begins.join(', ');
  words.hidden = true;
  dialog.returnValue = '';
  dialog.showModal();
  input.focus();
  byId('nocut').onclick = () => dialog.close('');
  byId('docut').onclick = (e) => {
    words.hidden = asked(input.value, doc.pages) !== undefined;
    if (!words.hidden) e.preventDefault();
  };
  return new Promise((done) => {
    dialog.addEventListener('close', () => done(dialog.returnValue === 'do' ? asked(input.value, doc.pages) : undefined), { once: true });
  });
}

// asked are the spans that somebody typed, undefined if they are none.
function asked(text, pages) {
  const begins = text.split(/[\s,;]+/).filter(Boolean).map(Number);
  const right = begins.length && begins.every((n, i) => Number.isInteger(n) && n > (begins[i - 1] ?? 1) && n <= pages);
  return right ? spans(begins, pages) : undefined;
}

// split has the service do it; no spans: the document stays one.
export const split = (doc, documents) => call('POST', `/documents/${doc.id}/split`, { version: doc.version, documents });
