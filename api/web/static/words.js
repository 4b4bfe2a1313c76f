// The words of the page's language: those of the screens, and those for codes.
export const lang = document.documentElement.lang;
const all = await (await fetch(`/words/${lang}.json`)).json();
export const say = all.say;

// t says a key of the screens; {name} in the words is replaced.
export function t(key, values = {}) {
  return (all.screen[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// has reports whether there are words for a key.
export const has = (key) => key in all.screen;

// reason says what happened and what to do next.
export function reason(code) {
  return (say.reason[code] ?? say.reason.internal).join(' ');
}

const place = { vi: 'vi-VN', en: 'en-GB', fr: 'fr-FR' }[lang];
const clock = new Intl.DateTimeFormat(place, { timeZone: 'Asia/Ho_Chi_Minh', day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' });

// when says a time as clocks in Viet Nam show it.
export function when(stamp) {
  if (!stamp || stamp.startsWith('0001')) return '';
  const part = Object.fromEntries(clock.formatToParts(new Date(stamp)).map((p) => [p.type, p.value]));
  return `${part.day}/${part.month}/${part.year} ${part.hour}:${part.minute}:${part.second}`;
}

// day says a date of ISO 8601 as it is written in Viet Nam.
export function day(iso) {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(iso);
  return found ? `${found[3]}/${found[2]}/${found[1]}` : iso;
}

// bytes says a size.
export function bytes(n) {
  const number = (v) => v.toLocaleString(place, { maximumFractionDigits: 1 });
  return n < 1 << 20 ? `${number(n / 1024)} KiB` : `${number(n / (1 << 20))} MiB`;
}
