// Many documents at once: dropped or chosen, each a document of its own or all one
// document in an order that a person gives, with the pages counted.
import { byId, make } from './dom.js';
import { send } from './api.js';
import { bytes, t } from './words.js';

const atOnce = 3;
const hashed = 64 << 20; // bytes up to which a file is hashed here before it is sent

export class Uploads {
  constructor(dossier, supersedes) {
    this.dossier = dossier;
    this.supersedes = supersedes;
    this.all = [];
    this.staged = [];
    this.accepted = () => {};
    if (supersedes) document.querySelector('input[value="join"]').checked = true;
    document.querySelector('.modes').hidden = supersedes !== '';
    receiveFiles(byId('drop'), byId('files'), (files) => this.take(files));
    byId('joining').addEventListener('submit', (e) => { e.preventDefault(); this.join(); });
    byId('clear').addEventListener('click', () => { this.staged = []; this.drawStaged(); });
    byId('again').addEventListener('click', () => { for (const u of this.all) if (u.state === 'failed') u.state = 'waiting'; this.pump(); });
    addEventListener('beforeunload', (e) => { if (this.all.some((u) => u.state === 'waiting' || u.state === 'sending')) e.preventDefault(); });
  }

  take(files) {
    if (document.querySelector('input[value="join"]').checked) {
      this.staged.push(...files);
      this.drawStaged();
      return;
    }
    for (const file of files) this.add(file.name, file.size, `?name=${encodeURIComponent(file.name)}`, file);
  }

  // join sends what is staged as one document.
  join() {
    const form = new FormData();
    for (const file of this.staged) form.append('file', file, file.name);
    const size = this.staged.reduce((sum, f) => sum + f.size, 0);
    this.add(t('join.name', { name: this.staged[0].name, n: this.staged.length }), size, `?pages=${Number(byId('pages').value)}`, form);
    this.staged = [];
    byId('pages').value = '';
    this.drawStaged();
  }

  drawStaged() {
    byId('joining').hidden = this.staged.length === 0;
    const move = (i, by) => {
      const [file] = this.staged.splice(i, 1);
      if (by) this.staged.splice(i + by, 0, file);
      this.drawStaged();
      byId('joined').querySelectorAll('li')[Math.max(0, i + by)]?.querySelector(by > 0 ? '.down' : '.up')?.focus();
    };
    byId('joined').replaceChildren(...this.staged.map((file, i) => make('li', {},
      make('span', { class: 'name' }, file.name), make('span', { class: 'quiet' }, bytes(file.size)),
      make('button', { type: 'button', class: 'up', 'aria-label': t('join.up', { name: file.name }), disabled: i === 0, click: () => move(i, -1) }, '↑'),
      make('button', { type: 'button', class: 'down', 'aria-label': t('join.down', { name: file.name }), disabled: i === this.staged.length - 1, click: () => move(i, 1) }, '↓'),
      make('button', { type: 'button', 'aria-label': t('join.remove', { name: file.name }), click: () => move(i, 0) }, '×'))));
  }

  add(name, size, query, body) {
    const u = { name, query, body, state: 'waiting', key: randomKey() };
    u.bar = make('progress', { max: 1, value: 0, 'aria-label': name });
    u.words = make('span', { class: 'words' }, t('upload.waiting'));
    u.button = make('button', { type: 'button', hidden: true, click: () => { u.state = 'waiting'; this.pump(); } }, t('upload.retry'));
    u.line = make('li', {}, make('span', { class: 'name' }, name), make('span', { class: 'quiet' }, bytes(size)), u.bar, u.words, u.button);
    if (this.supersedes) u.query += `&supersedes=${this.supersedes}`;
    byId('uploads').append(u.line);
    byId('sending').hidden = false;
    this.all.push(u);
    this.pump();
  }

  pump() {
    for (const u of this.all) {
      if (this.all.filter((o) => o.state === 'sending').length >= atOnce) break;
      if (u.state === 'waiting') this.start(u);
    }
    this.summarise();
  }

  async start(u) {
    u.state = 'sending';
    u.line.className = '';
    u.button.hidden = true;
    u.words.textContent = t('upload.sending');
    try {
      const headers = { 'Idempotency-Key': u.key }; // a second try of the same is answered as the first
      if (u.body instanceof File) {
        headers['Content-Type'] = 'application/octet-stream';
        const digest = await sha256(u.body);
        if (digest) headers['X-Content-SHA256'] = digest;
      }
      const receipt = await send(`/dossiers/${this.dossier}/documents${u.query}`, u.body, headers, (part) => { u.bar.value = part; });
      u.state = 'done';
      u.bar.value = 1;
      u.line.className = 'done';
      u.words.replaceChildren(make('a', { href: `/documents/${receipt.document}` }, t(receipt.duplicate ? 'upload.held' : 'upload.accepted')));
      u.body = null;
      this.accepted(receipt);
    } catch (problem) {
      u.state = 'failed';
      u.line.className = 'failed';
      u.words.textContent = problem.message;
      u.button.hidden = false;
    }
    this.pump();
  }

  summarise() {
    const count = (state) => this.all.filter((u) => u.state === state).length;
    byId('summary').textContent = t('upload.summary', { done: count('done'), all: this.all.length, failed: count('failed') });
    byId('again').hidden = count('failed') < 2;
  }
}

// receiveFiles calls take with the files that are dropped on an element or chosen.
export function receiveFiles(drop, input, take) {
  const chosen = () => { if (input.files.length) take([...input.files]); input.value = ''; };
  input.addEventListener('change', chosen);
  queueMicrotask(chosen); // what was chosen before this script was there
  for (const kind of ['dragenter', 'dragover']) drop.addEventListener(kind, (e) => { e.preventDefault(); drop.classList.add('over'); });
  for (const kind of ['dragleave', 'drop']) drop.addEventListener(kind, () => drop.classList.remove('over'));
  drop.addEventListener('drop', (e) => { e.preventDefault(); take([...e.dataTransfer.files]); });
  for (const kind of ['dragover', 'drop']) addEventListener(kind, (e) => e.preventDefault()); // a miss must not leave the page
}

// sha256 of a file, '' where the browser cannot (no TLS) or the file is too large.
async function sha256(file) {
  if (!globalThis.crypto?.subtle || file.size > hashed) return '';
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('');
}

function randomKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}
