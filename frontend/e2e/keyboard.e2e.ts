// The main job with a keyboard alone: no pointer is used here, and where the focus is can be seen
// at every stop. What changes is said in regions that screen readers follow.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, open, shot, type Watched } from './browser';
import { art, owner, startHousehold, type Household } from './household';

let browser: Browser;
let home: Household;
let seat: Watched;
beforeAll(async () => {
  home = await startHousehold();
  browser = await launch();
  seat = await open(browser, home.hub.url);
  await seat.context.route('**/art/**', (route) => route.fulfill(art));
}, 100_000);
afterAll(async () => {
  await browser?.close();
  await home?.stop();
});

/** What has the focus: its name and kind, and what is wrong with how it shows. */
const focus = (page: Page) =>
  page.evaluate(async () => {
    // A strip that scrolls has followed the focus by the next frame.
    await new Promise(requestAnimationFrame);
    const element = document.activeElement as HTMLElement;
    const name = (element.getAttribute('aria-label') ?? (element as HTMLInputElement).labels?.[0]?.textContent ?? element.textContent ?? '').trim();
    // A box that is hidden behind its label is shown by the label.
    const shown = element.matches('.sr-only') ? (element.closest('label') ?? element) : element;
    const style = getComputedStyle(shown);
    const box = shown.getBoundingClientRect();
    const wrong: string[] = [];
    if (element === document.body) wrong.push('nothing has the focus');
    else {
      if (style.outlineStyle === 'none' || Number.parseFloat(style.outlineWidth) < 2) wrong.push('no ring');
      if (box.bottom < 0 || box.top > innerHeight || box.width === 0) wrong.push('out of sight');
      else {
        const at = document.elementFromPoint(Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1), Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
        if (at && !shown.contains(at) && !at.contains(shown)) wrong.push(`behind ${at.tagName}`);
      }
    }
    return { name, tag: element.tagName, wrong };
  });

/** Presses Tab until what has the focus has that name; says what was wrong on the way. */
async function tabTo(page: Page, name: RegExp, most = 60): Promise<void> {
  const wrong: string[] = [];
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press('Tab');
    const now = await focus(page);
    // Behind the last stop is the browser's own frame.
    if (now.tag === 'BODY') continue;
    wrong.push(...now.wrong.map((what) => `${now.tag} “${now.name.slice(0, 40)}”: ${what}`));
    if (name.test(now.name)) {
      expect(wrong).toEqual([]);
      return;
    }
  }
  throw new Error(`no “${name.source}” within ${most} stops`);
}

