// What a game's page tells, how a library is forgotten, and how the hub is.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launch, open, shot, violations, type Watched } from './browser';
import { ask, own, startHub, type Hub } from './start';
import { startSteam } from './steam';

const owner = { name: 'Ellen', password: 'correct horse battery' };
const csv = 'title,platform,playtime_minutes,status\nAmber Road,Shelf,620,playing\nPaper Tigers,Shelf,45,unplayed';
const picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><path fill="#345" d="M0 0h16v9H0z"/><path fill="#e9a" d="M0 9l6-6 4 4 2-2 4 4z"/></svg>';

let hub: Hub;
let steam: Awaited<ReturnType<typeof startSteam>>;
let browser: Browser;
let seat: Watched;
let lantern: string;
beforeAll(async () => {
  steam = await startSteam({ refusals: 0, rich: true });
  hub = await startHub({ DJINN__STEAM__API_URL: steam.url, DJINN__STEAM__STORE_URL: steam.url });
  const token = await own(hub, owner.name, owner.password);
  await ask(hub.url, token, 'mutation($input: ImportInput!) { importGames(input: $input) { added } }', { input: { format: 'CSV', content: csv } });
  const linked = (await ask(hub.url, token, 'mutation($input: LinkLibraryInput!) { linkLibrary(input: $input) { library { id } problems { message } } }', { input: { platform: 'steam', label: 'Steam', fields: [{ name: 'apiKey', value: '0123456789abcdef0123456789ABCDEF' }, { name: 'account', value: '76561198000000042' }] } })) as { linkLibrary: { library: { id: string } | null; problems: { message: string }[] } };
  expect(linked.linkLibrary.problems).toEqual([]);
  await ask(hub.url, token, 'mutation($id: ID!) { syncLibrary(libraryId: $id) { problems { message } } }', { id: linked.linkLibrary.library?.id });
  await vi.waitFor(
    async () => {
      const { games } = (await ask(hub.url, token, '{ games(first: 100) { nodes { id title achievements(first: 1) { total } screenshots { url } } } }')) as { games: { nodes: { id: string; title: string; achievements: { total: number }; screenshots: unknown[] }[] } };
      const found = games.nodes.find((game) => game.title === 'Lantern Row');
      expect([found?.achievements.total, found?.screenshots.length]).toEqual([12, 3]);
      lantern = found?.id ?? '';
    },
    { timeout: 40_000, interval: 500 },
  );
  browser = await launch();
  seat = await enter({});
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await steam?.stop();
});

async function enter(look: { width?: number; mode?: 'light' | 'dark' }): Promise<Watched> {
  const watched = await open(browser, hub.url, look);
  // No picture is fetched from anywhere while this runs.
  await watched.context.route('**/art/**', (route) => route.fulfill({ contentType: 'image/svg+xml', body: picture }));
  const { page } = watched;
  await page.goto('/login');
  await page.getByLabel('Name').fill(owner.name);
  await page.getByLabel('Password').fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Library' }).waitFor({ state: 'attached' });
  return watched;
}
const settled = async (page: Page): Promise<void> => {
  await page.waitForLoadState('networkidle');
};

