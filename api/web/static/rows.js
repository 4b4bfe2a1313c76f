// The table of documents, kept up to date by events.
import { byId, make } from './dom.js';
import { call } from './api.js';
import { day, reason, say, when } from './words.js';

// badge says where a document stands.
export function badge(d) {
  const level = d.status === 'sealed' && d.level ? ` ${d.level}` : '';
  return make('span', { class: `badge ${d.status}` }, (say.status[d.status] ?? d.status) + level);
}

// brief says in a line what a document is, by its fields.
export function brief(d) {
  const b = d.brief ?? {};
  const head = [[b.type, b.number].filter(Boolean).join(' '), day(b.issuedDate ?? ''), b.organ].filter(Boolean).join(' · ');
  return [head && make('p', { class: 'brief' }, head), b.subject && make('p', { class: 'brief quiet' }, b.subject)].filter(Boolean);
}

// A Rows is the table with id rows, its empty words and its button for more.
export class Rows {
  constructor() {
    this.body = byId('rows');
    this.held = new Map();
    this.changed = () => {};
  }

  // fill shows a page of a list: a new one, or more of the same.
  fill(list, more) {
    if (!more) {
      this.held.clear();
      this.body.replaceChildren();
    }
    for (const d of list.items ?? []) this.put(d);
    this.settle();
  }

  put(d, first = false) {
    const row = make('tr', {},
      make('td', {}, make('a', { href: `/documents/${d.id}` }, d.name), brief(d), this.note(d)),
      make('td', {}, badge(d)), make('td', { class: 'count' }, d.pages ? String(d.pages) : ''), make('td', { class: 'date' }, when(d.updatedAt)));
    const old = this.held.get(d.id);
    if (old) old.row.replaceWith(row);
    else if (first) this.body.prepend(row);
    else this.body.append(row);
    this.held.set(d.id, { row, document: d });
  }

  note(d) {
    const text = d.reason ? reason(d.reason) : d.note;
    return text ? make('p', { class: d.status === 'set-aside' ? 'trouble' : 'quiet' }, text) : '';
  }

  // freshen reads a document again, if it is here or belongs here.
  async freshen(id, belongs = () => false) {
    try {
      const d = await call('GET', `/documents/${id}`);
      if (this.held.has(id) || belongs(d)) this.put(d, true);
    } catch (problem) {
      if (problem.status !== 404) throw problem;
    }
    this.settle();
  }

  settle() {
    const none = this.held.size === 0;
    this.body.parentElement.hidden = none;
    byId('empty').hidden = !none;
    this.changed([...this.held.values()].map((h) => h.document));
  }
}

// gather calls work with all ids that came within a moment, again and again while
// more come, and never twice at a time.
export function gather(work) {
  const waiting = new Set();
  let busy = false;
  return async (id) => {
    waiting.add(id);
    if (busy) return;
    busy = true;
    while (waiting.size) {
      await new Promise((done) => setTimeout(done, 200));
      const ids = [...waiting];
      waiting.clear();
      await work(ids);
    }
    busy = false;
  };
}