describe('with a keyboard alone', () => {
  it('one signs in, and skips the navigation', async () => {
    const { page } = seat;
    await page.goto('/login');
    await page.getByLabel('Name').waitFor();
    await tabTo(page, /^Name/);
    await page.keyboard.type(owner.name);
    await tabTo(page, /^Password/);
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').first().waitFor();
    await page.getByLabel('Password').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(owner.password);
    await page.keyboard.press('Enter');
    await page.locator('[data-game-index="0"]').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.reload();
    await page.locator('[data-game-index="0"]').waitFor();
    await page.keyboard.press('Tab');
    expect((await focus(page)).name).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  });

  it('one narrows the list, walks through it, opens a game and says where one stands', async () => {
    const { page } = seat;
    await page.goto('/');
    await page.locator('[data-game-index="0"]').waitFor();
    await tabTo(page, /^Never played/);
    await page.keyboard.press('Space');
    await expect.poll(() => new URL(page.url()).searchParams.get('played')).toBe('no');
    await page.getByRole('list', { name: 'Active filters' }).waitFor();
    // One stop for the whole grid: the next Tab behind it is out of it.
    await page.locator('[data-game-index="0"]').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('amber');
    await page.getByRole('status').filter({ hasText: /^1 game$/ }).first().waitFor();
    await page.keyboard.press('Enter');
    expect((await focus(page)).wrong).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Amber Road II' }).waitFor();
    await tabTo(page, /^Status/);
    await page.keyboard.press('ArrowDown');
    await page.getByText('Status saved.').waitFor();
    await tabTo(page, /^Favourite/);
    await page.keyboard.press('Space');
    await page.getByText('Favourite saved.').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-game-index="0"]').waitFor();
    await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset.gameIndex)).toBe('0');
  });

  it('every stop of every screen can be seen', async () => {
    const { page } = seat;
    const wrong: string[] = [];
    for (const path of ['/', '/?view=list', `/games/${home.game}`, '/tonight', '/collections', `/collections/${home.byHand}`, `/collections/${home.byRule}/edit`, '/insights', '/duplicates', '/platforms', '/settings', '/status']) {
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      let first = '';
      for (let step = 0; step < 90; step += 1) {
        await page.keyboard.press('Tab');
        const now = await focus(page);
        if (now.tag === 'BODY') break;
        const id = await page.evaluate(() => { const element = document.activeElement as HTMLElement & { seen?: number }; element.seen = (element.seen ?? 0) + 1; return String(element.seen); });
        if (id === '2' && first) break;
        first ||= now.name;
        wrong.push(...now.wrong.map((what) => `${path} ${now.tag} “${now.name.slice(0, 40)}”: ${what}`));
      }
    }
    expect(wrong).toEqual([]);
  });

  it('one builds a collection, and merges two games that are one', async () => {
    const { page } = seat;
    await page.goto('/collections');
    await page.getByRole('link', { name: 'Collection by a rule' }).waitFor();
    await tabTo(page, /^Collection by a rule/);
    await page.keyboard.press('Enter');
    await page.getByLabel('Name').waitFor();
    await tabTo(page, /^Name/);
    await page.keyboard.type('Puzzles');
    await tabTo(page, /^What it asks about/);
    await page.keyboard.type('Genre');
    await tabTo(page, /^Genre: add an option/);
    await page.keyboard.type('puz');
    await page.getByRole('option', { name: /^Puzzle/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'What it gathers' }).getByRole('status').filter({ hasText: '1 game' }).waitFor();
    await tabTo(page, /^Make the collection/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Puzzles' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.getByRole('article').first().waitFor();
    await tabTo(page, /^Merge$/);
    await page.keyboard.press('Enter');
    await page.getByText(/ is part of .* now\./).waitFor();
    // The pair is gone, and the focus with it: it goes on where that can be taken back.
    await expect.poll(async () => (await focus(page)).name).toBe('Undo');
    await page.keyboard.press('Enter');
    await page.getByText('Taken back.', { exact: true }).waitFor();
  });
});

describe('who hears instead of seeing', () => {
  /** Everything that the page's live regions say from now on. */
  const listen = (page: Page) =>
    page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const element = target instanceof HTMLElement ? target : target.parentElement;
          const region = element?.closest('[role=status], [role=alert], [aria-live]');
          // A region that is busy is not read out.
          if (region && !region.closest('[aria-busy=true]') && region.textContent) said.push(region.textContent);
          for (const alert of element?.querySelectorAll('[role=alert]') ?? []) said.push(alert.textContent ?? '');
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  const said = (page: Page): Promise<string[]> => page.evaluate(() => (window as unknown as { said: string[] }).said);

  it('is told how many games a search found, once, and not of every letter', async () => {
    const { page } = seat;
    await page.goto('/');
    await page.locator('[data-game-index="0"]').waitFor();
    await listen(page);
    await page.locator('[data-search]').pressSequentially('amber', { delay: 30 });
    await expect.poll(() => said(page)).toContain('2 games');
    const counts = (await said(page)).filter((text) => /^\d+ games?$/.test(text));
    // Once, and not at every letter; a machine that is slow between two letters may answer what stood there.
    expect(counts.filter((text) => text === '2 games')).toHaveLength(1);
    expect(counts.length).toBeLessThan(3);
  });

  it('is told of a sync’s stages and its end, and of what went wrong', async () => {
    const { page } = seat;
    await page.goto('/platforms');
    const panel = page.getByRole('article', { name: 'Steam' });
    await panel.waitFor();
    await listen(page);
    await panel.getByRole('button', { name: 'Sync Steam now' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => said(page), { timeout: 40_000 }).toContainEqual(expect.stringMatching(/^Done: /));
    await home.hub.kill();
    await expect.poll(() => said(page), { timeout: 20_000 }).toContainEqual(expect.stringContaining('Offline'));
    await shot(page, 'heard');
    await home.hub.again();
    await expect.poll(() => said(page), { timeout: 30_000 }).toContainEqual(expect.stringContaining('Live'));
  });
});
