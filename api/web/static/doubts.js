// The words that may be wrong: which to look at to see nearly all that are, and what
// a rule would read instead. Nothing is changed but by a person.
import { byId, make } from './dom.js';
import { t } from './words.js';

const sure = 0.95; // below this stand nineteen in twenty of the words that are wrong (docs/performance.md)
const most = 200; // that are listed

const percent = (share) => `${Math.round(100 * share)}%`;

// bare is a word without its marks; nothing is left of a dash.
const bare = (word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');

export class Doubts {
  // correct is called with the values of fields in which a suggestion was taken over.
  constructor(sheets, correct) {
    this.sheets = sheets;
    this.correct = correct;
    this.all = [];
    this.at = -1;
  }

  // show lists the doubtful words of the pages; fields are those that a suggestion can
  // be taken over in, none if nobody may.
  show(pages, fields) {
    this.fields = fields;
    const words = pages.flatMap((p) => (p.source === 'text' ? [] : (p.lines ?? []).flatMap((l) => l.words.filter((w) => !w.rejected).map((w) => ({ ...w, page: p.number })))));
    this.all = words.filter((w) => w.engine && bare(w.text) && (w.confidence < sure || w.suggestion));
    const weakest = pages.filter((p) => p.weakest).toSorted((a, b) => a.weakest.confidence - b.weakest.confidence)[0];
    byId('doubtsbox').hidden = words.length === 0 || !words.some((w) => w.engine);
    byId('doubtshead').textContent = t('doubts.head', { n: this.all.length, all: words.length, share: percent(this.all.length / Math.max(1, words.length)) });
    byId('doubts').replaceChildren(
      ...(this.all.length ? [make('p', { class: 'quiet' }, t('doubts.keys'))] : []),
      ...(weakest ? [make('p', {}, make('button', { type: 'button', class: 'plain', click: () => this.sheets.point([{ page: weakest.number, box: weakest.weakest.box }]) },
        t('doubts.weakest', { page: weakest.number, place: t(`place.${weakest.weakest.name}`), share: percent(weakest.weakest.confidence) })))] : []),
      make('ol', { class: 'doubts' }, this.all.slice(0, most).map((w, i) => this.line(w, i))));
    this.at = Math.min(this.at, this.all.length - 1);
  }

  line(word, i) {
    const perhaps = word.suggestion ? make('span', { class: 'perhaps', title: t('field.rule', { rule: word.suggestion.rule }) }, t('doubts.perhaps', { word: word.suggestion.text })) : '';
    const use = this.holder(word) ? make('button', { type: 'button', class: 'use', click: () => this.take(i) }, t('doubts.use')) : '';
    return make('li', { 'data-doubt': i }, make('button', { type: 'button', class: 'plain', click: () => this.look(i) }, word.text), ' ', make('span', { class: 'quiet' }, percent(word.confidence)), ' ', perhaps, ' ', use);
  }

  // holder is the name of the field in which a word with a suggestion stands.
  holder(word) {
    if (!word.suggestion) return undefined;
    const [x, y] = [(word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2];
    const within = ({ page, box }) => page === word.page && x >= box[0] && x < box[2] && y >= box[1] && y < box[3];
    return Object.keys(this.fields).find((name) => {
      const field = this.fields[name];
      return field.evidence?.some(within) && (field.normal || field.value).split(/\s+/).some((w) => bare(w) === bare(word.text));
    });
  }

  look(i) {
    this.at = i;
    for (const line of byId('doubts').querySelectorAll('[data-doubt]')) line.classList.toggle('chosen', Number(line.dataset.doubt) === i);
    byId('doubts').querySelector(`[data-doubt="${i}"]`)?.scrollIntoView({ block: 'nearest' });
    this.sheets.point([{ page: this.all[i].page, box: this.all[i].box }]);
  }

  // next goes to the next doubtful word, after the last to the first.
  next() {
    if (this.all.length === 0) return;
    byId('doubtsbox').open = true;
    this.look((this.at + 1) % Math.min(most, this.all.length));
  }

  // take puts the suggestion for a word, that looked at if none is given, into the
  // field in which it stands.
  take(i = this.at) {
    const word = this.all[i];
    const name = word && this.holder(word);
    if (!name) return;
    const value = this.fields[name].normal || this.fields[name].value;
    this.correct({ [name]: value.split(/(\s+)/).map((w) => (bare(w) === bare(word.text) ? w.replace(bare(w), bare(word.suggestion.text)) : w)).join('') });
  }
}
