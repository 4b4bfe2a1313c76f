// What a person can do with a document beside correcting it.
import { byId, make } from './dom.js';
import { t } from './words.js';

const reopened = ['approved', 'awaiting-mark', 'sealed', 'rejected'];
const withdrawn = ['received', 'in-review', 'approved', 'awaiting-mark', 'sealed', 'rejected', 'set-aside'];

// actions are the buttons that fit the document's state and the person's key.
export function actions(doc, may, act) {
  const all = [];
  const noted = (what) => make('button', { type: 'button', id: what, click: async () => {
    const note = await ask(what);
    if (note) act(what, { note });
  } }, t(`${what}.do`));
  if (may.insider && doc.status === 'set-aside') all.push(make('button', { type: 'button', id: 'redrive', class: 'main', click: () => act('redrive') }, t('redrive.do')));
  if (may.decides && reopened.includes(doc.status)) all.push(noted('reopen'));
  if (may.insider && withdrawn.includes(doc.status)) all.push(make('a', { class: 'button', href: `/dossiers/${doc.dossier}?supersedes=${doc.id}` }, t('replace.do')));
  if (may.decides && withdrawn.includes(doc.status)) all.push(noted('withdraw'));
  return all;
}

// ask asks why, and returns the words or '' if the person thinks better of it. Not
// noted, it only asks whether.
export function ask(what, noted = true) {
  const dialog = byId('ask');
  byId('asked').textContent = t(`${what}.title`);
  byId('askedwhy').textContent = t(`${what}.why`);
  byId('doit').textContent = t(`${what}.do`);
  const note = byId('note');
  note.value = noted ? '' : t(`${what}.do`);
  note.required = true;
  for (const e of [note, note.previousElementSibling]) e.hidden = !noted;
  dialog.returnValue = '';
  dialog.showModal();
  (noted ? note : byId('doit')).focus();
  byId('cancel').onclick = () => dialog.close('');
  note.onkeydown = (e) => { if (e.key === 'Enter' && e.ctrlKey) byId('doit').click(); };
  return new Promise((done) => {
    dialog.addEventListener('close', () => done(dialog.returnValue === 'do' ? note.value.trim() : ''), { once: true });
  });
}
