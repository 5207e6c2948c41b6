import { createClient, type Client } from 'graphql-ws';
import { setConnection } from './connection';
import { accessToken, refresh, renewIn, watchTokens } from './tokens';

type Sink = { next: (value: never) => void; error: (error: unknown) => void; complete: () => void };
type Request = { query: string; variables?: Record<string, unknown>; operationName?: string; extensions?: Record<string, unknown> };

const RESTART = 4205;
let client: Client | null = null;
let raw: WebSocket | null = null;

const wait = (attempt: number): number => Math.min(300 * 2 ** attempt, 8_000) * (0.75 + Math.random() / 2);

function open(): Client {
  let renewal: ReturnType<typeof setTimeout> | undefined;
  const schedule = () => {
    clearTimeout(renewal);
    const left = renewIn();
    if (left !== null) renewal = setTimeout(() => void refresh().catch(() => undefined), left);
  };
  watchTokens((signedIn) => {
    if (!signedIn) return clearTimeout(renewal);
    schedule();
    // The hub ends a socket when its token ends, so a fresh token takes a fresh socket.
    if (raw?.readyState === WebSocket.OPEN) raw.close(RESTART, 'fresh token');
  });
  schedule();
  const made = createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    lazy: false,
    keepAlive: 12_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (attempt) => new Promise((resume) => setTimeout(resume, wait(attempt))),
    shouldRetry: () => true,
    onNonLazyError: () => undefined,
    connectionParams: async () => {
      const token = await accessToken().catch(() => null);
      return token ? { authorization: `Bearer ${token}` } : {};
    },
    on: {
      opened: (socket) => {
        raw = socket as WebSocket;
      },
      connected: () => setConnection('online'),
      closed: (event) => setConnection((event as CloseEvent).code === RESTART ? 'connecting' : 'lost'),
      ping: (received) => {
        // No pong within 6 seconds means a dead line that the system has not noticed yet.
        if (received) return;
        const asked = raw;
        pong = setTimeout(() => asked?.readyState === WebSocket.OPEN && asked.close(4408, 'no pong'), 6_000);
      },
      pong: (received) => received && clearTimeout(pong),
    },
  });
  return made;
}
let pong: ReturnType<typeof setTimeout> | undefined;

/** Opens the socket that carries every subscription and shows whether the hub is there. */
export function connect(): void {
  client ??= open();
}

/** Subscribes, and does so again when the hub refused the socket for an ended token. */
export function subscribe(request: Request, sink: Sink): () => void {
  let stop: () => void = () => undefined;
  let live = true;
  let refusals = 0;
  const start = () => {
    client ??= open();
    stop = client.subscribe(request, {
      next: (value) => sink.next(value as never),
      complete: () => sink.complete(),
      error: (error) => {
        const code = error instanceof CloseEvent ? error.code : 0;
        if (live && (code === 4401 || code === 4403) && refusals++ < 3) {
          client = null;
          void refresh().finally(() => live && start());
          return;
        }
        sink.error(error);
      },
    });
  };
  start();
  return () => {
    live = false;
    stop();
  };
}
