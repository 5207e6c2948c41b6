/** Subscriptions as event streams over plain HTTP, for networks that let no WebSocket through. */
import { setConnection } from './connection';
import { hubFetch } from './fetch';

type Sink = { next: (value: never) => void; error: (error: unknown) => void; complete: () => void };

/** Cuts a stream's text into events, whatever pieces it comes in. */
export function eventReader(tell: (event: string, data: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    rest = (rest + chunk).replaceAll('\r\n', '\n');
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      const block = rest.slice(0, end);
      rest = rest.slice(end + 2);
      let event = 'message';
      const data: string[] = [];
      for (const line of block.split('\n')) {
        if (line.startsWith('event:')) event = line.slice(6).trim();
        else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
      }
      if (event !== 'message' || data.length) tell(event, data.join('\n'));
    }
  };
}

const wait = (attempt: number): number => Math.min(400 * 2 ** attempt, 8_000) * (0.75 + Math.random() / 2);

/** Follows a subscription; a stream that breaks off is opened again, and begins with how things stand. */
export function follow(request: object, sink: Sink): () => void {
  const stop = new AbortController();
  const run = async () => {
    for (let attempt = 0; !stop.signal.aborted; attempt += 1) {
      try {
        const response = await hubFetch('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
          body: JSON.stringify(request),
          signal: stop.signal,
        });
        if (!response.headers.get('content-type')?.includes('event-stream')) {
          // A refusal, for instance of a document that the hub does not know, is an answer as well.
          sink.next((await response.json()) as never);
          return sink.complete();
        }
        setConnection('online');
        const state = { over: false };
        const read = eventReader((event, data) => {
          if (event === 'next') {
            attempt = 0;
            sink.next(JSON.parse(data) as never);
          } else if (event === 'complete') state.over = true;
        });
        const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
        for (let part = await reader?.read(); part && !part.done && !state.over; part = await reader?.read()) read(part.value);
        if (state.over) return sink.complete();
      } catch {
        if (stop.signal.aborted) return;
        setConnection('lost');
      }
      await new Promise((resume) => setTimeout(resume, wait(attempt)));
    }
  };
  void run();
  return () => stop.abort();
}
