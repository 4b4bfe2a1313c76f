// The lines by which another system fetches and checks what is sealed.
import { make } from './dom.js';
import { t } from './words.js';

export function curl(doc) {
  const at = `${location.origin}/api/v1`;
  const sealed = doc.renditions.findLast((r) => r.kind === 'sealed');
  const lines = [
    `curl -fsS -H "Authorization: Bearer $KEY" "${at}/documents/${doc.id}/content/sealed" -o ${doc.id}.pdf`,
    `echo "${sealed.sha256}  ${doc.id}.pdf" | sha256sum --check`,
    `curl -fsS -H "Authorization: Bearer $KEY" -H 'If-None-Match: "${sealed.sha256}"' -o /dev/null -w '%{http_code}\\n' "${at}/documents/${doc.id}/content/sealed"`,
    `curl -fsS -H "Authorization: Bearer $KEY" "${at}/documents/${doc.id}/metadata"`,
    `curl -fsS "${at}/verify/${doc.id}"`,
  ];
  return make('details', { id: 'curl' }, make('summary', {}, t('curl.title')), make('p', { class: 'quiet' }, t('curl.why')),
    make('pre', { tabindex: 0 }, make('code', {}, lines.join('\n'))),
    make('button', { type: 'button', click: (e) => navigator.clipboard.writeText(lines.join('\n')).then(() => { e.target.textContent = t('curl.copied'); }) }, t('curl.copy')));
}
