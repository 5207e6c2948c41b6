// Starts the hub's binary on a folder and a port of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;

/** A port below those that the system hands out: while a hub is down, nobody else gets it. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const attempt = () => {
      const port = 15_000 + Math.floor(Math.random() * 15_000);
      const server = createServer();
      server.once('error', attempt);
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(port)));
    };
    attempt();
  });

/** Waits until a program has said something. */
export function said(child: ChildProcess, what: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`the hub did not start:\n${text}`)), 60_000);
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const found = what.exec(text);
      if (found) {
        clearTimeout(timer);
        resolve(found);
      }
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`the hub ended with ${code}:\n${text}`)));
  });
}

export type Hub = {
  url: string;
  setupToken: string | null;
  /** Ends it at once, as a power cut would. */
  kill: () => Promise<void>;
  /** Starts it again on the same folder and port. */
  again: () => Promise<void>;
  stop: () => Promise<void>;
};

const ended = (child: ChildProcess): Promise<unknown> => new Promise((over) => (child.exitCode === null && child.signalCode === null ? child.once('exit', over) : over(null)));

export async function startHub(settings: Record<string, string> = {}): Promise<Hub> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'djinn-e2e-'));
  const env = { PATH: process.env.PATH, DJINN__DATA__DIR: folder, DJINN__SERVER__PORT: String(port), DJINN__SERVER__METRICS: 'off', ...settings };
  const spawned = () => spawn(process.env.HUB_BIN ?? join(root, '../target/debug/djinn'), ['serve'], { cwd: folder, env });
  let child = spawned();
  const [, token] = await said(child, /\/setup\?token=([\w.-]+)/);
  return {
    url: `http://127.0.0.1:${port}`,
    setupToken: token ?? null,
    kill: async () => {
      child.kill('SIGKILL');
      await ended(child);
    },
    again: async () => {
      child = spawned();
      await said(child, new RegExp(`http://[^ ]*:${port}`));
    },
    stop: async () => {
      child.kill();
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a person the owner of a new hub, without a browser. */
export async function own(hub: Hub, name: string, password: string): Promise<string> {
  // A stranger may run the app's own documents only.
  const answer = await send(hub.url, null, { documentId: 'spa.CompleteSetup', variables: { input: { token: hub.setupToken, name, password } } });
  const token = (answer.completeSetup as { tokens: { accessToken: string } }).tokens.accessToken;
  logins.set(token, { name, password, token });
  return token;
}

/** Who has which token, and what came in its place. */
const logins = new Map<string, { name: string; password: string; token: string }>();

/** Asks a hub; what is refused is a failure. */
export async function ask(url: string, token: string | null, query: string, variables: object = {}): Promise<Record<string, unknown>> {
  const login = token ? logins.get(token) : undefined;
  try {
    return await send(url, login?.token ?? token, { query, variables });
  } catch (error) {
    // A token lasts ten minutes, and a slow machine may take longer for all screens.
    if (!login || !String(error).includes('TOKEN_EXPIRED')) throw error;
    const { name, password } = login;
    const answer = await send(url, null, { documentId: 'spa.Login', variables: { input: { name, password } } });
    login.token = (answer.login as { tokens: { accessToken: string } }).tokens.accessToken;
    return send(url, login.token, { query, variables });
  }
}

async function send(url: string, token: string | null, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify(body) });
  const answer = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown };
  if (!answer.data || answer.errors) throw new Error(JSON.stringify(answer.errors ?? answer));
  return answer.data;
}
