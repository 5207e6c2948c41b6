// Every address and every dialog of the app, in each theme and width: no accessibility violation,
// nothing wider than the screen, no request to anyone else, nothing that the policy refuses. Which
// addresses and dialogs there are is read from the app itself, so a new one has to be added here.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, open, shot, violations, type Watched } from './browser';
import { art, owner, startHousehold, type Household } from './household';

let browser: Browser;
let home: Household;
/** What was found on the page that makes a hub somebody's own, which is there once only. */
const setup: string[] = [];
beforeAll(async () => {
  browser = await launch();
  home = await startHousehold(async (hub) => {
    for (const [mode, width] of [['light', 1600], ['light', 320], ['dark', 1024], ['dark', 390]] as const) {
      const { page, context, strangers, complaints } = await open(browser, hub.url, { mode, width });
      await page.goto('/setup');
      await page.getByLabel('Setup token').waitFor();
      setup.push(...(await faults(page, `setup-${mode}-${width}`)), ...strangers, ...complaints);
      await context.close();
    }
  });
}, 150_000);
afterAll(async () => {
  await browser?.close();
  await home?.stop();
});

/** Two dozen pages, each looked through by axe. */
const LONG = 400_000;

type Look = { width?: number; mode?: 'light' | 'dark' };

async function enter(look: Look): Promise<Watched> {
  const watched = await open(browser, home.hub.url, look);
  await watched.context.route('**/art/**', (route) => route.fulfill(art));
  const { page } = watched;
  await page.goto('/login');
  await page.getByLabel('Name').fill(owner.name);
  await page.getByLabel('Password').fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Library' }).waitFor({ state: 'attached' });
  return watched;
}

