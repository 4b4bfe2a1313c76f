// What is held already and may be the same paper.
import { make, notice } from './dom.js';
import { call } from './api.js';
import { ask } from './decide.js';
import { badge, brief } from './rows.js';
import { say, t } from './words.js';

// alike shows what may be the same paper as a document that is reviewed; used is
// called when a held one has taken its place.
export async function alike(panel, doc, used) {
  const { items } = await call('GET', `/documents/${doc.id}/alike`);
  const sure = (items ?? []).filter((one) => one.how !== 'same-text');
  const similar = (items ?? []).filter((one) => one.how === 'same-text');
  const list = (all) => make('ul', { class: 'alike' }, all.map((one) => line(one, doc, used)));
  panel.hidden = !items?.length;
  panel.classList.toggle('warn', sure.length > 0);
  panel.replaceChildren(...(sure.length ? [make('strong', {}, t('alike.title')), make('p', { class: 'quiet' }, t('alike.why')), list(sure)] : []),
    ...(similar.length ? [make('details', {}, make('summary', {}, t('alike.similar', { n: similar.length })), list(similar))] : []));
}

const line = (one, doc, used) => make('li', {},
  make('p', {}, t(`alike.${one.how}`), say.label.colon, make('a', { href: `/documents/${one.document.id}` }, one.document.name), ' ', badge(one.document)), brief(one.document),
  make('button', { type: 'button', class: 'use', click: () => use(one.document, doc, used) }, t('reuse.do')));

// use lets the held document take the place of the new scan.
async function use(held, doc, used) {
  if (!(await ask('reuse', false))) return;
  try {
    await call('POST', `/documents/${held.id}/reuse`, { dossier: doc.dossier, instead: doc.id });
    await used();
  } catch (problem) {
    notice(problem.message);
  }
}
