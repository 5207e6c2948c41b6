// The app knows no platform, genre, theme or text by name: a hub with made-up ones shows them all.
import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, open, shot, violations } from './browser';
import { ask, own, startHub, type Hub } from './start';

const odd = (kind: string): string => `${kind} ${randomBytes(4).toString('hex')}`;
const names = { title: odd('Title'), platform: odd('Platform'), genre: odd('Genre'), tag: odd('Tag'), theme: odd('Theme'), text: odd('Shelf'), hub: odd('Hub'), search: odd('Find'), place: odd('Elsewhere') };
const owner = { name: 'Ellen', password: 'correct horse battery' };

let hub: Hub;
let browser: Browser;
beforeAll(async () => {
  hub = await startHub();
  const token = await own(hub, owner.name, owner.password);
  const change = async (field: string, type: string, selection: string, input: object) => {
    const answer = await ask(hub.url, token, `mutation($input: ${type}!) { ${field}(input: $input) { ${selection} problems { message field } } }`, { input });
    expect((answer[field] as { problems: unknown[] }).problems).toEqual([]);
  };
  await change('importGames', 'ImportInput', 'added', { format: 'CSV', content: `title,platform,genres,tags,playtime_minutes\n${names.title},${names.platform},${names.genre},${names.tag},90` });
  const { themes } = (await ask(hub.url, token, '{ themes { id } }')) as { themes: { id: string }[] };
  expect(themes.map((theme) => theme.id)).toContain('high-contrast');
  await change('saveTheme', 'ThemeInput', 'theme { id }', { id: 'made-up', name: names.theme, basedOn: 'dark', colours: [{ token: 'bg', value: '#0d0318' }] });
  await change('saveTexts', 'UiTextsInput', 'ok', {
    texts: [
      { language: 'en', key: 'nav.library', text: names.text },
      { language: 'en', key: 'library.search', text: names.search },
      { language: 'en', key: 'nav.made-up', text: names.place },
    ],
  });
  const { uiConfig } = (await ask(hub.url, token, '{ uiConfig { version language languages density motion startPage lightTheme { id } darkTheme { id } navigation { id text path icon } pages { id text blocks { id kind text options } } } }')) as { uiConfig: Record<string, unknown> & { version: number; lightTheme: { id: string }; darkTheme: { id: string }; navigation: object[]; pages: { blocks: object[] }[] } };
  const { version, lightTheme, darkTheme, ...rest } = uiConfig;
  const pages = uiConfig.pages.map((page) => ({ ...page, blocks: [...page.blocks, { id: 'odd', kind: 'made-up-block', text: 'nav.made-up', options: { colour: 'mauve' } }] }));
  await change('saveUiConfig', 'SaveUiConfigInput', 'config { version }', { basedOn: version, config: { ...rest, pages, name: names.hub, lightTheme: lightTheme.id, darkTheme: darkTheme.id, navigation: [...uiConfig.navigation, { id: 'made-up', text: 'nav.made-up', path: '/tonight', icon: 'no-such-icon' }] } });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
});

describe('a hub with names of its own', () => {
  it('shows them on the screen, without a change here', async () => {
    const { page, context, strangers, complaints } = await open(browser, hub.url);
    await page.goto('/login');
    await page.getByLabel('Name').fill(owner.name);
    await page.getByLabel('Password').fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    // Texts and navigation.
    await page.getByRole('link', { name: names.text, exact: true }).first().waitFor();
    await page.getByRole('link', { name: names.place }).first().waitFor();
    await page.getByPlaceholder(names.search).waitFor();
    await page.getByRole('link', { name: new RegExp(names.hub) }).first().waitFor();
    // Facets and games.
    await page.locator('[data-game-index="0"]').getByText(names.title).first().waitFor();
    await page.getByRole('group', { name: 'Platform' }).getByText(names.platform).waitFor();
    await page.getByRole('group', { name: 'Genre' }).getByText(names.genre).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('genre')).toBe(names.genre);
    await page.getByRole('group', { name: 'Status' }).getByRole('checkbox').first().waitFor();
    await shot(page, 'made-up');
    // A theme.
    await page.goto('/settings');
    await page.getByText(names.theme).click();
    await expect.poll(() => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe('rgb(13, 3, 24)');
    await page.reload();
    // It is on before the hub has answered: the page's own script puts it there.
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe('rgb(13, 3, 24)');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(await violations(page)).toEqual([]);
    // A block that nobody here has heard of is shown as what it is.
    await page.goto('/insights');
    const block = page.locator('[data-block="made-up-block"]');
    await block.getByRole('heading', { name: names.place }).waitFor();
    await block.getByText('mauve').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(strangers).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('changes while one looks', async () => {
    const { page, context } = await open(browser, hub.url);
    await page.goto('/login');
    await page.getByLabel('Name').fill(owner.name);
    await page.getByLabel('Password').fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('status', { name: /Live/ }).first().waitFor();
    const signedIn = await fetch(`${hub.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ documentId: 'spa.Login', variables: { input: owner } }) });
    const token = ((await signedIn.json()) as { data: { login: { tokens: { accessToken: string } } } }).data.login.tokens.accessToken;
    const later = odd('Later');
    await ask(hub.url, token, 'mutation($input: UiTextsInput!) { saveTexts(input: $input) { ok } }', { input: { texts: [{ language: 'en', key: 'nav.library', text: later }] } });
    await page.getByRole('link', { name: later, exact: true }).first().waitFor();
    await context.close();
  });
});
