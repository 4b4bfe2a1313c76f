// Calls of the service's own API, with the cookie of whoever signed in.
import { lang, reason, t } from './words.js';

const prefix = '/api/v1';

// A Problem is a refusal, with words for people.
export class Problem extends Error {
  constructor(status, body) {
    super(body?.reason && body.reason !== 'invalid' ? reason(body.reason) : [body?.title, body?.detail].filter(Boolean).join(' ') || t('trouble.network'));
    this.status = status;
    this.reason = body?.reason ?? '';
  }
}

// call asks for JSON. It throws a Problem if it is refused or nobody answers.
export async function call(method, path, body) {
  const headers = { 'Accept-Language': lang };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(prefix + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Problem(0);
  }
  if (answer.status === 401) signIn();
  const content = await answer.json().catch(() => undefined);
  if (!answer.ok) throw new Problem(answer.status, content);
  return content;
}

// signIn goes to the door, and back here afterwards.
function signIn() {
  location.assign(`/signin?next=${encodeURIComponent(location.pathname + location.search)}`);
}

// send uploads a body and tells how far it is, 0 to 1.
export function send(path, body, headers, progress) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open('POST', prefix + path);
    request.setRequestHeader('Accept-Language', lang);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', (e) => progress(e.lengthComputable ? e.loaded / e.total : 0));
    request.addEventListener('error', () => failed(new Problem(0)));
    request.addEventListener('load', () => {
      let content;
      try { content = JSON.parse(request.responseText); } catch { content = undefined; }
      if (request.status === 401) signIn();
      if (request.status >= 200 && request.status < 300) done(content);
      else failed(new Problem(request.status, content));
    });
    request.send(body);
  });
}

export const contentAddress = (id, rendition, part = 0) => `${prefix}/documents/${id}/content/${rendition}${part ? `?part=${part}` : ''}`;
export const previewAddress = (id, page) => `${prefix}/documents/${id}/pages/${page}/preview`;