describe('a game’s page', () => {
  it('shows its pictures, one after the other by keyboard', async () => {
    const { page } = seat;
    await page.goto(`/games/${lantern}`);
    await page.getByRole('button', { name: 'Screenshot 1 of 3' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('heading', { name: /screenshot 1 of 3/ }).waitFor();
    await dialog.getByRole('button', { name: 'Next' }).click();
    await dialog.getByRole('heading', { name: /screenshot 2 of 3/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('heading', { level: 1, name: 'Lantern Row' }).waitFor();
  });

  it('shows what was achieved, page by page, and keeps secret what is', async () => {
    const { page } = seat;
    const part = page.getByRole('region', { name: 'Achievements' });
    await part.getByText('5 of 12').waitFor();
    expect(await part.getByRole('listitem').count()).toBe(8);
    await part.getByText('80 % have it').waitFor();
    await part.getByRole('button', { name: 'Show more achievements' }).click();
    await expect.poll(() => part.getByRole('listitem').count()).toBe(12);
    await part.getByText('Secret achievement').waitFor();
    const text = (await part.textContent()) ?? '';
    for (const secret of ['ferryman', 'who rowed']) expect(text).not.toContain(secret);
    expect(await part.getByRole('button', { name: 'Show more achievements' }).count()).toBe(0);
  });

  it('says how one stood with it, also what was just said', async () => {
    const { page } = seat;
    const chosen = page.getByLabel('Status', { exact: true });
    const name = (await chosen.locator('option').nth(3).textContent()) ?? '';
    await chosen.selectOption({ index: 3 });
    await page.getByText('Status saved.').waitFor();
    const newest = page.getByRole('region', { name: 'How you stood with it' }).getByRole('listitem').first();
    await newest.getByText(name, { exact: true }).waitFor();
    await newest.getByText('by hand').waitFor();
  });

  it('says who said a fact and when, and takes a correction and its end', async () => {
    const { page } = seat;
    const facts = page.getByRole('region', { name: 'Facts' });
    await facts.getByText(/Steam store, /).first().waitFor();
    await facts.getByRole('button', { name: 'Correct: Genres' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Genres').fill('Rowing\nPuzzle');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await facts.getByText('Rowing, Puzzle').waitFor();
    await facts.getByText(/^Corrected, /).waitFor();
    await facts.getByRole('button', { name: 'Correct: Genres' }).click();
    await dialog.getByRole('button', { name: 'Take the correction back' }).click();
    await facts.getByText('Rowing, Puzzle').waitFor({ state: 'detached' });
  });
});

describe('the status of the hub', () => {
  it('names its parts, its stores and its syncs, and is reached from the settings', async () => {
    const { page } = seat;
    await page.goto('/settings');
    await page.getByRole('link', { name: 'Status of the hub' }).click();
    await page.getByRole('heading', { level: 1, name: /Status/ }).getByText('Ready').waitFor();
    const parts = page.getByRole('list', { name: 'Parts of the hub' });
    await parts.getByText('Database').waitFor();
    await parts.getByText('Library', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'Syncs and imports' }).getByText('Steam').first().waitFor();
    await page.getByRole('list', { name: 'Stores' }).getByText('Needs setting up').first().waitFor();
  });

  it('keeps what it saw when the hub is gone, says so, and comes back', async () => {
    const { page, context, strangers } = await enter({});
    await page.goto('/status');
    await page.getByRole('list', { name: 'Parts of the hub' }).getByText('Database').waitFor();
    await hub.kill();
    await page.getByText(/The hub does not answer/).waitFor({ timeout: 20_000 });
    await page.getByRole('list', { name: 'Parts of the hub' }).getByText('Database').waitFor();
    await shot(page, 'status-gone');
    expect(await violations(page)).toEqual([]);
    await hub.again();
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: /Status/ }).getByText('Ready').waitFor();
    expect(await page.getByText(/The hub does not answer/).count()).toBe(0);
    expect(strangers).toEqual([]);
    await context.close();
    // The seat noticed the outage as well; that is no complaint about the page.
    seat.complaints.length = 0;
  });
});

describe('what was added', () => {
  for (const mode of ['dark', 'light'] as const) {
    for (const width of [390, 1024, 1600]) {
      it(`has no accessibility violation, in ${mode} at ${width} px`, async () => {
        const other = await enter({ mode, width });
        const { page } = other;
        const found: string[] = [];
        const look = async (name: string, height: number) => {
          // A long page is looked at whole.
          await page.setViewportSize({ width, height });
          await settled(page);
          await shot(page, `${name}-${mode}-${width}`);
          for (const violation of await violations(page)) found.push(`${name}: ${violation}`);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          if (wide > 0) found.push(`${name}: ${wide} px wider than the screen`);
        };
        await page.goto(`/games/${lantern}`);
        await page.getByRole('heading', { name: 'Achievements' }).waitFor();
        await look('game-rich', 3000);
        await page.goto('/status');
        await page.getByRole('list', { name: 'Stores', exact: true }).waitFor();
        await look('status', 1600);
        await page.goto('/platforms');
        await page.getByRole('button', { name: 'Unlink Steam' }).click();
        await page.getByRole('button', { name: 'Forget it for good instead' }).click();
        await page.getByRole('dialog', { name: 'Forget Steam for good?' }).waitFor();
        await look('forget', 900);
        expect(found).toEqual([]);
        expect(other.strangers).toEqual([]);
        expect(other.complaints).toEqual([]);
        await other.context.close();
      });
    }
  }
});

describe('a game entered by hand', () => {
  it('goes onto a shelf that is made for it, is tagged, found by the tag, changed and removed', async () => {
    const { page } = seat;
    const dialog = page.getByRole('dialog');
    const clean = async (name: string) => {
      await shot(page, name);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    };
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/platforms');
    await page.getByRole('button', { name: 'Make a shelf' }).click();
    await dialog.getByLabel('Name in your library').fill('Attic box');
    await clean('shelf-390');
    await dialog.getByRole('button', { name: 'Make a shelf' }).click();

    const panel = page.getByRole('article', { name: 'Attic box' });
    await panel.getByRole('button', { name: 'Add a game' }).click();
    await dialog.getByLabel('Title').fill('Moth Parade');
    await dialog.getByText('More about it').click();
    await dialog.getByLabel('Year of release').fill('1890');
    await clean('by-hand-390');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    // The limit is the hub's; it is said at the field.
    await expect.poll(() => dialog.getByLabel('Year of release').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('Year of release').fill('1998');
    await dialog.getByLabel('Hours played').fill('1.5');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await panel.getByText(/^1 game\b/).waitFor();
    await page.setViewportSize({ width: 1280, height: 860 });

    const found = page.locator('a').filter({ hasText: 'Moth Parade' });
    await page.goto('/?q=moth');
    await vi.waitFor(
      async () => {
        await page.reload();
        await found.first().waitFor({ timeout: 5_000 });
      },
      { timeout: 40_000 },
    );
    await found.first().click();
    await page.getByRole('heading', { level: 1, name: 'Moth Parade' }).waitFor();
    await page.getByRole('combobox', { name: 'My tags' }).fill('Grandma’s attic');
    await page.keyboard.press('Enter');
    await page.getByText('My tags saved.').waitFor();
    await page.getByRole('list', { name: 'My tags' }).getByText('Grandma’s attic').waitFor();

    await page.goto('/');
    await page.getByRole('group', { name: 'My tags' }).getByText('Grandma’s attic').click();
    await expect.poll(() => new URL(page.url()).searchParams.get('tag')).toBe('Grandma’s attic');
    await page.getByRole('status').filter({ hasText: /^1 game$/ }).waitFor();
    await page.getByRole('list', { name: 'Active filters' }).getByText('Grandma’s attic').waitFor();
    await found.first().click();

    const copies = page.getByRole('region', { name: 'Where you have it' });
    await copies.getByText('1.5 h').waitFor();
    await copies.getByRole('button', { name: 'Change Moth Parade on Attic box' }).click();
    await dialog.getByLabel('Hours played').fill('2');
    await clean('by-hand-change');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await copies.getByText('2 h', { exact: true }).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await clean('by-hand-game-390');
    await copies.getByRole('button', { name: 'Remove Moth Parade from Attic box' }).click();
    await clean('by-hand-remove-390');
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('Moth Parade is off Attic box.').waitFor();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/');
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.getByRole('status').filter({ hasText: '14 games' }).waitFor();
    expect(await page.getByText('Moth Parade', { exact: true }).count()).toBe(0);
  });

  it('is offered pictures, and told what is wrong with an address', async () => {
    const { page } = seat;
    await page.goto(`/games/${lantern}`);
    await page.getByRole('button', { name: 'Choose a picture' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What for').waitFor();
    await dialog.getByRole('list', { name: 'Pictures on offer' }).or(dialog.getByText('No source has one yet.')).waitFor();
    await shot(page, 'pictures');
    expect(await violations(page)).toEqual([]);
    await dialog.getByLabel('Address of a picture').fill('http://127.0.0.1/inside.png');
    await dialog.getByRole('button', { name: 'Use it' }).click();
    // The hub fetches nothing out of its own network.
    await expect.poll(() => dialog.getByLabel('Address of a picture').getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});

describe('a library', () => {
  it('says how often it is synced by itself, and when next', async () => {
    const { page } = seat;
    await page.goto('/platforms');
    const panel = page.getByRole('article', { name: 'Steam' });
    const saved = page.waitForResponse((response) => response.request().postData()?.includes('ScheduleSync') ?? false);
    await panel.getByLabel('By itself').selectOption({ label: 'every 6 hours' });
    await (await saved).finished();
    await panel.getByText(/^next /).waitFor();
    await page.reload();
    await expect.poll(() => panel.getByLabel('By itself').locator('option:checked').textContent()).toBe('every 6 hours');
  });

  it('says what has to be set up first, and opens the store’s page apart', async () => {
    const { page } = seat;
    await page.getByRole('button', { name: 'Connect Xbox' }).click();
    await page.getByRole('dialog').getByRole('alert').getByText('xbox.client_id').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Connect GOG' }).click();
    const link = page.getByRole('dialog').getByRole('link', { name: /Sign in at GOG/ });
    expect(await link.getAttribute('href')).toMatch(/^https:\/\/auth\.gog\.com\//);
    expect(await link.getAttribute('rel')).toContain('noopener');
    await page.keyboard.press('Escape');
  });

  it('is forgotten after a second question that says what goes', async () => {
    const { page, strangers, complaints } = seat;
    await page.getByRole('button', { name: 'Unlink Steam' }).click();
    await page.getByRole('button', { name: 'Forget it for good instead' }).click();
    const dialog = page.getByRole('dialog', { name: 'Forget Steam for good?' });
    await dialog.getByText(/12 games of this library/).waitFor();
    const go = dialog.getByRole('button', { name: 'Forget for good' });
    expect(await go.isDisabled()).toBe(true);
    await dialog.getByLabel('Yes, forget all of this').check();
    await go.click();
    await page.getByText(/Steam is forgotten: 12 copies/).waitFor();
    await page.getByRole('article', { name: 'Steam' }).waitFor({ state: 'detached' });
    await page.goto('/');
    await page.getByRole('status').filter({ hasText: '2 games' }).waitFor();
    expect(await page.getByText('Lantern Row').count()).toBe(0);
    expect(strangers).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
