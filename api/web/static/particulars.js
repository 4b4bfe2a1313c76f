// What a document says beyond its header and close, as fields that can be looked at,
// confirmed and corrected like those.

// merge adds what stands on a form and what identifies somebody to the fields.
// Whatever a person has confirmed stays as it is. Where the code of an identity card
// contradicts the form, its value stands beside the form's and not in its place.
export function merge(fields, particulars) {
  const all = { ...fields };
  const form = particulars?.formFields ?? {};
  const put = (name, field, group) => { all[name] = name in fields ? { ...fields[name], group } : { ...field, group }; };
  for (const [name, field] of Object.entries(form)) if (!(name in all)) put(name, field.other ? { ...field, from: 'words', also: field.other } : field, 'form');
  const said = new Set(Object.values(form).flatMap((f) => [f.normal, f.other]));
  for (const [kind, codes] of Object.entries(Object.groupBy(particulars?.codes ?? [], (c) => c.kind))) {
    const fresh = settle(codes).filter((c) => !said.has(c.normal) || (c.also && !said.has(c.also)));
    for (const [i, code] of fresh.entries()) put(free(kind, i, form), code, 'codes');
  }
  return all;
}

// free is a name for the code of a kind that no field of the form has.
function free(kind, i, form) {
  const n = i + (kind in form ? 2 : 1);
  return n === 1 ? kind : `${kind}${n}`;
}

// settle makes one of a code that a symbol says and another one that the words say
// in its place: a person has to choose.
function settle(codes) {
  const symbols = codes.filter((c) => c.rule?.startsWith('symbol/'));
  const words = codes.filter((c) => !c.rule?.startsWith('symbol/'));
  if (symbols.length === 1 && words.length === 1 && symbols[0].normal !== words[0].normal) return [{ ...symbols[0], from: 'symbol', also: words[0].normal }];
  return codes;
}
