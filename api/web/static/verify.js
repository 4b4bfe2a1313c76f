// Verification of a file by anybody.
import { byId, notice, onSubmit } from './dom.js';
import { send } from './api.js';
import { receiveFiles } from './upload.js';
import { ofFile } from './verdict.js';
import { t } from './words.js';

const doing = byId('doing');
const verdict = byId('verdict');

receiveFiles(byId('drop'), byId('file'), async ([file]) => {
  if (!file) return;
  notice('');
  verdict.hidden = true;
  doing.hidden = false;
  try {
    const v = await send('/verify?pages=true', file, { 'Content-Type': 'application/pdf' }, (part) => { doing.textContent = part < 1 ? t('verify.sending', { n: Math.round(part * 100) }) : t('verify.doing'); });
    verdict.replaceChildren(...ofFile(v, file.name));
    verdict.hidden = false;
    verdict.focus();
  } catch (problem) {
    notice(problem.message);
  }
  doing.hidden = true;
});

onSubmit(byId('byid'), () => {
  const id = byId('id').value.trim().split('/').at(-1); // an address will do too
  location.assign(`/verify/${encodeURIComponent(id)}`);
});
