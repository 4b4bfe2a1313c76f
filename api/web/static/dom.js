// Elements, made and found.

// make returns an element with attributes and children. An attribute that is a
// function listens, one that is false or null is left out.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((c) => c !== '' && c != null && c !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

// onSubmit takes what a form says. Its button is disabled until then: sent by the browser
// itself, what was typed would be lost.
export function onSubmit(form, take) {
  form.addEventListener('submit', (e) => { e.preventDefault(); take(form); });
  form.querySelector('button:not([type])').disabled = false;
}

// notice says something at the top of the page, in a line that is read out.
export function notice(text, action) {
  const line = byId('notice');
  line.hidden = !text;
  line.replaceChildren(...(text ? [make('span', {}, text), ...(action ? [action] : [])] : []));
}

// terms is a list of facts; those without a value are left out.
export function terms(...pairs) {
  return make('dl', {}, pairs.filter(([, value]) => value).map(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]).flat());
}
