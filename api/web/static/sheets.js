// The pictures of a document's pages, and the place on them that a field was read from.
import { byId, make } from './dom.js';
import { previewAddress } from './api.js';
import { t } from './words.js';

const steps = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 2.5, 3]; // of the width of the view

export class Sheets {
  constructor() {
    this.view = byId('sheets');
    this.zoom = 1;
    this.pages = [];
    byId('in').addEventListener('click', () => this.step(1));
    byId('out').addEventListener('click', () => this.step(-1));
    byId('fit').addEventListener('click', () => this.scale(1));
    this.view.addEventListener('scroll', () => this.tellPage(), { passive: true });
    this.view.addEventListener('wheel', (e) => {
      if (!e.ctrlKey) return;
      e.preventDefault();
      this.step(e.deltaY < 0 ? 1 : -1);
    }, { passive: false });
  }

  // show puts the pages up; sizes are in pixels of the scan, as boxes are.
  show(id, pages) {
    this.pages = pages;
    this.view.replaceChildren(...pages.map((p) => {
      const picture = make('img', { src: previewAddress(id, p.number), alt: t('review.page', { n: p.number, all: pages.length }), width: p.width, height: p.height, loading: p.number > 2 ? 'lazy' : 'eager', draggable: 'false' });
      return make('figure', { class: 'sheet', 'data-page': p.number }, picture, make('figcaption', {}, t('review.page', { n: p.number, all: pages.length })));
    }));
    this.tellPage();
  }

  none(words) {
    this.pages = [];
    this.view.replaceChildren(make('p', { class: 'empty' }, words));
  }

  step(by) {
    const i = by > 0 ? steps.findIndex((s) => s > this.zoom + 0.001) : steps.findLastIndex((s) => s < this.zoom - 0.001);
    if (i >= 0) this.scale(steps[i]);
  }

  scale(zoom) {
    const middle = (this.view.scrollTop + this.view.clientHeight / 2) / this.view.scrollHeight;
    this.zoom = zoom;
    this.view.style.setProperty('--zoom', String(zoom));
    byId('zoom').textContent = `${Math.round(zoom * 100)}%`;
    const marked = this.view.querySelector('.evidence');
    if (marked) this.reveal(marked, 'instant');
    else this.view.scrollTop = middle * this.view.scrollHeight - this.view.clientHeight / 2;
  }

  // toEvidence fills the view with the marked place, and shows the whole width again
  // when asked once more.
  toEvidence() {
    const mark = this.view.querySelector('.evidence');
    if (!mark || this.zoom > 1) this.scale(1);
    else this.scale(Math.max(1.5, Math.min(3, (0.8 * this.view.clientWidth * this.zoom) / mark.clientWidth)));
  }

  turnTo(page) { this.view.querySelector(`[data-page="${page}"]`)?.scrollIntoView({ block: 'start' }); }

  scroll(pages) {
    this.view.scrollBy({ top: pages * this.view.clientHeight * 0.85, behavior: 'smooth' });
  }

  // point marks the places of a field and brings the first into view.
  point(evidence) {
    for (const old of this.view.querySelectorAll('.evidence')) old.remove();
    let first;
    for (const { page, box } of evidence ?? []) {
      const facts = this.pages.find((p) => p.number === page);
      const sheet = this.view.querySelector(`[data-page="${page}"]`);
      if (!facts || !sheet) continue;
      const mark = make('div', { class: 'evidence' });
      const pad = Math.round(facts.height * 0.004);
      const percent = (v, whole) => `${Math.max(0, Math.min(100, (100 * v) / whole))}%`;
      mark.style.left = percent(box[0] - pad, facts.width);
      mark.style.top = percent(box[1] - pad, facts.height);
      mark.style.width = percent(box[2] - box[0] + 2 * pad, facts.width);
      mark.style.height = percent(box[3] - box[1] + 2 * pad, facts.height);
      sheet.append(mark);
      first ??= mark;
    }
    if (first) this.reveal(first, 'smooth');
  }

  // crop returns a picture of the place of a field with what stands beside it, nothing
  // if it has none: the words that support a handwritten number may be the print before it.
  async crop(evidence) {
    const at = evidence?.[0];
    const facts = this.pages.find((p) => p.number === at?.page);
    const picture = this.view.querySelector(`[data-page="${at?.page}"] img`);
    if (!facts || !picture) return undefined;
    picture.loading = 'eager';
    await picture.decode();
    const scale = picture.naturalWidth / facts.width;
    const [x0, y0, x1, y1] = at.box.map((v) => v * scale);
    const pad = (y1 - y0) * 0.35;
    const right = Math.min(picture.naturalWidth, Math.max(x1 + 2 * pad, x0 + 8 * (y1 - y0)));
    const canvas = make('canvas', { class: 'crop', role: 'img', 'aria-label': t('field.picture') });
    canvas.width = Math.ceil(right - x0 + 2 * pad);
    canvas.height = Math.ceil(y1 - y0 + 2 * pad);
    canvas.getContext('2d').drawImage(picture, x0 - 2 * pad, y0 - pad, canvas.width, canvas.height, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  reveal(mark, behavior) {
    const view = this.view.getBoundingClientRect();
    const place = mark.getBoundingClientRect();
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.view.scrollTo({
      top: this.view.scrollTop + place.top - view.top - (view.height - place.height) / 2.5,
      left: this.view.scrollLeft + place.left - view.left - Math.max(24, (view.width - place.width) / 2),
      behavior: calm ? 'instant' : behavior,
    });
  }

  tellPage() {
    const middle = this.view.getBoundingClientRect().top + this.view.clientHeight / 2;
    const at = [...this.view.querySelectorAll('.sheet')].findLast((s) => s.getBoundingClientRect().top <= middle) ?? this.view.querySelector('.sheet');
    byId('where').textContent = at ? t('review.page', { n: at.dataset.page, all: this.pages.length }) : '';
  }
}
