// Looks at the set-up, sign-in, library and game pages as Lighthouse's phone does, each several
// times, and fails when one is below what was promised (LIGHTHOUSE_ONLY=1 only prints).
//
// It needs Chromium (CHROMIUM, by default /usr/bin/chromium), a release binary (HUB_BIN, by default
// ../target/release/djinn) and Lighthouse, which is too large to be kept here: install it anywhere,
// `npm install --prefix FOLDER lighthouse@12`, and name the folder: LIGHTHOUSE=FOLDER.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const promised = { performance: 0.9, accessibility: 1, 'layout shift': 0.05 };
const RUNS = Number(process.env.LIGHTHOUSE_RUNS ?? 3);
const binary = process.env.HUB_BIN ?? new URL('../../target/release/djinn', import.meta.url).pathname;
const browser = process.env.CHROMIUM ?? '/usr/bin/chromium';
const lacking = [
  !existsSync(binary) && `the hub's binary ${binary} (make build, or HUB_BIN)`,
  !existsSync(browser) && `Chromium at ${browser} (or CHROMIUM)`,
].filter(Boolean);
let lighthouse;
try {
  const from = process.env.LIGHTHOUSE ? join(process.env.LIGHTHOUSE, 'package.json') : import.meta.url;
  ({ default: lighthouse } = await import(pathToFileURL(createRequire(from).resolve('lighthouse')).href));
} catch {
  lacking.push('Lighthouse: npm install --prefix FOLDER lighthouse@12, then LIGHTHOUSE=FOLDER');
}
if (lacking.length) {
  console.error(`lighthouse: missing\n${lacking.map((what) => `  - ${what}`).join('\n')}`);
  process.exit(2);
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const folder = mkdtempSync(join(tmpdir(), 'djinn-lighthouse-'));
const [port, debugging] = [await freePort(), await freePort()];
const url = `http://127.0.0.1:${port}`;
const hub = spawn(binary, ['serve', '--demo'], { cwd: folder, env: { PATH: process.env.PATH, DJINN__DATA__DIR: join(folder, 'data'), DJINN__SERVER__PORT: String(port) } });
const token = await new Promise((resolve, reject) => {
  let text = '';
  const read = (chunk) => {
    text += chunk;
    const found = /\/setup\?token=([\w.-]+)/.exec(text);
    if (found) resolve(found[1]);
  };
  hub.stdout.on('data', read);
  hub.stderr.on('data', read);
  hub.once('exit', (code) => reject(new Error(`the hub ended with ${code}:\n${text}`)));
});
const context = await chromium.launchPersistentContext(join(folder, 'browser'), {
  executablePath: browser,
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', `--remote-debugging-port=${debugging}`],
});

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
let under = false;
/** The middle of several looks at one address; the login of the browser stays. */
async function look(name, path) {
  const seen = [];
  let last;
  // The login is to stay, so the storage does; the files are fetched as by a newcomer.
  const [page] = context.pages();
  const session = await context.newCDPSession(page);
  for (let run = 0; run < RUNS; run += 1) {
    await session.send('Network.clearBrowserCache');
    const { lhr } = await lighthouse(url + path, { port: debugging, output: 'json', logLevel: 'error', onlyCategories: ['performance', 'accessibility', 'best-practices'], disableStorageReset: true });
    last = lhr;
    if (lhr.runtimeError) throw new Error(`${name}: ${lhr.runtimeError.message}`);
    const value = (audit) => lhr.audits[audit]?.numericValue ?? Number.NaN;
    seen.push({
      performance: lhr.categories.performance.score,
      accessibility: lhr.categories.accessibility.score,
      practices: lhr.categories['best-practices'].score,
      'layout shift': value('cumulative-layout-shift'),
      'first paint': value('first-contentful-paint'),
      'largest paint': value('largest-contentful-paint'),
      blocked: value('total-blocking-time'),
      'kB': value('total-byte-weight') / 1000,
    });
  }
  const row = Object.fromEntries(Object.keys(seen[0]).map((key) => [key, middle(seen.map((one) => one[key]))]));
  const misses = Object.entries(promised).filter(([key, bound]) => (key === 'layout shift' ? row[key] > bound : row[key] < bound));
  under ||= misses.length > 0;
  console.log(`${name.padEnd(8)} performance ${row.performance.toFixed(2)}  accessibility ${row.accessibility.toFixed(2)}  best practices ${row.practices.toFixed(2)}  shift ${row['layout shift'].toFixed(3)}  first paint ${row['first paint'].toFixed(0)} ms  largest ${row['largest paint'].toFixed(0)} ms  blocked ${row.blocked.toFixed(0)} ms  ${row.kB.toFixed(0)} kB${misses.length ? `  UNDER: ${misses.map(([key]) => key).join(', ')}` : ''}`);
  for (const { title, score, scoreDisplayMode } of Object.values(last.audits)) {
    if (score !== null && score < 0.9 && ['binary', 'numeric', 'metricSavings'].includes(scoreDisplayMode) && process.env.LIGHTHOUSE_WHY) console.log(`         ${score.toFixed(2)} ${title}`);
  }
  if (process.env.LIGHTHOUSE_WHY) {
    for (const item of last.audits['layout-shifts']?.details?.items ?? []) console.log(`         shift ${item.score?.toFixed(4)} ${item.node?.selector} ${item.node?.snippet?.slice(0, 120)}`);
    const element = last.audits['largest-contentful-paint-element']?.details?.items?.[0]?.items?.[0]?.node;
    if (element) console.log(`         largest: ${element.selector}`);
  }
}

try {
  console.log(`Lighthouse's phone, the middle of ${RUNS}:`);
  await look('setup', '/setup');
  const page = await context.newPage();
  await page.goto(`${url}/setup?token=${token}`);
  await page.getByLabel('Your name').fill('Ellen');
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByLabel('Password again').fill('correct horse battery');
  await page.getByRole('button', { name: 'Become the owner' }).click();
  // The sample library comes a moment after the owner.
  for (let tries = 0; tries < 60 && !(await page.locator('[data-game-index="10"]').count()); tries += 1) {
    await page.waitForTimeout(500);
    await page.goto(`${url}/`);
    await page.waitForLoadState('networkidle');
  }
  await look('library', '/');
  const game = await page.locator('[data-game-index="0"]').getAttribute('href');
  await look('game', game);
  await page.goto(`${url}/settings`);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await look('login', '/login');
} finally {
  await context.close();
  hub.kill();
  await new Promise((over) => (hub.exitCode === null && hub.signalCode === null ? hub.once('exit', over) : over()));
  rmSync(folder, { recursive: true, force: true });
}
if (under && !process.env.LIGHTHOUSE_ONLY) process.exit(1);
