// What the line to the hub may do to a person: a hub that is killed, a network without WebSockets,
// a refresh whose answer is lost.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launch, open, shot } from './browser';
import { ask, own, startHub, type Hub } from './start';
import { startSteam } from './steam';

const owner = { name: 'Ellen', password: 'correct horse battery' };
let browser: Browser;
let hub: Hub;
let steam: Awaited<ReturnType<typeof startSteam>>;
let token: string;
beforeAll(async () => {
  browser = await launch();
  steam = await startSteam({ refusals: 1, wait: 20 });
  hub = await startHub(steam.settings);
  token = await own(hub, owner.name, owner.password);
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await steam?.stop();
});
beforeEach(() => {
  steam.refuse(0);
  steam.release();
});

async function seat() {
  const one = await open(browser, hub.url);
  const { page } = one;
  await page.goto('/login');
  await page.getByLabel('Name').fill(owner.name);
  await page.getByLabel('Password').fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Library' }).waitFor({ state: 'attached' });
  return one;
}

describe('the line to the hub', () => {
  it('keeps the countdown of a store’s limit over a reload', async () => {
    steam.refuse(1);
    const { page, context } = await seat();
    await ask(hub.url, token, 'mutation($input: LinkLibraryInput!) { linkLibrary(input: $input) { problems { message } } }', { input: { platform: 'steam', fields: [{ name: 'apiKey', value: '0123456789abcdef0123456789ABCDEF' }, { name: 'account', value: '76561198000000042' }] } });
    await page.goto('/platforms');
    const panel = page.getByRole('article').first();
    /** Between which moments the countdown says that it ends, in seconds: nobody knows when in between it was read. */
    const ends = async () => {
      await panel.getByText(/Goes on in/).waitFor();
      const from = Date.now() / 1_000;
      const text = await panel.getByText(/Goes on in/).textContent();
      const to = Date.now() / 1_000;
      const [, minutes, seconds] = /in (\d+):(\d\d)/.exec(text ?? '') as RegExpExecArray;
      const left = Number(minutes) * 60 + Number(seconds);
      return { earliest: from + left, latest: to + left };
    };
    const before = await ends();
    await page.reload();
    const after = await ends();
    // The same deadline, however long the reload took.
    expect(after.earliest - before.latest).toBeLessThan(2);
    expect(before.earliest - after.latest).toBeLessThan(2);
    await panel.getByText(/^Done:/).waitFor({ timeout: 40_000 });
    await context.close();
  });

  it('loses no final state when the hub is killed in the middle and back ten seconds later', async () => {
    const { page, context } = await seat();
    await page.goto('/platforms');
    const panel = page.getByRole('article').first();
    await page.getByRole('status', { name: /Live/ }).first().waitFor();
    // The list is on its way until the hub is dead, however late the page sees that it is.
    steam.hold();
    await panel.getByRole('button', { name: /Sync .* now/ }).click();
    await panel.locator('[data-sync-state=RUNNING]').waitFor();
    await hub.kill();
    steam.release();
    await page.getByRole('status', { name: /Offline/ }).first().waitFor();
    await shot(page, 'killed');
    await page.waitForTimeout(10_000);
    await hub.again();
    await page.getByRole('status', { name: /Live/ }).first().waitFor({ timeout: 20_000 });
    await panel.getByText(/^Done:/).waitFor({ timeout: 40_000 });
    await context.close();
  });

  it('follows a sync by plain HTTP where no WebSocket gets through', async () => {
    const one = await open(browser, hub.url);
    await one.context.routeWebSocket(/\/graphql$/, (socket) => void socket.close({ code: 1006 }));
    const streams: string[] = [];
    one.context.on('request', (request) => request.headers().accept === 'text/event-stream' && streams.push(request.method()));
    const { page } = one;
    await page.goto('/login');
    await page.getByLabel('Name').fill(owner.name);
    await page.getByLabel('Password').fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('status', { name: /Live/ }).first().waitFor({ timeout: 20_000 });
    await page.goto('/platforms');
    const panel = page.getByRole('article').first();
    await page.getByRole('status', { name: /Live/ }).first().waitFor({ timeout: 20_000 });
    await panel.getByRole('button', { name: /Sync .* now/ }).click();
    await panel.getByText(/^Done:/).waitFor({ timeout: 40_000 });
    expect(streams.length).toBeGreaterThan(0);
    await one.context.close();
  });

  it('stays signed in when the answer to a refresh is lost', async () => {
    const { page, context } = await seat();
    let lost = 0;
    await context.route('**/graphql', async (route) => {
      const body = route.request().postData() ?? '';
      if (!body.includes('spa.RefreshLogin') || lost > 0) return route.continue();
      lost += 1;
      // The hub does its part; the line breaks on the way back.
      await route.fetch();
      return route.abort();
    });
    await page.reload();
    await page.getByRole('heading', { name: 'Library' }).waitFor({ state: 'attached' });
    expect(lost).toBe(1);
    expect(new URL(page.url()).pathname).toBe('/');
    await context.close();
  });

  it('tells of a sync that ends while one looks at something else', async () => {
    const { page, context } = await seat();
    await page.goto('/platforms');
    await page.getByRole('status', { name: /Live/ }).first().waitFor();
    // It ends only once one looks at something else.
    steam.hold();
    await page.getByRole('article').first().getByRole('button', { name: /Sync .* now/ }).click();
    await page.getByRole('article').first().locator('[data-sync-state=RUNNING]').waitFor();
    await page.getByRole('link', { name: 'Tonight' }).first().click();
    await page.waitForURL(/\/tonight$/);
    steam.release();
    await page.getByRole('status', { name: 'Notifications' }).getByText(/synced|added/).waitFor({ timeout: 40_000 });
    await context.close();
  });
});
