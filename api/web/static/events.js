// Events of the service as they happen. The browser's own EventSource gives up on
// an answer that is an error; this one asks again until the page is left.

const longest = 15000; // milliseconds between two tries

// follow calls heard with each event, and opened whenever the line is open (again):
// what was missed meanwhile is sent first, if any event was heard before.
export async function follow(path, heard, opened = () => {}) {
  let last = '';
  let wait = 500;
  for (;;) {
    try {
      const answer = await fetch(`/api/v1${path}`, { headers: last ? { 'Last-Event-ID': last } : {}, cache: 'no-store' });
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) return;
      if (answer.ok) {
        wait = 500;
        opened();
        for await (const event of parts(answer.body)) {
          if (event.id) last = event.id;
          if (event.data) heard(JSON.parse(event.data));
        }
      }
    } catch {
      // the line is cut: ask again below
    }
    await new Promise((done) => setTimeout(done, wait));
    wait = Math.min(wait * 2, longest);
  }
}

// parts reads a stream of server-sent events, one line of data each.
async function* parts(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let held = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    held += value;
    let end;
    while ((end = held.indexOf('\n\n')) >= 0) {
      const event = {};
      for (const line of held.slice(0, end).split('\n')) {
        const colon = line.indexOf(': ');
        if (colon > 0) event[line.slice(0, colon)] = line.slice(colon + 2);
      }
      held = held.slice(end + 2);
      yield event;
    }
  }
}
