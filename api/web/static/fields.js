// The fields of a document: weakest first, each with its place on the page, corrected
// where it stands. The keyboard alone suffices.
import { byId, make } from './dom.js';
import { day, has, say, t } from './words.js';

const weak = 0.85; // confidence below which a field asks for a look

export class Fields {
  // chosen is called with a field's evidence, save with a name and a value: it
  // returns when the value is stored and throws words if it is not, crop with a
  // field's evidence: it returns a picture of that place.
  constructor(chosen, save, crop) {
    this.list = byId('fields');
    this.chosen = chosen;
    this.save = save;
    this.crop = crop;
    this.names = [];
    this.items = new Map();
    this.editable = false;
    this.pending = Promise.resolve();
    this.list.addEventListener('keydown', (e) => this.key(e));
    this.list.addEventListener('keyup', (e) => { if (e.key === ' ' && e.target.tagName === 'BUTTON') e.preventDefault(); });
  }

  // show puts up the fields. The order is made once and then stays, so that nothing
  // jumps while somebody works.
  show(fields, editable) {
    this.editable = editable;
    this.fields = fields;
    const known = [...Object.keys(fields), ...Object.keys(say.field).filter((n) => !(n in fields))];
    const order = (n) => groups.indexOf(groupOf(fields[n])) * 10 + rank(fields[n]);
    if (this.names.length === 0) this.names = known.toSorted((a, b) => order(a) - order(b));
    for (const name of known) if (!this.names.includes(name)) this.names.push(name);
    for (const name of this.names) this.draw(name);
    this.tellLeft();
  }

  // untyped are the handwritten fields that no person has typed yet.
  get untyped() { return this.names.filter((n) => this.fields[n]?.status === 'handwritten'); }

  get editing() { return this.list.querySelector('.editing') !== null; }

  draw(name) {
    const field = this.fields[name];
    const old = this.items.get(name);
    if (old?.classList.contains('editing')) return;
    const state = this.editable || stateOf(field) !== 'weak' ? stateOf(field) : 'read'; // what was decided asks for nothing
    const label = make('span', { class: 'label' }, labelOf(name));
    const value = make('span', { class: 'value' }, shown(name, field) || t(state === 'handwritten' ? 'field.type' : 'field.missing'));
    const mark = make('span', { class: 'mark' }, markOf(field, state, this.editable));
    const pick = make('button', { type: 'button', class: 'pick', focus: () => this.choose(name), click: () => this.edit(name) }, label, value, mark, both(name, field));
    const item = make('li', { class: `field ${state}`, 'data-name': name, 'data-group': groupOf(field) }, pick);
    if (state === 'handwritten') this.picture(item, field);
    if (old) {
      const focused = old.contains(document.activeElement);
      if (old.classList.contains('chosen')) {
        item.classList.add('chosen');
        this.explain(item, field);
      }
      old.replaceWith(item);
      if (focused) pick.focus();
    } else {
      this.head(groupOf(field));
      this.list.append(item);
    }
    this.items.set(name, item);
  }

  choose(name) {
    if (this.items.get(name).classList.contains('chosen')) return;
    for (const item of this.items.values()) item.classList.toggle('chosen', item.dataset.name === name);
    for (const old of this.list.querySelectorAll('.why')) old.remove();
    this.explain(this.items.get(name), this.fields[name]);
    this.chosen(this.fields[name]?.evidence);
  }

  // explain says where the chosen value comes from.
  explain(item, field) {
    const words = why(field);
    if (words) item.querySelector('.pick').after(make('p', { class: 'why' }, words));
  }

  // head begins a group of fields.
  head(group) {
    if (group && !this.list.querySelector(`[data-head="${group}"]`)) this.list.append(make('li', { class: 'grouphead', 'data-head': group }, make('h3', {}, t(`group.${group}`))));
  }

  // picture puts the picture of a field's place below it: it can be typed without
  // looking for it on the page.
  async picture(item, field) {
    const picture = await this.crop(field?.evidence).catch(() => undefined);
    if (picture && !item.querySelector('.crop')) item.querySelector('.pick').after(picture);
  }

  // go moves to the field that is by places further, and reports whether there is one.
  go(name, by) {
    const next = this.names[this.names.indexOf(name) + by];
    if (next !== undefined) this.goTo(next);
    return next !== undefined;
  }

  goTo(name) {
    this.items.get(name).querySelector('.pick').focus();
    this.items.get(name).scrollIntoView({ block: 'nearest' });
    this.choose(name); // a window in the background has no focus to give
  }

  first() { this.go(undefined, 1); }

  // look moves to the next field that asks for a look, from the top again after the
  // last, and reports whether there is one.
  look() {
    const at = this.names.indexOf(document.activeElement?.closest('.field')?.dataset.name);
    const next = [...this.names.slice(at + 1), ...this.names.slice(0, at + 1)].find((n) => asks(this.fields[n]));
    if (next !== undefined) this.goTo(next);
    return next !== undefined;
  }