/** What is wrong with the page as it stands. */
async function faults(page: Page, name: string): Promise<string[]> {
  await page.waitForLoadState('networkidle');
  // What is still a grey box says nothing about the screen.
  await page.waitForFunction(() => !document.querySelector('main .skeleton, [role=dialog] .skeleton'), null, { timeout: 5_000 }).catch(() => undefined);
  await shot(page, name);
  const found = (await violations(page)).map((violation) => `${name}: ${violation}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) found.push(`${name}: ${wide} px wider than the screen`);
  return found;
}

/** Addresses by the route that answers them; the playground is a page of its own. */
const addresses = (): Record<string, string[]> => ({
  '/': ['/', '/?view=list', '/?q=zzzzzzzz', '/?genre=RPG&played=no', '/no/such/place'],
  '/setup': [],
  '/login': [],
  '/invite': [],
  '/games/$gameId': [`/games/${home.game}`, '/games/nobody-knows'],
  '/tonight': ['/tonight', '/tonight?wish=something%20short'],
  '/collections': ['/collections'],
  '/collections/new': ['/collections/new'],
  '/collections/$collectionId': [`/collections/${home.byRule}`, `/collections/${home.byHand}`, '/collections/nobody-knows'],
  '/collections/$collectionId/edit': [`/collections/${home.byRule}/edit`],
  '/insights': ['/insights?period=ALL_TIME'],
  '/duplicates': ['/duplicates'],
  '/platforms': ['/platforms'],
  '/settings': ['/settings'],
  '/status': ['/status'],
});

const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name, exact: true }).first().click();
type Dialog = { at: string; width?: number; open: (page: Page) => Promise<unknown> };
/** How each dialog is opened, by the file that has it: as many as the file has sheets. */
const dialogs = (): Record<string, Dialog[]> => ({
  'app/Elsewhere.tsx': [{ at: '/', width: 390, open: press('More') }],
  'app/KeysSheet.tsx': [{ at: '/', open: (page) => page.keyboard.press('?') }],
  'shared/query/QueryDialog.tsx': [{ at: '/', open: press('View query') }],
  'features/library/FilterDrawer.tsx': [{ at: '/', width: 1024, open: press('Filters') }],
  'features/library/ViewsDialog.tsx': [{ at: '/', open: press('Views') }],
  'features/game/Correct.tsx': [{ at: `/games/${home.game}`, open: press('Correct: Genres') }],
  'features/game/Screenshots.tsx': [{ at: `/games/${home.game}`, open: press('Screenshot 1 of 3') }],
  'features/game/Pictures.tsx': [{ at: `/games/${home.game}`, open: press('Choose a picture') }],
  'shared/byHand/AddGame.tsx': [{ at: '/platforms', open: press('Add a game') }],
  'shared/byHand/EditCopy.tsx': [{ at: `/games/${home.imported}`, open: press(/^Change Paper Tigers on /) }],
  'shared/byHand/RemoveCopy.tsx': [{ at: `/games/${home.imported}`, open: press(/^Remove Paper Tigers from /) }],
  'features/settings/Statuses.tsx': [{ at: '/settings', open: press('Rename Lent out') }],
  'features/settings/Profiles.tsx': [
    { at: '/settings', open: press('Add a child') },
    { at: '/settings', open: press('Use this device as Mika') },
  ],
  'features/settings/ApiKeys.tsx': [{ at: '/settings', open: press('New key') }],
  'features/platforms/ConnectDialog.tsx': [{ at: '/platforms', open: press('Connect Steam') }],
  'features/platforms/ImportDialog.tsx': [{ at: '/platforms', open: press('Import a file') }],
  'features/platforms/LibraryPanel.tsx': [{ at: '/platforms', open: press('Unlink Steam') }],
  'features/platforms/Forget.tsx': [{ at: '/platforms', open: async (page) => (await press('Unlink Steam')(page), await press('Forget it for good instead')(page)) }],
  'features/collections/NewByHand.tsx': [{ at: '/collections', open: press('Collection by hand') }],
  'features/collections/CollectionScreen.tsx': [
    { at: `/collections/${home.byRule}`, open: press('Why?') },
    { at: `/collections/${home.byRule}`, open: press('Delete Role-playing') },
    { at: `/collections/${home.byHand}`, open: press('Rename') },
  ],
});

describe('what is looked at here', () => {
  it('is every address of the app', async () => {
    const { page, context } = await enter({});
    // oxlint-disable-next-line no-underscore-dangle -- the router's own name for itself
    const known = await page.evaluate(() => Object.keys((window as unknown as { __TSR_ROUTER__: { routesByPath: object } }).__TSR_ROUTER__.routesByPath));
    expect(Object.keys(addresses()).sort()).toEqual([...new Set(known)].sort());
    await context.close();
  });

  it('is every dialog of the app', () => {
    const root = new URL('../src', import.meta.url).pathname;
    const found: Record<string, number> = {};
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (!entry.name.endsWith('.tsx') || entry.name.endsWith('.test.tsx')) continue;
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, 'utf8');
      const sheets = text.match(/<Sheet\b/g)?.length ?? 0;
      if (sheets) found[relative(root, file)] = sheets;
      // A dialog that is no sheet would be seen by nobody.
      if (relative(root, file) !== 'shared/ui/Sheet.tsx') expect(text, file).not.toMatch(/<(Dialog|AlertDialog)\b|<dialog\b|showModal/);
    }
    expect(found).toEqual(Object.fromEntries(Object.entries(dialogs()).map(([file, ways]) => [file, ways.length])));
  });
});

describe('every address', () => {
  it('is answered with the strict policy, and the page of a new hub has no fault', async () => {
    expect(setup).toEqual([]);
    for (const path of [...Object.values(addresses()).flat(), '/setup', '/login', '/invite', '/playground']) {
      const response = await fetch(home.hub.url + path, { headers: { accept: 'text/html' } });
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy, path).toContain("default-src 'self'");
      expect(policy, path).toContain("script-src 'self';");
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(await response.text(), path).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|\son\w+=/);
    }
  });

  const looks: [string, string | null, Look][] = [
    ['light', null, { mode: 'light', width: 1600 }],
    ['light', null, { mode: 'light', width: 390 }],
    ['dark', null, { mode: 'dark', width: 1024 }],
    // A 1280 px screen at four times its size is a screen of 320.
    ['dark', null, { mode: 'dark', width: 320 }],
    ['high-contrast', 'high-contrast', { mode: 'dark', width: 1280 }],
  ];
  for (const [name, theme, look] of looks) {
    it(`has no fault in ${name} at ${look.width} px`, async () => {
      await home.wear(theme);
      const { page, context, strangers, complaints } = await open(browser, home.hub.url, look);
      await context.route('**/art/**', (route) => route.fulfill(art));
      const found: string[] = [];
      await page.goto('/login');
      await page.getByLabel('Name').waitFor();
      found.push(...(await faults(page, `login-${name}-${look.width}`)));
      await page.goto('/invite#no-such-code');
      await page.getByLabel('Your name').waitFor();
      found.push(...(await faults(page, `invite-${name}-${look.width}`)));
      await page.goto('/login');
      await page.getByLabel('Name').fill(owner.name);
      await page.getByLabel('Password').fill(owner.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Library' }).waitFor({ state: 'attached' });
      if (theme) await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
      for (const path of Object.values(addresses()).flat()) {
        await page.goto(path);
        found.push(...(await faults(page, `${path.replace(/[^a-z0-9]+/gi, '-')}-${name}-${look.width}`)));
      }
      expect(found).toEqual([]);
      expect(strangers).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    }, LONG);
  }

  it('is the playground as well, in light and dark', async () => {
    await home.wear(null);
    for (const mode of ['light', 'dark'] as const) {
      const { page, context, strangers, complaints } = await enter({ mode });
      await page.goto('/playground');
      await page.getByRole('button', { name: 'Execute query' }).waitFor({ timeout: 30_000 });
      expect(await faults(page, `playground-${mode}`)).toEqual([]);
      expect(strangers).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    }
  });
});

describe('every dialog', () => {
  for (const [name, theme, mode] of [
    ['light', null, 'light'],
    ['dark', null, 'dark'],
    ['high-contrast', 'high-contrast', 'dark'],
  ] as const) {
    it(`has no fault in ${name}, keeps the focus inside, closes by Escape and gives the focus back`, async () => {
      await home.wear(theme);
      const { page, context, strangers, complaints } = await enter({ mode });
      const found: string[] = [];
      for (const [file, ways] of Object.entries(dialogs())) {
        for (const [index, way] of ways.entries()) {
          const label = `${file.replace(/.*\/|\.tsx/g, '')}${index || ''}`;
          await page.setViewportSize({ width: way.width ?? (mode === 'light' ? 1280 : 390), height: 844 });
          await page.goto(way.at);
          await page.waitForLoadState('networkidle');
          await way.open(page);
          const dialog = page.getByRole('dialog');
          await dialog.waitFor();
          found.push(...(await faults(page, `dialog-${label}-${name}`)));
          for (let step = 0; step < 4; step += 1) {
            await page.keyboard.press('Tab');
            if (!(await page.evaluate(() => document.activeElement?.closest('[role=dialog]')))) found.push(`${label}: Tab leaves it`);
          }
          await page.keyboard.press('Escape');
          await dialog.waitFor({ state: 'detached' });
          // What was opened from a button leaves the person there.
          const kept = await page.waitForFunction(() => document.activeElement && document.activeElement !== document.body, null, { timeout: 10_000 }).then(
            () => true,
            () => false,
          );
          if (!kept && file !== 'app/KeysSheet.tsx') found.push(`${label}: the focus is lost when it closes`);
        }
      }
      expect(found).toEqual([]);
      expect(strangers).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    }, LONG);
  }
});

describe('a person’s own settings', () => {
  it('colours that the system forces leave everything to be told apart', async () => {
    await home.wear(null);
    const { page, context } = await enter({});
    await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
    await page.goto('/');
    await page.locator('[data-game-index="0"]').waitFor();
    await shot(page, 'forced-library');
    const line = (selector: string) => page.locator(selector).first().evaluate((element) => { const style = getComputedStyle(element); return Math.max(Number.parseFloat(style.borderTopWidth), style.outlineStyle === 'none' ? 0 : Number.parseFloat(style.outlineWidth)); });
    // Where one is, is told by a line, since no colour of ours is left.
    expect(await line('nav a[data-status=active]')).toBeGreaterThan(0);
    expect(await line('button[aria-pressed=true]')).toBeGreaterThan(0);
    await page.goto('/platforms');
    expect(await line('main button')).toBeGreaterThan(0);
    await shot(page, 'forced-platforms');
    await context.close();
  });

  it('who wants no motion gets none', async () => {
    const { page, context } = await enter({});
    for (const path of ['/', `/games/${home.game}`, '/platforms']) {
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      const moving = await page.evaluate(() => document.getAnimations().filter((one) => Number(one.effect?.getComputedTiming().duration) > 1).length);
      expect(moving, path).toBe(0);
    }
    await context.close();
  });
});
