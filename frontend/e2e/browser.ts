import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const shots = process.env.SHOTS ?? join(tmpdir(), 'djinn-e2e');
mkdirSync(shots, { recursive: true });

export type Watched = {
  page: Page;
  context: BrowserContext;
  /** Requests to anyone but the hub. */
  strangers: string[];
  /** What the browser complained about: refused by the policy, errors in scripts. */
  complaints: string[];
};

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });

export async function open(browser: Browser, hub: string, look: { width?: number; mode?: 'light' | 'dark' } = {}): Promise<Watched> {
  const width = look.width ?? 1280;
  const context = await browser.newContext({ baseURL: hub, viewport: { width, height: width < 500 ? 844 : 860 }, colorScheme: look.mode ?? 'dark', reducedMotion: 'reduce' });
  // For a machine that is busy with other things: only what fails takes so long.
  context.setDefaultTimeout(30_000);
  const strangers: string[] = [];
  const complaints: string[] = [];
  const host = new URL(hub).host;
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.host !== host) strangers.push(request.url());
  });
  const page = await context.newPage();
  const listen = (one: Page) => {
    one.on('console', (message) => message.type() === 'error' && complaints.push(`${new URL(one.url()).pathname}: ${message.text()}`));
    one.on('pageerror', (error) => complaints.push(`${new URL(one.url()).pathname}: ${error.message}`));
  };
  context.on('response', async (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${(response.request().postData() ?? response.url()).slice(0, 300)}: ${(await response.text().catch(() => '')).slice(0, 300)}`);
  });
  listen(page);
  context.on('page', listen);
  return { page, context, strangers, complaints };
}

export const shot = (page: Page, name: string): Promise<unknown> => page.screenshot({ path: join(shots, `${name}.png`) });

/** The accessibility violations of the page as it stands, one line each. */
export async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  return violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? v.help}`));
}