  key(e) {
    const name = e.target.closest('.field')?.dataset.name;
    if (!name || e.target.tagName === 'TEXTAREA' || e.ctrlKey || e.metaKey || e.altKey) return;
    const move = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[e.key];
    if (move) this.go(name, move);
    else if (e.key === ' ' && this.editable) this.confirm(name);
    else if (e.key === 'F2' || e.key === 'e') this.edit(name);
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  // confirm says that a field is right as it stands.
  async confirm(name) {
    const value = shown(name, this.fields[name]);
    if (value && this.fields[name].status !== 'confirmed' && !(await this.store(name, value))) return;
    this.go(name, 1);
  }

  edit(name) {
    const item = this.items.get(name);
    if (!this.editable || item.classList.contains('editing')) return;
    const before = shown(name, this.fields[name]);
    const words = make('p', { class: 'trouble', role: 'alert', hidden: true });
    const input = make('textarea', { rows: 1, 'aria-label': labelOf(name), spellcheck: 'false', placeholder: dated(name) ? t('field.date') : '' });
    input.value = before;
    item.classList.add('editing');
    this.choose(name);
    item.append(input, words);
    this.picture(item, this.fields[name]);
    const grow = () => { input.style.height = 'auto'; input.style.height = `${input.scrollHeight + 2}px`; };
    const close = (focus) => {
      if (!item.classList.contains('editing')) return;
      const had = item.contains(document.activeElement);
      item.classList.remove('editing');
      this.draw(name);
      if (focus && had) this.items.get(name).querySelector('.pick').focus();
    };
    const finish = async (further) => {
      if (!item.classList.contains('editing')) return;
      const value = input.value.trim();
      const sure = further && value !== '' && this.fields[name]?.status !== 'confirmed';
      if ((value !== before || sure) && !(await this.store(name, value, words))) {
        input.setAttribute('aria-invalid', 'true');
        if (further) input.focus();
        return;
      }
      close(true);
      if (further && !this.go(name, 1)) byId('approve').focus();
    };
    input.addEventListener('input', grow);
    input.addEventListener('keydown', (e) => {
      e.stopPropagation();
      if (e.key === 'Escape') close(true);
      else if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) { e.preventDefault(); finish(true); }
    });
    input.addEventListener('blur', () => finish(false));
    grow();
    input.focus();
    input.select();
  }

  // store saves one value after the other and reports whether it is kept.
  store(name, value, words) {
    const normal = dated(name) ? iso(value) : value;
    const work = this.pending.then(() => this.save(name, normal)).then(() => true, (problem) => {
      if (words) { words.textContent = problem.message; words.hidden = false; }
      return false;
    });
    this.pending = work;
    return work;
  }

  tellLeft() {
    const left = Object.values(this.fields).filter(asks).length;
    byId('left').textContent = left && this.editable ? t('review.left', { n: left }) : '';
  }
}

const groups = ['', 'form', 'codes', 'missing']; // in this order

const groupOf = (field) => (stateOf(field) === 'missing' ? 'missing' : field.group ?? '');

// asks reports whether a field asks for a look before anybody approves it.
export const asks = (field) => ['weak', 'handwritten'].includes(stateOf(field));

const dated = (name) => /Date$/.test(name);

const labelOf = (name) => say.field[name] ?? (has(`form.${bare(name)}`) ? t(`form.${bare(name)}`) : name) + (name === bare(name) ? '' : ` ${/\d+$/.exec(name)[0]}`);

const bare = (name) => name.replace(/\d+$/, '');

// both shows that a symbol on the page says something else than its words.
function both(name, field) {
  if (!field?.also) return '';
  const other = dated(name) ? day(field.also) : field.also;
  return make('span', { class: 'also' }, t(`field.also.${field.from}`, { other }));
}

// why says where a value comes from: the place, the rule, the words as printed.
function why(field) {
  if (!field?.rule) return '';
  const at = field.evidence?.[0]?.page;
  const printed = field.value && field.normal && field.value.replaceAll('\n', ' ') !== field.normal ? t('field.printed', { words: field.value.replaceAll('\n', ' ') }) : '';
  return [at && t('field.page', { n: at }), field.rule === 'person' ? '' : t('field.rule', { rule: field.rule }), printed].filter(Boolean).join(' · ');
}

function stateOf(field) {
  if (!field || field.status === 'missing') return 'missing';
  if (field.status === 'handwritten') return 'handwritten';
  if (field.status === 'confirmed') return 'confirmed';
  return field.confidence < weak ? 'weak' : 'read';
}

// rank orders: what has to be typed, then by confidence, then what a person
// confirmed, then what is not on the paper.
function rank(field) {
  return { handwritten: -1, weak: field?.confidence, read: field?.confidence, confirmed: 2, missing: 3 }[stateOf(field)];
}

function markOf(field, state, editable) {
  if (state === 'handwritten') return t(editable ? 'field.handwritten' : 'field.byhand');
  if (state === 'confirmed') return t('field.confirmed');
  if (state === 'missing') return '';
  const percent = `${Math.round(field.confidence * 100)}%`;
  return state === 'weak' ? `${t('field.look')} · ${percent}` : percent;
}

function shown(name, field) {
  const value = field?.normal || field?.value || '';
  return dated(name) ? day(value) : value;
}

// iso turns a date as it is written in Viet Nam into ISO 8601; anything else stays
// and is refused by the service.
function iso(value) {
  const found = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(value);
  return found ? `${found[3]}-${found[2].padStart(2, '0')}-${found[1].padStart(2, '0')}` : value;
}
