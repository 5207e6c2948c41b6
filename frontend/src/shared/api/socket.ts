import { createClient, type Client } from 'graphql-ws';
import { setConnection } from './connection';
import { follow } from './stream';
import { accessToken, refresh, renewIn, watchTokens } from './tokens';

type Sink = { next: (value: never) => void; error: (error: unknown) => void; complete: () => void };
type Request = { query: string; variables?: Record<string, unknown>; operationName?: string; extensions?: Record<string, unknown> };

const RESTART = 4205;
/** So many sockets may close before one ever opened, until plain HTTP takes their place. */
const TRIES = 3;
/** Over plain HTTP: how often to look whether the hub is there. */
const BEAT = 10_000;

let client: Client | null = null;
let raw: WebSocket | null = null;
let opened = false;
let closedUnopened = 0;
/** Whether this network lets no WebSocket through, so that subscriptions are event streams. */
let blocked = false;
/** What to do with the live subscriptions when the socket is given up. */
const moves = new Set<() => void>();

const wait = (attempt: number): number => Math.min(300 * 2 ** attempt, 8_000) * (0.75 + Math.random() / 2);

/** Renews the login before its token ends, and has the socket opened afresh with the new one. */
function keepSignedIn(): void {
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
}

async function hubIsThere(): Promise<boolean> {
  try {
    return (await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

/** The socket closed before it opened, again and again: either the hub is down or the way is barred. */
async function barred(): Promise<void> {
  if (blocked || opened || !(await hubIsThere())) return;
  blocked = true;
  void client?.dispose();
  client = null;
  setConnection('online');
  for (const move of moves) move();
  setInterval(() => void hubIsThere().then((there) => setConnection(there ? 'online' : 'lost')), BEAT);
}

function open(): Client {
  return createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    lazy: false,
    keepAlive: 12_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (attempt) => new Promise((resume) => setTimeout(resume, wait(attempt))),
    shouldRetry: () => !blocked,
    onNonLazyError: () => undefined,
    connectionParams: async () => {
      const token = await accessToken().catch(() => null);
      return token ? { authorization: `Bearer ${token}` } : {};
    },
    on: {
      opened: (socket) => {
        raw = socket as WebSocket;
      },
      connected: () => {
        opened = true;
        setConnection('online');
      },
      closed: (event) => {
        if (blocked) return;
        setConnection((event as CloseEvent).code === RESTART ? 'connecting' : 'lost');
        closedUnopened += 1;
        if (!opened && closedUnopened >= TRIES) void barred();
      },
      ping: (received) => {
        // No pong within 6 seconds means a dead line that the system has not noticed yet.
        if (received) return;
        const asked = raw;
        pong = setTimeout(() => asked?.readyState === WebSocket.OPEN && asked.close(4408, 'no pong'), 6_000);
      },
      pong: (received) => received && clearTimeout(pong),
    },
  });
}
let pong: ReturnType<typeof setTimeout> | undefined;
let kept = false;

/** Opens the socket that carries every subscription and shows whether the hub is there. */
export function connect(): void {
  if (!kept) keepSignedIn();
  kept = true;
  if (!blocked) client ??= open();
}

/** Subscribes: by the socket, or by an event stream where none gets through. */
export function subscribe(request: Request, sink: Sink): () => void {
  let stop: () => void = () => undefined;
  let live = true;
  let refusals = 0;
  const end = () => {
    live = false;
    moves.delete(start);
  };
  const start = () => {
    if (!live) return;
    if (blocked) {
      stop = follow(request, sink);
      return;
    }
    client ??= open();
    stop = client.subscribe(request, {
      next: (value) => live && sink.next(value as never),
      complete: () => {
        // A socket that is given up completes its subscriptions; they go on as streams.
        if (!live || blocked) return;
        end();
        sink.complete();
      },
      error: (error) => {
        if (!live || blocked) return;
        const code = error instanceof CloseEvent ? error.code : 0;
        // The hub refused the socket for an ended token.
        if ((code === 4401 || code === 4403) && refusals++ < 3) {
          client = null;
          void refresh().finally(start);
          return;
        }
        end();
        sink.error(error);
      },
    });
  };
  moves.add(start);
  start();
  return () => {
    end();
    stop();
  };
}
