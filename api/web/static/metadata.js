// The document's metadata by the names, codes and forms of the law: what the fields
// give, what is missing, and what stands on no paper and is given here.
import { byId, make } from './dom.js';
import { has, t } from './words.js';

const lists = { maintenance: 7, mode: 3, riskRecovery: ['0', '1'], riskRecoveryStatus: 2 };
const given = ['docCode', 'docId', 'maintenance', 'mode', 'riskRecovery', 'riskRecoveryStatus', 'keyword', 'description'];
const often = ['maintenance', 'mode', 'riskRecovery']; // mostly the same for a whole day's work
const last = 'sohoa.metadata';

// metadata draws the elements. save is called with values by element.
export function metadata(described, editable, save) {
  const { archive, flaws } = described.metadata;
  const flawed = new Map((flaws ?? []).map((f) => [f.element, f.why]));
  const own = (flaws ?? []).filter((f) => has(`element.${f.element}`)).length;
  byId('metadatahead').textContent = t('metadata.title') + (own ? ` · ${t('metadata.left', { n: own })}` : '');
  const names = [...new Set([...Object.keys(archive), ...flawed.keys(), ...(editable ? given : [])])].filter((n) => has(`element.${n}`));
  const typed = (name) => editable && given.includes(name);
  const rows = names.flatMap((name) => [
    make('dt', {}, typed(name) ? make('label', { for: `m-${name}` }, t(`element.${name}`)) : t(`element.${name}`)),
    make('dd', {}, typed(name) ? input(name, archive[name], save) : said(name, archive[name]),
      flawed.has(name) ? make('span', { class: 'trouble' }, ` ${t(`flaw.${flawed.get(name)}`)}`) : ''),
  ]);
  byId('metadata').replaceChildren(again(flawed, editable, save), make('dl', {}, rows));
}

// again offers what was given last time.
function again(flawed, editable, save) {
  const held = JSON.parse(localStorage.getItem(last) ?? '{}');
  const values = Object.fromEntries(often.filter((n) => flawed.has(n) && held[n]).map((n) => [n, held[n]]));
  if (!editable || !Object.keys(values).length) return '';
  return make('button', { type: 'button', id: 'aslast', click: () => save(values) }, t('metadata.aslast'));
}

function input(name, value = '', save) {
  const change = (e) => {
    const typed = e.target.value.trim();
    if (often.includes(name) && typed) localStorage.setItem(last, JSON.stringify({ ...JSON.parse(localStorage.getItem(last) ?? '{}'), [name]: typed }));
    save({ [name]: typed });
  };
  const codes = lists[name];
  if (!codes) return make('input', { id: `m-${name}`, value, maxlength: 500, change });
  const all = Array.isArray(codes) ? codes : Array.from({ length: codes }, (_, i) => String(i + 1).padStart(2, '0'));
  return make('select', { id: `m-${name}`, change }, make('option', { value: '' }, '—'), all.map((c) => make('option', { value: c, selected: c === value }, t(`code.${name}-${c}`))));
}

const said = (name, value = '') => (has(`code.${name}-${value}`) ? `${value} · ${t(`code.${name}-${value}`)}` : value);
