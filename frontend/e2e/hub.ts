// The hub that the journeys run against, in this order:
//   HUB_URL            a running hub; HUB_SETUP_TOKEN when it is new, else HUB_NAME and HUB_PASSWORD
//   HUB_MOCK=1         the development mock
//   HUB_BIN            a binary to start on a fresh folder (default ../target/debug/djinn)
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePort, said, startHub } from './start';
import { startSteam } from './steam';

declare module 'vitest' {
  export interface ProvidedContext {
    hub: { url: string; setupToken: string | null };
  }
}

const root = new URL('..', import.meta.url).pathname;

export default async function setup(project: TestProject) {
  const given = process.env.HUB_URL;
  if (given) {
    project.provide('hub', { url: given.replace(/\/$/, ''), setupToken: process.env.HUB_SETUP_TOKEN ?? null });
    return undefined;
  }
  if (process.env.HUB_MOCK === '1') {
    const port = await freePort();
    const child = spawn(process.execPath, [join(root, 'dev/mock.mjs')], { env: { ...process.env, PORT: String(port), MOCK_SETUP: '1', MOCK_FAST: '1' } });
    await said(child, /mock hub on/);
    project.provide('hub', { url: `http://127.0.0.1:${port}`, setupToken: 'setup-token' });
    return () => void child.kill();
  }
  const steam = await startSteam();
  const hub = await startHub(steam.settings);
  project.provide('hub', { url: hub.url, setupToken: hub.setupToken });
  return async () => {
    await hub.stop();
    await steam.stop();
  };
}
