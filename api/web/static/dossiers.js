// The dossiers of the agency: list and create.
import { byId, make, notice, onSubmit } from './dom.js';
import { call } from './api.js';
import { t, when } from './words.js';

const rows = byId('rows');
let next = '';

async function load() {
  try {
    const list = await call('GET', `/dossiers?limit=100${next ? `&cursor=${encodeURIComponent(next)}` : ''}`);
    for (const d of list.items ?? []) {
      rows.append(make('tr', {}, make('td', {}, make('a', { href: `/dossiers/${d.id}` }, d.code)), make('td', {}, d.title), make('td', { class: 'date' }, when(d.createdAt))));
    }
    next = list.next ?? '';
    byId('more').hidden = !next;
    rows.parentElement.hidden = rows.childElementCount === 0;
    byId('empty').hidden = rows.childElementCount > 0;
  } catch (problem) {
    notice(problem.message);
  }
}

byId('more').addEventListener('click', load);
onSubmit(byId('create'), async (form) => {
  const trouble = form.querySelector('.trouble');
  try {
    const made = await call('POST', '/dossiers', { code: form.elements.code.value.trim(), title: form.elements.title.value.trim() });
    location.assign(`/dossiers/${made.id}`);
  } catch (problem) {
    trouble.textContent = problem.message;
    trouble.hidden = false;
    const held = await call('GET', `/dossiers?code=${encodeURIComponent(form.elements.code.value.trim())}`).catch(() => ({}));
    if (held.items?.length) trouble.replaceChildren(t('dossiers.held'), ' ', make('a', { href: `/dossiers/${held.items[0].id}` }, held.items[0].code));
    form.elements.code.focus();
  }
});
load();
