// Verification of a document of this service by its id.
import { byId, make } from './dom.js';
import { call } from './api.js';
import { ofDocument } from './verdict.js';
import { t } from './words.js';

const verdict = byId('verdict');
try {
  verdict.replaceChildren(...ofDocument(await call('GET', `/verify/${encodeURIComponent(document.body.dataset.id)}`)));
} catch (problem) {
  verdict.replaceChildren(make('p', { class: 'trouble' }, problem.status === 404 ? t('verifyid.unknown') : problem.message));
}
verdict.hidden = false;
byId('doing').hidden = true;
