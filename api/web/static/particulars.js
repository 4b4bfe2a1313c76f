// What a document says beyond its header and close, as fields that can be looked at,
// confirmed and corrected like those.

// merge adds what stands on a form and what identifies somebody to the fields.
// Whatever a person has confirmed stays as it is.
export function merge(fields, particulars) {
  const all = { ...fields };
  const put = (name, field, group) => { all[name] = name in fields ? { ...fields[name], group } : { ...field, group }; };
  for (const [name, field] of Object.entries(particulars?.formFields ?? {})) if (!(name in all)) put(name, field, 'form');
  const said = new Set(Object.values(particulars?.formFields ?? {}).map((f) => f.normal));
  for (const [kind, codes] of Object.entries(Object.groupBy(particulars?.codes ?? [], (c) => c.kind))) {
    const named = codes.map((c, i) => ({ ...c, name: `${kind}${i ? i + 1 : ''}` }));
    for (const { name, ...code } of settle(named)) if (code.also || !said.has(code.normal)) put(name, code, 'codes');
  }
  return all;
}

// settle makes one of a code that a symbol says and another one that the words say
// in its place: a person has to choose.
function settle(codes) {
  const symbols = codes.filter((c) => c.rule?.startsWith('symbol/'));
  const words = codes.filter((c) => !c.rule?.startsWith('symbol/'));
  if (symbols.length === 1 && words.length === 1 && symbols[0].normal !== words[0].normal) return [{ ...symbols[0], from: 'symbol', also: words[0].normal }];
  return codes;
}
