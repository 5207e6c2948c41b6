// The hub that the journeys run against, in this order:
//   HUB_URL            a running hub; HUB_SETUP_TOKEN when it is new, else HUB_NAME and HUB_PASSWORD
//   HUB_MOCK=1         the development mock
//   HUB_BIN            a binary to start on a fresh folder (default ../target/debug/djinn)
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startSteam } from './steam';

declare module 'vitest' {
  export interface ProvidedContext {
    hub: { url: string; setupToken: string | null };
  }
}

const root = new URL('..', import.meta.url).pathname;

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });

/** Waits until the hub has said where to set it up. */
function said(child: ChildProcess, what: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`the hub did not start:\n${text}`)), 30_000);
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

export default async function setup(project: TestProject) {
  const given = process.env.HUB_URL;
  if (given) {
    project.provide('hub', { url: given.replace(/\/$/, ''), setupToken: process.env.HUB_SETUP_TOKEN ?? null });
    return undefined;
  }
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  if (process.env.HUB_MOCK === '1') {
    const child = spawn(process.execPath, [join(root, 'dev/mock.mjs')], { env: { ...process.env, PORT: String(port), MOCK_SETUP: '1', MOCK_FAST: '1' } });
    await said(child, /mock hub on/);
    project.provide('hub', { url, setupToken: 'setup-token' });
    return () => void child.kill();
  }
  const steam = await startSteam();
  const folder = mkdtempSync(join(tmpdir(), 'djinn-e2e-'));
  const child = spawn(process.env.HUB_BIN ?? join(root, '../target/debug/djinn'), ['serve'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      DJINN__DATA__DIR: folder,
      DJINN__SERVER__PORT: String(port),
      DJINN__SERVER__METRICS: 'off',
      DJINN__STEAM__API_URL: steam.url,
      DJINN__STEAM__STORE_URL: steam.url,
    },
  });
  const [, token] = await said(child, /\/setup\?token=([\w.-]+)/);
  project.provide('hub', { url, setupToken: token ?? null });
  return async () => {
    child.kill();
    await new Promise((ended) => (child.exitCode === null ? child.once('exit', ended) : ended(null)));
    await steam.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
