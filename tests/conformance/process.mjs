// Processes of the product, and of the tools that try it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The binary to try: `HUB_BIN`, or the one that was built last. */
export const binary = process.env.HUB_BIN ?? fileURLToPath(new URL('../../target/debug/djinn', import.meta.url));
/** The suites and the Inspector want a newer Node than the frontend does; it comes with the packages. */
export const node = fileURLToPath(new URL('./node_modules/node/bin/node', import.meta.url));

/** A folder that is gone in the end. */
export function folder(name) {
  const path = mkdtempSync(join(tmpdir(), `djinn-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts `command`, waits until it has said something that fits `ready`, and answers with that. */
export async function start(command, args, { ready, env = {}, cwd }) {
  const child = spawn(command, args, { cwd, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const found = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${command} ${args[0]} did not start:\n${said}`)), 60_000);
    const read = (chunk) => {
      said += chunk;
      const match = ready.exec(said);
      if (match) {
        clearTimeout(timer);
        resolve(match);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}:\n${said}`)));
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    return code;
  };
  try {
    return { match: await found, stop, said: () => said };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** Runs `command` to its end. */
export async function run(command, args, { env = {}, cwd, timeout = 60_000 } = {}) {
  const child = spawn(command, args, { cwd, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const [code] = await once(child, 'close');
  return { code, out, err };
}
