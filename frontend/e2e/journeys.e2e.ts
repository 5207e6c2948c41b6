import { readFileSync } from 'node:fs';
import type { Browser, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, open, shot, violations, type Watched } from './browser';

const hub = inject('hub');
const owner = { name: process.env.HUB_NAME ?? 'Ellen', password: process.env.HUB_PASSWORD ?? 'correct horse battery' };
const csv = ['title,platform,playtime_minutes,year,genres,rating', 'Amber Road,Shelf,620,2009,RPG,T', 'Amber Road II,Shelf,0,2012,RPG,T', 'Paper Tigers,Shelf,45,2018,Puzzle,E', 'Salt & Iron,Shelf,1300,2021,Strategy,M', '"Night, Falling",Shelf,0,1998,Adventure,'].join('\n');

let browser: Browser;
let seat: Watched;
beforeAll(async () => {
  browser = await launch();
  seat = await open(browser, hub.url);
});
afterAll(() => browser?.close());

async function signIn({ page }: Watched) {
  await page.goto('/login');
  await page.getByLabel('Name').fill(owner.name);
  await page.getByLabel('Password').fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Library' }).waitFor({ state: 'attached' });
}

describe('a household', () => {
  it('makes the hub its own with the token from the log', async () => {
    const { page } = seat;
    if (!hub.setupToken) return signIn(seat);
    await page.goto(`/setup?token=${hub.setupToken}`);
    await expect.poll(() => page.getByLabel('Setup token').inputValue()).toBe(hub.setupToken);
    expect(page.url()).not.toContain(hub.setupToken);
    await page.getByLabel('Your name').fill(owner.name);
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByLabel('Password again').fill('short');
    await page.getByRole('button', { name: 'Become the owner' }).click();
    // The rule is the hub's; it is shown at the field.
    await page.locator('[id$=-fault]').first().waitFor();
    await shot(page, 'setup-problem');
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Password', { exact: true }).fill(owner.password);
    await page.getByLabel('Password again').fill(owner.password);
    await page.getByRole('button', { name: 'Become the owner' }).click();
    await page.getByText('An empty shelf, for now').waitFor();
    await shot(page, 'library-empty');
    return undefined;
  });

  it('imports a file after a look at what it would do', async () => {
    const { page } = seat;
    await page.goto('/platforms');
    await page.getByRole('button', { name: 'Import a file' }).click();
    await page.getByLabel('File to import').setInputFiles({ name: 'shelf.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByRole('region', { name: 'Preview' }).getByText('Night, Falling').waitFor();
    await shot(page, 'import-preview');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Import 5 games' }).click();
    await page.getByText('5 games added').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('article', { name: 'Imported' }).waitFor();
  });

  it('is told what the columns of a file mean, and what cannot be read', async () => {
    const { page } = seat;
    await page.goto('/platforms');
    await page.getByRole('button', { name: 'Import a file' }).click();
    const dialog = page.getByRole('dialog');
    const odd = ['Was,Wie lange,Urteil', 'Amber Road,12,T', 'Glass Harbour,3,E', 'Glass Harbour II,lots,E'].join('\n');
    await dialog.getByLabel('File to import').setInputFiles({ name: 'liste.csv', mimeType: 'text/csv', buffer: Buffer.from(odd) });
    await dialog.getByText('Which column has the titles?').waitFor();
    await dialog.getByLabel('What Was is').selectOption('title');
    await dialog.getByRole('button', { name: /new/ }).waitFor();
    const columns = dialog.locator('details summary');
    if (!(await dialog.getByLabel('What Wie lange is').isVisible())) await columns.click();
    await dialog.getByLabel('What Wie lange is').selectOption('playtime_hours');
    await dialog.getByRole('button', { name: /1 unreadable|unreadable/ }).filter({ hasText: '1' }).waitFor();
    await shot(page, 'import-mapping');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('checkbox', { name: /Leave out the 1 game/ }).check();
    await dialog.getByRole('button', { name: /^Import \d games?$/ }).click();
    await dialog.getByText(/games? added/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('article', { name: 'Imported' }).waitFor();
  });

  it('finds a game while typing, by keyboard alone, and says where it stands with it', async () => {
    const { page } = seat;
    await page.goto('/settings');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.keyboard.press('/');
    await page.getByLabel('Search your games').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.hasAttribute('data-search'))).toBe(true);
    await page.keyboard.type('amber');
    await page.getByRole('status').filter({ hasText: '2 games' }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('amber');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /Amber Road/ }).waitFor();
    const status = page.getByLabel('Status');
    const choice = await status.locator('option').nth(2).textContent();
    await status.selectOption({ index: 2 });
    await page.getByText('Status saved.').waitFor();
    await page.getByRole('button', { name: 'Favourite' }).click();
    await page.getByText('Favourite saved.').waitFor();
    await page.getByLabel('Notes').fill('Stopped at the bridge.');
    await page.getByLabel('Notes').blur();
    await page.getByText('Notes saved.').waitFor();
    await page.reload();
    await expect.poll(() => page.getByLabel('Status').locator('option:checked').textContent()).toBe(choice);
    expect(await page.getByLabel('Notes').inputValue()).toBe('Stopped at the bridge.');
    await shot(page, 'game');
    await page.goBack();
    await page.getByLabel('Search your games').press('Escape');
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBeNull();
    // The total belongs to the query: after a cleared search it is that of all games again.
    await expect.poll(() => page.getByRole('status').filter({ hasText: /games?$/ }).first().textContent()).not.toBe('2 games');
  });

  it('keeps filters in the address', async () => {
    const { page } = seat;
    await page.goto('/');
    await page.getByRole('group', { name: 'Genre' }).getByText('RPG').click();
    await expect.poll(() => new URL(page.url()).searchParams.get('genre')).toBe('RPG');
    const chip = page.getByRole('list', { name: 'Active filters' }).getByRole('button');
    await chip.waitFor();
    await page.reload();
    await chip.waitFor();
    await shot(page, 'library-filtered');
    await chip.click();
    await expect.poll(() => new URL(page.url()).search).toBe('');
  });

  it('links Steam, is told what is wrong where, and watches the sync', async () => {
    const { page } = seat;
    await page.goto('/platforms');
    await page.getByRole('button', { name: 'Connect Steam' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Web API key').fill('not a key');
    await dialog.getByLabel('Account').fill('76561198000000042');
    await dialog.getByRole('button', { name: 'Connect' }).click();
    await expect.poll(() => dialog.getByLabel('Web API key').getAttribute('aria-invalid')).toBe('true');
    await shot(page, 'connect-problem');
    expect(await violations(page)).toEqual([]);
    await dialog.getByLabel('Web API key').fill('0123456789abcdef0123456789ABCDEF');
    await dialog.getByRole('button', { name: 'Connect' }).click();
    const panel = page.getByRole('article', { name: 'Steam' });
    await panel.waitFor();
    // It starts by itself; where the store asks for a pause, the deadline counts down.
    await panel.getByText(/Goes on in 0:0\d/).waitFor({ timeout: 20_000 });
    await shot(page, 'sync-paused');
    await panel.getByText(/Done: \d+ games? added/).waitFor({ timeout: 45_000 });
    await shot(page, 'sync-done');
    await panel.getByRole('button', { name: 'History of Steam' }).click();
    await panel.getByText('Succeeded').first().waitFor();
  });

  it('shows an outage, and after it the end of a sync that went on meanwhile', async () => {
    const line = await open(browser, hub.url);
    const sockets = new Set<WebSocketRoute>();
    let down = false;
    await line.context.routeWebSocket(/\/graphql$/, (socket) => {
      if (down) return void socket.close({ code: 1001 });
      socket.connectToServer();
      return void sockets.add(socket);
    });
    await line.context.route('**/graphql', (route) => (down ? route.abort() : route.continue()));
    await signIn(line);
    const { page } = line;
    await page.goto('/platforms');
    const panel = page.getByRole('article', { name: 'Steam' });
    await page.getByRole('status', { name: /Live/ }).first().waitFor();
    await panel.getByRole('button', { name: 'Sync Steam now' }).click();
    await panel.getByRole('button', { name: /Sync/ }).and(page.locator('[disabled]')).waitFor();
    down = true;
    for (const socket of sockets) await socket.close({ code: 1001 });
    await page.getByRole('status', { name: /Offline/ }).first().waitFor();
    await shot(page, 'outage');
    await page.waitForTimeout(10_000);
    down = false;
    await panel.getByText(/^Done:/).waitFor({ timeout: 40_000 }).finally(() => shot(page, 'outage-over'));
    await page.getByRole('status', { name: /Live/ }).first().waitFor();
    await line.context.close();
  });

  it('makes a child’s profile and a key that is shown once', async () => {
    const { page } = seat;
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Add a child' }).click();
    await page.getByLabel('Name').fill('Mika');
    await page.getByLabel('Games up to').selectOption('E10+');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Up to Everyone 10+, unrated games hidden').waitFor();
    await page.getByRole('button', { name: 'Edit Mika' }).click();
    await page.getByLabel('Ratings by').selectOption({ label: 'USK (Germany)' });
    await page.getByLabel('Games up to').selectOption('12');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Up to USK 12, unrated games hidden').waitFor();
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('What it is for').fill('Home Assistant');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const secret = await page.locator('[data-secret]').textContent();
    expect(secret).toMatch(/^gd_/);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('button', { name: 'Revoke Home Assistant' }).click();
    await page.getByRole('button', { name: 'Revoke for good' }).click();
    await page.getByText('No keys.').waitFor();
  });

  it('gathers games by a rule, sees the count while building it, and why a game is not in it', async () => {
    const { page } = seat;
    await page.goto('/collections');
    await page.getByRole('link', { name: 'Collection by a rule' }).click();
    await page.getByLabel('Name').fill('Role-playing, unplayed');
    await page.getByLabel('What it asks about').selectOption({ label: 'Genre' });
    await page.getByLabel('Genre: add an option').fill('rp');
    await page.getByRole('option', { name: /^RPG/ }).click();
    const count = page.getByRole('region', { name: 'What it gathers' }).getByRole('status');
    await count.filter({ hasText: '2 games' }).waitFor();
    await page.getByRole('button', { name: 'Group' }).click();
    const inner = page.getByRole('group', { name: 'Group all[1]' });
    await inner.getByLabel('How its parts are joined').selectOption({ label: 'None of these' });
    await inner.getByLabel('What it asks about').selectOption({ label: 'Ever played' });
    await count.filter({ hasText: '1 game' }).waitFor();
    await shot(page, 'rule');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make the collection' }).click();
    await page.getByRole('heading', { level: 1, name: 'Role-playing, unplayed' }).waitFor();
    await page.locator('[data-game-index="0"]').getByText('Amber Road II').first().waitFor();
    await page.getByRole('button', { name: 'Why?' }).click();
    await page.getByLabel('Search a game').fill('amber road');
    await page.getByRole('button', { name: 'Explain Amber Road', exact: true }).click();
    await page.getByText('Amber Road is not in it.').waitFor();
    await page.getByText('Does not hold').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await shot(page, 'why');
    await page.keyboard.press('Escape');
    // A change to a game is seen at once.
    await page.getByRole('link', { name: 'Change' }).click();
    await page.getByRole('group', { name: 'Condition: Genre' }).getByRole('button', { name: /^RPG/ }).click();
    await page.getByRole('button', { name: 'Save' }).and(page.locator('[disabled]')).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  it('puts games together by hand, in an order of its own', async () => {
    const { page } = seat;
    await page.goto('/collections');
    await page.getByRole('button', { name: 'Collection by hand' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Next holiday');
    await page.getByRole('button', { name: 'Make it' }).click();
    for (const title of ['Paper Tigers', 'Salt & Iron']) {
      await page.getByLabel('Search your games to add').fill(title);
      await page.getByRole('button', { name: `Add ${title}` }).click();
      await page.getByText(`${title} is in.`).waitFor();
    }
    await page.getByRole('button', { name: 'Move Salt & Iron up' }).click();
    await page.getByText('Salt & Iron is number 1.').waitFor();
    await expect.poll(() => page.locator('main ol li a').allTextContents()).toEqual(['Salt & Iron', 'Paper Tigers']);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take Paper Tigers out' }).click();
    await expect.poll(() => page.locator('main ol li a').allTextContents()).toEqual(['Salt & Iron']);
    await page.getByRole('button', { name: 'Delete Next holiday' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { level: 1, name: 'Collections' }).waitFor();
    await page.getByText('Next holiday').waitFor({ state: 'detached' });
  });

  it('marks many games at once, by keyboard alone, and keeps a view', async () => {
    const { page } = seat;
    await page.goto('/?genre=RPG&view=list');
    await page.locator('[data-game-index="0"]').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+Space');
    const bar = page.getByRole('region', { name: 'Chosen games' });
    await bar.getByText('2 chosen').waitFor();
    expect(await violations(page)).toEqual([]);
    await shot(page, 'bulk');
    await bar.getByLabel('Set the status').selectOption({ label: 'Completed' });
    await bar.getByText('2 games: Completed.').waitFor();
    await expect.poll(() => page.locator('[data-game-index]').filter({ hasText: 'Completed' }).count()).toBe(2);
    await page.keyboard.press('Escape');
    await bar.waitFor({ state: 'detached' });
    await page.keyboard.press('v');
    await page.getByLabel('Keep what is shown now as').fill('Finished tales');
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    expect(await violations(page)).toEqual([]);
    await page.goto('/');
    await page.getByRole('button', { name: 'Views' }).first().click();
    await page.getByRole('button', { name: 'Finished tales', exact: true }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('?genre=RPG&view=list');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('heading', { level: 1, name: 'Platforms' }).waitFor();
  });

  it('rates a game and takes the rating back', async () => {
    const { page } = seat;
    await page.goto('/?q=paper');
    await page.locator('[data-game-index="0"]').click();
    await page.getByLabel('My rating').focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('Rating saved.').waitFor();
    await page.getByRole('button', { name: 'Clear my rating' }).click();
    await expect.poll(() => page.getByLabel('My rating').getAttribute('aria-valuetext')).toBe('Not rated');
    await page.getByText('Rating saved.').waitFor();
    await page.reload();
    await expect.poll(() => page.getByLabel('My rating').getAttribute('aria-valuetext')).toBe('Not rated');
  });

  it('asks what to play and gets reasons', async () => {
    const { page } = seat;
    await page.goto('/tonight');
    await page.getByLabel('What are you in the mood for?').fill('something short');
    await page.getByRole('button', { name: 'Ask' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('wish')).toBe('something short');
    await page.locator('main a[href^="/games/"]').first().waitFor();
    await shot(page, 'tonight');
  });

  it('is shown two games that may be one, merges them and takes it back', async () => {
    const { page } = seat;
    await page.goto('/platforms');
    await page.getByRole('button', { name: 'Import a file' }).click();
    const dialog = page.getByRole('dialog');
    const twice = ['title,platform,year,developer,playtime_minutes', 'Copper Lantern,Shelf,2019,Tin Works,300', 'Copper Lantern Edition,Attic,2019,Tin Works,20'].join('\n');
    await dialog.getByLabel('File to import').setInputFiles({ name: 'twice.csv', mimeType: 'text/csv', buffer: Buffer.from(twice) });
    await dialog.getByRole('button', { name: 'Import 2 games' }).click();
    await dialog.getByText('2 games added').waitFor();
    const pair = page.getByRole('article', { name: /Copper Lantern and Copper Lantern Edition|Copper Lantern Edition and Copper Lantern/ });
    // The hub matches a moment after the import.
    await expect
      .poll(
        async () => {
          await page.goto('/duplicates');
          await page.getByRole('heading', { level: 1, name: 'Duplicates' }).waitFor();
          await page.waitForLoadState('networkidle');
          return pair.count();
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    await pair.getByRole('list', { name: 'Evidence' }).getByText(/2019/).waitFor();
    expect(await violations(page)).toEqual([]);
    await shot(page, 'duplicates');
    await pair.getByRole('button', { name: 'Merge' }).click();
    await page.getByText('Copper Lantern Edition is part of Copper Lantern now.').waitFor();
    await pair.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back.', { exact: true }).waitFor();
  });

  it('takes its data along', async () => {
    const { page } = seat;
    await page.goto('/settings');
    for (const [format, has] of [
      ['JSON', '"Amber Road"'],
      ['CSV', 'Amber Road'],
    ] as const) {
      await page.getByLabel('Kind of file').selectOption(format);
      await page.getByRole('button', { name: 'Make the file' }).click();
      const link = page.getByRole('link', { name: /^Save / });
      await link.waitFor();
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      expect(readFileSync(await download.path(), 'utf8')).toContain(has);
      await page.reload();
    }
  });

  it('opens a screen’s query in the playground and runs it there', async () => {
    const { page, context } = seat;
    await page.goto('/');
    await page.locator('[data-game-index="0"]').waitFor();
    await page.getByRole('button', { name: 'View query' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('tab', { name: 'Home Assistant' }).click();
    await dialog.getByRole('region', { name: 'Home Assistant' }).getByText('!secret game_djinn_bearer').waitFor();
    expect(await violations(page)).toEqual([]);
    await shot(page, 'view-query');
    const [playground] = await Promise.all([context.waitForEvent('page'), dialog.getByRole('link', { name: 'Open in the playground' }).click()]);
    await playground.getByRole('button', { name: 'Execute query' }).waitFor({ timeout: 30_000 });
    await playground.getByText('GameCard').first().waitFor();
    await playground.getByRole('button', { name: 'Execute query' }).click();
    await playground.locator('.graphiql-response').getByText('nodes').first().waitFor({ timeout: 15_000 }).finally(() => shot(playground, 'playground'));
    expect(await violations(playground)).toEqual([]);
    await playground.close();
  });

  it('invites somebody, who chooses a name and a password and has a library of their own', async () => {
    const { page } = seat;
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    const link = (await page.getByRole('region', { name: 'Link of the invite' }).innerText()).trim();
    const { hash, origin } = new URL(link);
    expect(origin).toBe(new URL(hub.url).origin);
    expect(hash.length).toBeGreaterThan(10);
    expect(await violations(page)).toEqual([]);
    const guest = await open(browser, hub.url, { width: 390 });
    // The code is a secret: it is in no request but the one that uses it.
    const asked: string[] = [];
    guest.context.on('request', (request) => asked.push(request.url()));
    await guest.page.goto(link);
    await guest.page.getByLabel('Your name').waitFor();
    await expect.poll(() => guest.page.url()).not.toContain(hash);
    await guest.page.getByLabel('Your name').fill('Mila');
    await guest.page.getByLabel('Password', { exact: true }).fill('short');
    await guest.page.getByLabel('Password again').fill('short');
    await guest.page.getByRole('button', { name: 'Make my account' }).click();
    await guest.page.locator('[id$=-fault]').first().waitFor();
    await shot(guest.page, 'invite-problem');
    expect(await violations(guest.page)).toEqual([]);
    await guest.page.getByLabel('Password', { exact: true }).fill('tin harbour battery');
    await guest.page.getByLabel('Password again').fill('tin harbour battery');
    await guest.page.getByRole('button', { name: 'Make my account' }).click();
    // A household of their own: nothing of the one that invited is in it.
    await guest.page.getByText('An empty shelf, for now').waitFor();
    expect(asked.filter((url) => url.includes(hash.slice(1)))).toEqual([]);
    await guest.page.goto('/settings');
    await guest.page.getByText(/^Mila, /).waitFor();
    // The link made one account and makes no other.
    await guest.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await guest.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await guest.page.goto('about:blank');
    await guest.page.goto(link);
    await guest.page.getByLabel('Your name').fill('Nils');
    await guest.page.getByLabel('Password', { exact: true }).fill('tin harbour battery');
    await guest.page.getByLabel('Password again').fill('tin harbour battery');
    await guest.page.getByRole('button', { name: 'Make my account' }).click();
    await guest.page.getByRole('alert').first().waitFor();
    expect(guest.strangers).toEqual([]);
    expect(guest.complaints).toEqual([]);
    await guest.context.close();
    await page.reload();
    await page.getByRole('heading', { name: 'Invites' }).waitFor();
    expect(await page.getByRole('button', { name: /^Take back the invite/ }).count()).toBe(0);
  });

  it('keeps the frame at an address that leads nowhere', async () => {
    const { page } = seat;
    await page.goto('/no/such/place');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Collections' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Collections' }).waitFor();
  });

  it('signs out everywhere on this device and in again, back to where it wanted to go', async () => {
    const { page } = seat;
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await page.goto('/platforms');
    await page.getByLabel('Name').fill(owner.name);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').first().waitFor();
    await page.getByLabel('Password').fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Platforms' }).waitFor();
  });
});

describe('on its whole way', () => {
  it('asked nobody but the hub, and the browser had nothing to complain about', () => {
    expect(seat.strangers).toEqual([]);
    expect(seat.complaints).toEqual([]);
  });
});
