// A hub of this working tree on a fresh folder, owned by somebody, with a shelf of games.
//   HUB_BIN   the binary to start (default ../../target/debug/djinn)
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const binary = process.env.HUB_BIN ?? new URL('../../target/debug/djinn', import.meta.url).pathname;

/** Another site whose pages may talk to the hub. */
export const friend = 'https://arcade.example';

/** What a test needs to know of a hub: it goes from the setup to the test files as JSON. */
export type Hub = {
  /** `http://localhost:…` */
  url: string;
  /** `http://localhost:…/graphql` */
  graphql: string;
  /** `ws://localhost:…/graphql` */
  socket: string;
  /** Prometheus' page. */
  metrics: string;
  /** The owner's access token, good for ten minutes. */
  token: string;
  /** How many games are on the shelf, named `Shelf Game 01` and so on. */
  games: number;
};

export type Running = Hub & {
  /** Sends the signal and waits for the end: the exit code. */
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
};

type Answer<Data> = { data?: Data | null; errors?: { message: string; extensions?: { code?: string } }[] };

/** Asks the hub, without any client in between, and fails on any error. */
export async function ask<Data = any>(hub: Pick<Hub, 'graphql' | 'token'>, query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const response = await fetch(hub.graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(hub.token && { authorization: `Bearer ${hub.token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as Answer<Data>;
  if (answer.errors || !answer.data) throw new Error(`${response.status}: ${JSON.stringify(answer)}`);
  return answer.data;
}

/** Starts a hub, makes it somebody's, and fills a shelf. */
export async function startHub(settings: Record<string, string> = {}): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'djinn-clients-'));
  const child = spawn(binary, ['serve'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      DJINN__DATA__DIR: folder,
      DJINN__SERVER__PORT: '0',
      DJINN__SERVER__METRICS: '127.0.0.1:0',
      DJINN__SERVER__ALLOWED_ORIGINS: friend,
      // These clients send their own documents, before anybody has signed in as well.
      DJINN__LIMITS__ANONYMOUS_DOCUMENTS: 'any',
      ...settings,
    },
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(null));
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    const code = await ended;
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  try {
    const [address, setupToken, metrics] = await new Promise<[string, string, string]>((resolve, reject) => {
      let said = '';
      const timer = setTimeout(() => reject(new Error(`the hub did not start:\n${said}`)), 60_000);
      const read = (chunk: Buffer) => {
        said += chunk.toString();
        const found = /(http:\/\/\S+)\/setup\?token=([\w.-]+)/.exec(said);
        // Which port it chose for its figures stands in the log.
        const figures = /\/metrics is served.*address=(\S+)\s/.exec(said);
        if (!found?.[1] || !found[2] || !figures?.[1]) return;
        clearTimeout(timer);
        resolve([found[1], found[2], figures[1]]);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', reject);
      void ended.then((code) => reject(new Error(`the hub ended with ${code}:\n${said}`)));
    });
    // Its listener is IPv4's.
    const url = address.replace('localhost', '127.0.0.1');
    const hub: Hub = { url, graphql: `${url}/graphql`, socket: `${url.replace('http', 'ws')}/graphql`, metrics: `http://${metrics}/metrics`, token: '', games: 60 };
    hub.token = await own(hub, setupToken);
    await fill(hub);
    return { ...hub, stop };
  } catch (error) {
    await stop('SIGKILL');
    throw error;
  }
}

async function own(hub: Hub, token: string): Promise<string> {
  const { completeSetup } = await ask(hub, 'mutation($input: CompleteSetupInput!) { completeSetup(input: $input) { tokens { accessToken } problems { code message } } }', {
    input: { token, name: 'Ellen', password: 'correct horse battery', device: 'clients' },
  });
  if (!completeSetup.tokens) throw new Error(`nobody owns the hub: ${JSON.stringify(completeSetup.problems)}`);
  return completeSetup.tokens.accessToken;
}

async function fill(hub: Hub): Promise<void> {
  const rows = Array.from({ length: hub.games }, (_, n) => `Shelf Game ${String(n + 1).padStart(2, '0')},Shelf,${n * 7},${1990 + (n % 30)},Puzzle`);
  const { importGames } = await ask(hub, 'mutation($input: ImportInput!) { importGames(input: $input) { added problems { code message } } }', {
    input: { format: 'CSV', content: ['title,platform,playtime_minutes,year,genres', ...rows].join('\n') },
  });
  if (importGames.added !== hub.games) throw new Error(`the shelf is not filled: ${JSON.stringify(importGames)}`);
  // Matching goes on after the import; a list is whole when every copy has its game.
  for (const end = Date.now() + 60_000; ; await new Promise((later) => setTimeout(later, 50))) {
    const { games } = await ask(hub, '{ games(first: 1) { totalCount nodes { title } } }');
    if (games.totalCount === hub.games) return;
    if (Date.now() > end) throw new Error(`only ${games.totalCount} of ${hub.games} games came`);
  }
}
