// A verdict in words, and below it what was seen.
import { make, terms } from './dom.js';
import { day, reason, say, t, when } from './words.js';

// banner is the answer: a heading, what it means, and what else has to be known.
export function banner(outcome, ...more) {
  const [heading, meaning] = say.outcome[outcome] ?? say.outcome.indeterminate;
  const sign = { passed: '✓', failed: '✕' }[outcome] ?? '?';
  return make('div', { class: `banner ${outcome}` }, make('span', { class: 'sign', 'aria-hidden': 'true' }, sign), make('div', {}, make('h2', {}, heading), make('p', {}, meaning), ...more));
}

// development is said with every verdict of a service that trusts a development authority.
export function development(yes) {
  return yes ? make('p', { class: 'trouble developing' }, t('development.verdict')) : '';
}

// ofFile shows the verdict on a file.
export function ofFile(v, name) {
  const why = v.reason && say.reason[v.reason] ? make('p', {}, reason(v.reason)) : '';
  return [
    banner(v.verdict, why), development(v.development),
    terms([t('verify.file'), name], ['SHA-256', make('code', {}, v.sha256)], [t('verify.at'), when(v.at)]),
    ...(v.signatures ?? []).map(signature), content(v), changed(v), technical(v),
  ];
}

// content says what the file holds besides what its pages show.
function content(v) {
  return v.content?.length ? make('section', { class: 'signature' }, make('h3', {}, say.label.content), make('ul', {}, ...v.content.map((c) => make('li', {}, say.content[c] ?? c)))) : '';
}

// changed shows the pages as they were when they were signed and as they are now.
function changed(v) {
  const side = (label, picture) => make('figure', {}, make('figcaption', {}, label), picture ? make('img', { src: `data:image/jpeg;base64,${picture}`, alt: label }) : make('p', { class: 'quiet' }, t('changed.none')));
  const page = (p) => make('section', { class: 'changed' }, make('h3', {}, say.label.page.replace('{n}', p.page)),
    make('div', { class: 'sides' }, side(t('changed.before'), p.before), side(t('changed.after'), p.after)));
  const left = v.pagesLeft ? make('p', { class: 'quiet' }, say.label.pagesLeft.replace('{n}', v.pagesLeft)) : '';
  return make('div', {}, ...(v.pages ?? []).map(page), left);
}

function signature(s, i) {
  const kind = say.label[s.kind === 'timestamp' ? 'timestamp' : 'signature'];
  const [heading] = say.outcome[s.verdict] ?? say.outcome.indeterminate;
  return make('section', { class: `signature ${s.verdict}` },
    make('h3', {}, `${i + 1}. ${kind} `, make('span', { class: 'outcome' }, heading)),
    terms(
      [say.label.signer, s.signer], [say.label.organization, s.organization], [say.label.issuer, s.issuer],
      [say.label.time, when(s.time) && `${when(s.time)}, ${say.timeSource[s.timeSource] ?? s.timeSource}`],
      [say.label.period, s.notBefore && `${day(s.notBefore.slice(0, 10))} – ${day(s.notAfter.slice(0, 10))}`], [say.label.standing, say.standing[s.certificateAtSigning]],
      [say.label.level, s.level], [say.label.integrity, `${say.label[s.integrity] ?? s.integrity}; ${say.changes[s.changesAfter] ?? s.changesAfter}`],
      [say.label.why, s.verdict !== 'passed' && (say.subIndication[cause(s)] ?? s.subIndication)]));
}

// cause is the sub-indication that a citizen should read: the standard has none for
// what was changed in a later revision but that the format is not right.
function cause(s) {
  return s.subIndication === 'FORMAT_FAILURE' && s.integrity === 'intact' && s.changesAfter === 'other' ? 'HASH_FAILURE' : s.subIndication;
}

function technical(v) {
  const seen = (s) => terms(
    [t('tech.field'), s.field], [t('tech.sub'), s.subIndication], [t('tech.reason'), s.reason], [t('tech.coverage'), s.coverage], [t('tech.changes'), s.changesAfter],
    [t('tech.algorithm'), [s.algorithm, s.digest].filter(Boolean).join(', ')], [t('tech.chain'), (s.chain ?? []).join(' ← ')],
    [t('tech.revocation'), (s.revocation ?? []).map((r) => `${r.certificate}: ${r.status} (${r.kind}, ${r.from}, ${when(r.thisUpdate)})`).join('; ')],
    [t('tech.warnings'), (s.warnings ?? []).join('; ')]);
  return make('details', {}, make('summary', {}, say.label.technical),
    terms([t('tech.policy'), v.policy], [t('tech.verifier'), v.verifier], [t('tech.detail'), v.detail], [t('tech.warnings'), (v.warnings ?? []).join('; ')]),
    ...(v.signatures ?? []).map((s, i) => make('div', {}, make('h4', {}, String(i + 1)), seen(s))));
}

// ofDocument shows what anybody may know of a document by its id.
export function ofDocument(p) {
  const standing = p.status === 'sealed' ? '' : make('p', { class: 'standing' }, t(`standing.${['superseded', 'withdrawn'].includes(p.status) ? p.status : 'other'}`));
  return [
    banner(p.verdict, standing), development(p.development),
    terms(
      [t('verifyid.agency'), p.agency], [say.field.typeName, p.type], [t('verifyid.number'), p.number], [say.field.issuedDate, day(p.issuedDate ?? '')],
      [say.label.level, p.level], [say.label.time, when(p.time) && `${when(p.time)}, ${say.timeSource[p.timeSource] ?? p.timeSource}`], ['SHA-256', make('code', {}, p.sha256)]),
  ];
}
