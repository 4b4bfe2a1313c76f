// The person's own mark: what is signed at her desk goes out, and her signature comes
// back, as the whole PDF or as a value that a token made.
import { make, notice } from './dom.js';
import { call, contentAddress, send } from './api.js';
import { reason, t } from './words.js';

let byValueOpen = false; // as it was left, for the panel is made anew with each answer

// markPanel shows how to mark a document that waits for it; sent is called when
// something was sent.
export function markPanel(doc, insider, sent) {
  const mark = doc.mark ?? {};
  const answered = mark.signature || mark.cms || mark.returned;
  const ready = doc.renditions.some((r) => r.kind === 'to-mark');
  const tell = (work) => async (...given) => {
    notice('');
    try {
      await work(...given);
      await sent();
    } catch (problem) {
      notice(problem.message);
    }
  };
  return make('div', { class: 'panel mark', id: 'mark' },
    make('strong', {}, t('state.awaiting')),
    doc.reason ? make('p', { class: 'trouble', role: 'alert' }, `${t('mark.refused')} ${reason(doc.reason)}`) : '',
    answered ? make('p', { class: 'doing', role: 'status' }, t('mark.checking')) : '',
    !insider || answered ? '' : !ready ? make('p', { class: 'doing' }, t('mark.preparing')) : [byDocument(doc, tell), byValue(doc, mark, tell)]);
}

function byDocument(doc, tell) {
  return make('ol', { class: 'steps' },
    make('li', {}, make('a', { id: 'tomark', class: 'button', href: contentAddress(doc.id, 'to-mark'), download: '' }, t('mark.fetch'))),
    make('li', {}, t('mark.sign')),
    make('li', {}, chooser('signedpdf', 'application/pdf,.pdf', t('mark.return'), tell(([file]) => send(`/documents/${doc.id}/mark`, file, { 'Content-Type': 'application/octet-stream' }, () => {})))));
}

// byValue is for a program that signs a digest and never sees the document.
function byValue(doc, mark, tell) {
  const prepare = tell(async (files) => call('POST', `/documents/${doc.id}/mark/prepare`, { certificates: (await Promise.all(files.map(certificates))).flat() }));
  const complete = tell(async ([file]) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    await call('POST', `/documents/${doc.id}/mark/complete`, { [signedData(bytes) ? 'cms' : 'signature']: base64(bytes) });
  });
  return make('details', { id: 'byvalue', open: byValueOpen || Boolean(mark.digest), toggle: (e) => { byValueOpen = e.target.open; } }, make('summary', {}, t('mark.byvalue')),
    make('ol', { class: 'steps' },
      make('li', {}, chooser('certificate', '.cer,.crt,.pem,.der', t('mark.certificate'), prepare)),
      mark.digest ? make('li', {}, make('p', {}, t('mark.digest', { hash: mark.hash ?? 'SHA-256' })), make('code', { id: 'digest' }, hex(mark.digest)),
        make('p', {}, make('a', { id: 'attributes', class: 'button', href: `data:application/octet-stream;base64,${mark.attributes}`, download: `${doc.id}.attributes` }, t('mark.attributes')))) : '',
      mark.digest ? make('li', {}, chooser('value', '*', t('mark.value'), complete)) : ''));
}

function chooser(id, accept, words, take) {
  const input = make('input', { id, type: 'file', class: 'hidden', accept, multiple: id === 'certificate', change: () => { take([...input.files]); input.value = ''; } });
  return make('span', { class: 'chooser' }, make('label', { class: 'button', for: id }, words), input);
}

// certificates are those of a file in DER or PEM, in base64.
async function certificates(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder('latin1').decode(bytes);
  const pem = [...text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END/g)].map((m) => m[1].replace(/\s/g, ''));
  return pem.length ? pem : [base64(bytes)];
}

// signedData reports whether bytes are a CMS SignedData (RFC 5652) by its type.
const signedData = (bytes) => hexOf(bytes.slice(0, 24)).includes('06092a864886f70d010702');

const base64 = (bytes) => btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''));
const hexOf = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const hex = (text) => hexOf(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
