// Everything the app says by itself is a text of the hub: in a language that nobody speaks no word of
// it is left. And what a person makes of it for themselves: German, a status, a view of the library.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, open, shot, violations, type Watched } from './browser';
import { art, owner, startHousehold, type Household } from './household';
import { ask } from './start';

const shipped = (language: string): Record<string, string> => JSON.parse(readFileSync(new URL(`../../subgraphs/metadata/src/content/text/${language}.json`, import.meta.url), 'utf8')) as Record<string, string>;
const english = shipped('en');
const german = shipped('de');
/** A language without a built-in text, so that all that is shown of it was written below. */
const ODD = 'eo';
/** Each text is a mark of its own, with what it leaves open between two of them: `⟦12⟧Amber Road⟦12⟧`. */
const odd = Object.fromEntries(Object.entries(english).map(([key, text], n) => [key, `⟦${n}⟧${[...new Set(text.match(/\{\w+\}/g))].map((open) => `${open}⟦${n}⟧`).join('')}`]));
const made = (kind: string): string => `${kind} ${randomBytes(4).toString('hex')}`;

let home: Household;
let browser: Browser;
const change = async (field: string, type: string, selection: string, input: object): Promise<void> => {
  const answer = await ask(home.hub.url, home.token, `mutation($input: ${type}!) { ${field}(input: $input) { ${selection} problems { message field } } }`, { input });
  expect((answer[field] as { problems: unknown[] }).problems).toEqual([]);
};
beforeAll(async () => {
  home = await startHousehold();
  const texts = Object.entries(odd).map(([key, text]) => ({ language: ODD, key, text }));
  // So many in one change.
  for (let from = 0; from < texts.length; from += 500) await change('saveTexts', 'UiTextsInput', 'ok', { texts: texts.slice(from, from + 500) });
  const { uiConfig } = (await ask(home.hub.url, home.token, '{ uiConfig { version name language languages density motion startPage lightTheme { id } darkTheme { id } navigation { id text path icon } pages { id text blocks { id kind text options } } } }')) as {
    uiConfig: Record<string, unknown> & { version: number; languages: string[]; lightTheme: { id: string }; darkTheme: { id: string } };
  };
  const { version, lightTheme, darkTheme, languages, ...rest } = uiConfig;
  expect(languages).toContain('de');
  await change('saveUiConfig', 'SaveUiConfigInput', 'config { version }', { basedOn: version, config: { ...rest, languages: [...languages, ODD], lightTheme: lightTheme.id, darkTheme: darkTheme.id } });
  browser = await launch();
}, 150_000);
afterAll(async () => {
  await browser?.close();
  await home?.stop();
});

/** A device of the owner's. The form is told by what browsers know it by: its words may be in any language. */
async function enter(width = 1280): Promise<Watched> {
  const watched = await open(browser, home.hub.url, { width });
  await watched.context.route('**/art/**', (route) => route.fulfill(art));
  const { page } = watched;
  await page.goto('/login');
  await page.locator('input[autocomplete=username]').fill(owner.name);
  await page.locator('input[autocomplete=current-password]').fill(owner.password);
  await page.locator('form button[type=submit]').click();
  await page.locator('[data-game-index="0"]').waitFor();
  return watched;
}

/** Chooses a language where a person does. */
async function speak(page: Page, language: string): Promise<void> {
  await page.goto('/settings');
  await page.locator('main select', { has: page.locator(`option[value=${ODD}]`) }).selectOption(language);
}

async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !document.querySelector('main .skeleton, [role=dialog] .skeleton'), null, { timeout: 5_000 }).catch(() => undefined);
}

/** Every string that the hub has answered, so that a title or the name of a genre is known as its own. */
function answers({ page, context }: Watched): Set<string> {
  const heard = new Set<string>();
  const note = (value: unknown): void => {
    if (typeof value === 'string') heard.add(bare(value));
    else if (typeof value === 'object' && value !== null) for (const [key, inside] of Object.entries(value)) if (key !== 'texts') note(inside);
  };
  const read = (text: string): void => {
    try {
      note(JSON.parse(text));
    } catch {
      // Not an answer.
    }
  };
  context.on('response', async (response) => {
    if (response.headers()['content-type']?.includes('json')) read(await response.text().catch(() => ''));
  });
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => read(payload.toString())));
  return heard;
}

/** Without what stands around words: a message of the hub's is made a sentence. */
const bare = (text: string): string => text.trim().replace(/^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu, '').toLowerCase();

/** What the browser itself says in a language: months, days, "two weeks ago", languages, units. */
function browserWords(page: Page): Promise<string[]> {
  return page.evaluate((language) => {
    const said = new Set<string>();
    const add = (text: string | undefined) => text?.split(/[\s\d.,:/()+−-]+/).forEach((word) => word && said.add(word.toLowerCase()));
    for (let nth = 0; nth < 84; nth += 1) {
      // Each month and each day of the week.
      const day = new Date(2024, nth % 12, 1 + (nth % 28), nth % 24);
      for (const style of ['long', 'short', 'narrow'] as const) {
        add(new Intl.DateTimeFormat(language, { month: style }).format(day));
        add(new Intl.DateTimeFormat(language, { weekday: style }).format(day));
        add(new Intl.DateTimeFormat(language, { month: style, weekday: style, day: 'numeric', year: 'numeric' }).format(day));
      }
      for (const style of ['full', 'long', 'medium', 'short'] as const) add(new Intl.DateTimeFormat(language, { dateStyle: style, timeStyle: style }).format(day));
    }
    for (const unit of ['year', 'month', 'week', 'day', 'hour', 'minute'] as const) {
      for (const amount of [-5, -2, -1, 0, 1, 2, 5]) add(new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(amount, unit));
    }
    add(new Intl.NumberFormat(language, { style: 'unit', unit: 'kilobyte' }).format(3));
    for (const tag of ['de', 'en', language]) add(new Intl.DisplayNames([tag], { type: 'language' }).of(tag));
    return [...said];
  }, ODD);
}

type Seen = { text: string; where: string; /** A line of a title on a cover that the app drew. */ drawn?: boolean };
/** All that a person can read or hear of the page. Code is for machines. */
function seen(page: Page): Promise<Seen[]> {
  return page.evaluate(() => {
    const found: { text: string; where: string; drawn?: boolean }[] = [];
    // The titles on the wall of covers beside a sign-in are invented, and nobody hears them.
    const skip = 'code, pre, kbd, script, style, template, [data-theme-sample], main > [aria-hidden=true]';
    const where = (element: Element) => `${element.closest('section, nav, header, [role=dialog]')?.getAttribute('aria-labelledby') ?? ''} <${element.tagName.toLowerCase()} class="${(element.getAttribute('class') ?? '').slice(0, 40)}">`;
    const shown = (element: Element) => element.tagName === 'OPTION' || element.checkVisibility();
    for (const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); walker.nextNode(); ) {
      const element = walker.currentNode.parentElement;
      // A text with links in it is one text.
      const text = (element?.closest('[data-linked]') ?? walker.currentNode).textContent;
      if (element && !element.closest(skip) && shown(element) && text?.trim()) found.push({ text, where: where(element), drawn: element.matches('svg text, svg tspan') && !element.closest('.recharts-wrapper') });
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt], [aria-valuetext], [aria-description], [aria-roledescription]')) {
      if (element.closest(skip) || !shown(element)) continue;
      const heard = element.closest('[aria-hidden=true]') ? [] : ['aria-label', 'alt', 'aria-valuetext', 'aria-description', 'aria-roledescription'];
      for (const name of ['title', 'placeholder', ...heard]) {
        const text = element.getAttribute(name);
        if (text?.trim()) found.push({ text, where: `${name} of ${where(element)}` });
      }
    }
    found.push({ text: document.title, where: 'the title of the page' });
    return found;
  });
}

/** Names that are the same in every language. */
const names = /^(game djinn|graphql|home assistant|node-red|homepage|glance|prometheus|curl|csv|json|md|markdown|chrome|linux|steam|gog|utc|https?:\/\/\S+|[\w-]+\.(sh|yaml|yml|json)|[A-Za-z]+(\/[A-Za-z0-9_+-]+)+)$/i;

/** What the page says that is neither a text of the hub's nor anything else of its answers. */
async function strange(page: Page, heard: Set<string>, browsers: Set<string>): Promise<string[]> {
  const found: string[] = [];
  for (const { text, where, drawn } of await seen(page)) {
    if (drawn && [...heard].some((one) => one.includes(bare(text)))) continue;
    for (const piece of text.split(/⟦\d+⟧/)) {
      const known = (part: string): boolean => {
        const word = bare(part);
        // Initials on a badge; numbers.
        if (heard.has(word) || names.test(word) || !/\p{L}{3}/u.test(word)) return true;
        return word.split(/[\s\d.,:/()+−-]+/).every((one) => !one || browsers.has(one));
      };
      if (!known(piece) && !piece.split(/,|·|: /).every(known)) found.push(`“${piece.trim().slice(0, 120)}” in “${text.trim().slice(0, 80)}”, ${where}`);
    }
  }
  return [...new Set(found)];
}

/** A text of the odd language as it is shown. */
const said = (key: string, open: Record<string, string | number> = {}): string => (odd[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(open[name]));
type Way = (page: Page) => Promise<unknown>;
const press =
  (key: string, open: Record<string, string | number> = {}): Way =>
  (page) =>
    page.getByRole('button', { name: said(key, open), exact: true }).first().click();

/** The same where the name has a part that only the hub knows. */
const pressWith =
  (key: string, open: Record<string, string>, unknown: string): Way =>
  (page) =>
    page
      .getByRole('button', { name: new RegExp(`^${said(key, { ...open, [unknown]: '@' }).replace('@', '.+')}$`) })
      .first()
      .click();
/** A platform's form, in which its own words stand in the language as well. */
const connect =
  (id: string, name: string, field: string): Way =>
  async (page) => {
    await press('platforms.connect', { name })(page);
    const dialog = page.getByRole('dialog');
    for (const key of ['help', `${field}.label`, `${field}.help`]) await dialog.getByText(said(`platform.${id}.${key}`)).first().waitFor();
  };

/** The screens, and how each dialog of theirs is opened. */
const screens = (): [path: string, ...dialogs: Way[]][] => [
  ['/', press('library.views'), press('common.viewQuery'), (page) => page.keyboard.press('?')],
  ['/?view=list&played=no&genre=RPG'],
  ['/?q=zzzzzz'],
  [`/games/${home.game}`, press('game.screenshotOf', { value: 1, length: 3 }), press('game.correct', { name: said('game.genres') }), press('game.choosePicture')],
  [`/games/${home.imported}`, pressWith('game.changeCopy', { title: 'Paper Tigers' }, 'label'), pressWith('game.removeCopy', { title: 'Paper Tigers' }, 'label')],
  ['/platforms', press('platforms.import'), press('platforms.addAGame'), press('platforms.makeAShelf'), connect('steam', 'Steam', 'wishlist'), connect('xbox', 'Xbox', 'code'), connect('playstation', 'PlayStation', 'npsso'), connect('gog', 'GOG', 'code'), connect('epic', 'Epic Games Store', 'code'), async (page) => (await press('platforms.unlink', { label: 'Steam' })(page), await press('platforms.forgetItForGoodInstead')(page))],
  ['/collections', press('collections.byHand')],
  [`/collections/${home.byRule}`, press('collections.why2'), press('collections.delete', { name: 'Role-playing' })],
  [`/collections/${home.byHand}`, press('collections.rename')],
  ['/collections/new'],
  [`/collections/${home.byRule}/edit`],
  ['/insights?period=ALL_TIME'],
  ['/duplicates'],
  ['/tonight'],
  ['/settings', press('settings.addAChild'), press('settings.useThisDeviceAs', { name: 'Mika' }), press('settings.newKey'), press('settings.renameStatus', { name: 'Lent out' })],
  ['/status'],
  ['/invite'],
  ['/no/such/place'],
];

describe('a language of random texts', () => {
  it('is on every screen and in every dialog, and leaves no word of another', async () => {
    const watched = await enter();
    const { page, context, complaints } = watched;
    const heard = answers(watched);
    // What is typed in the address below.
    heard.add('zzzzzz');
    await speak(page, ODD);
    // At once, without a reload.
    await page.getByRole('heading', { level: 1, name: said('nav.settings') }).waitFor();
    await expect.poll(() => page.title()).toContain(said('nav.settings'));
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe(ODD);
    const browsers = new Set(await browserWords(page));
    const found: string[] = [];
    for (const [path, ...ways] of screens()) {
      await page.goto(path);
      await page.locator('main').getByText(/⟦\d+⟧/).first().waitFor();
      await settled(page);
      await shot(page, `odd${path.replace(/[^a-z0-9]+/gi, '-')}`);
      expect((await seen(page)).filter(({ text }) => /⟦\d+⟧/.test(text)).length, path).toBeGreaterThan(['/no/such/place', '/invite'].includes(path) ? 2 : 15);
      found.push(...(await strange(page, heard, browsers)).map((one) => `${path}: ${one}`));
      // The hub's own statuses and themes have a text as well.
      if (path === '/') await page.getByRole('group', { name: said('library.status') }).getByText(said('statusName.playing')).waitFor();
      if (path === '/settings') await page.getByRole('radio', { name: said('themeName.high-contrast') }).waitFor({ state: 'attached' });
      for (const [nth, way] of ways.entries()) {
        await way(page);
        const dialog = page.getByRole('dialog').last();
        await dialog.getByText(/⟦\d+⟧/).first().waitFor();
        await settled(page);
        found.push(...(await strange(page, heard, browsers)).map((one) => `${path}, dialog ${nth + 1}: ${one}`));
        const dialogs = page.getByRole('dialog');
        for (let left = await dialogs.count(); left > 0; left -= 1) {
          await page.keyboard.press('Escape');
          await expect.poll(() => dialogs.count()).toBeLessThan(left);
        }
      }
    }
    // The link of an invite is shown where it was asked for.
    await page.goto('/settings');
    await press('settings.invite')(page);
    await page.getByRole('region', { name: said('settings.inviteLinkLabel') }).waitFor();
    found.push(...(await strange(page, heard, browsers)).map((one) => `an invite: ${one}`));
    // What a rule asks about is said in it as well.
    await page.goto(`/collections/${home.byRule}/edit`);
    await expect.poll(() => page.locator('main select option:checked').allInnerTexts()).toEqual(expect.arrayContaining([said('field.GENRE'), said('operator.ONE_OF')]));
    // And why a game is picked.
    await page.goto('/tonight');
    await page.locator('main').getByText(said('reason.waits.never.you')).first().waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/');
    await press('nav.more')(page);
    await page.getByRole('dialog').getByText(said('nav.status')).waitFor();
    found.push(...(await strange(page, heard, browsers)).map((one) => `on a phone: ${one}`));
    expect(found).toEqual([]);
    // Who signs in elsewhere is spoken to like this at once, although the page began in another language.
    const elsewhere = await enter();
    await elsewhere.page.getByRole('link', { name: said('nav.library'), exact: true }).first().waitFor();
    // And the page is in the hub's own again when nobody is there.
    await elsewhere.page.goto('/settings');
    await press('login.out')(elsewhere.page);
    await elsewhere.page.getByRole('button', { name: english['login.submit'], exact: true }).waitFor();
    await expect.poll(() => elsewhere.page.evaluate(() => document.documentElement.lang)).toBe('en');
    expect([...complaints, ...elsewhere.complaints]).toEqual([]);
    await elsewhere.context.close();
    await context.close();
  });
});

/** English texts on the page that German has another word for; what the hub calls something is not the app's to say. */
async function leftInEnglish(page: Page, heard: Set<string>): Promise<string[]> {
  const both = new Set(Object.values(german));
  const foreign = new Set(Object.values(english).filter((text) => !both.has(text)));
  return (await seen(page)).filter(({ text }) => foreign.has(text.trim()) && !heard.has(bare(text))).map(({ text, where }) => `“${text.trim()}”, ${where}`);
}

describe('German', () => {
  it('is there at once, on another device as well, and after a reload, with its dates and numbers', async () => {
    await change('updatePreferences', 'PreferencesInput', 'preferences { language }', { language: null });
    await change('importGames', 'ImportInput', 'added', { format: 'CSV', content: 'title,platform,playtime_minutes\nHalf Past One,Shelf,90' });
    const watched = await enter();
    const other = await enter();
    const { page, context, complaints } = watched;
    const heard = answers(watched);
    await other.page.getByRole('status', { name: /Live/ }).first().waitFor();
    await page.goto('/settings');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.getByRole('region', { name: english['settings.devices'] }).getByText(/[A-Z][a-z]{2} \d{1,2}, \d{4}/).first().waitFor();
    await page.getByLabel('Language').selectOption({ label: 'Deutsch' });
    const navigation = page.getByRole('navigation').first().getByRole('link');
    const inGerman = ['library', 'tonight', 'collections', 'insights', 'duplicates', 'platforms', 'settings', 'status'].map((place) => german[`nav.${place}`]);
    const turned = async () => {
      await page.getByRole('heading', { level: 1, name: german['nav.settings'], exact: true }).waitFor();
      await expect.poll(() => navigation.allInnerTexts()).toEqual(inGerman);
      await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('de');
      await expect.poll(() => page.title()).toBe(`${german['nav.settings']} · ${german['app.name']}`);
      await settled(page);
      const headings = await page.getByRole('heading', { level: 2 }).allInnerTexts();
      expect(headings).toEqual(expect.arrayContaining([german['settings.theme'], german['settings.statuses'], german['settings.devices']]));
      // The hub's own statuses and themes as well.
      await page.getByRole('list', { name: german['settings.statuses'] }).getByText(german['statusName.playing'] ?? '', { exact: true }).waitFor();
      await page.getByRole('radio', { name: german['themeName.dark'], exact: true }).waitFor({ state: 'attached' });
      // Dates: 07.02.2026.
      await page.getByRole('region', { name: german['settings.devices'] }).getByText(/\b\d{2}\.\d{2}\.\d{4}\b/).first().waitFor();
      expect(await leftInEnglish(page, heard)).toEqual([]);
    };
    await turned();
    // The device beside it hears of it.
    await other.page.getByRole('link', { name: german['nav.settings'], exact: true }).first().waitFor();
    await expect.poll(() => other.page.evaluate(() => document.documentElement.lang)).toBe('de');
    await other.context.close();
    await page.reload();
    await turned();
    await shot(page, 'german-settings');
    await page.goto('/?q=Half+Past');
    await page.locator('[data-game-index="0"]').getByText('Half Past One').first().waitFor();
    await settled(page);
    expect(await leftInEnglish(page, heard)).toEqual([]);
    await page.locator('[data-game-index="0"] a, a[data-game-index="0"]').first().click();
    await page.getByRole('heading', { level: 1, name: 'Half Past One' }).waitFor();
    // Numbers: 1,5 with a comma.
    await page.getByText((german['time.hours'] ?? '').replace('{n}', '1,5')).first().waitFor();
    await settled(page);
    expect(await leftInEnglish(page, heard)).toEqual([]);
    await shot(page, 'german-game');
    await page.goto('/platforms');
    await page.getByRole('button', { name: (german['platforms.connect'] ?? '').replace('{name}', 'Steam'), exact: true }).click();
    const form = page.getByRole('dialog');
    await form.getByText(german['platform.steam.account.help'] ?? '').waitFor();
    await form.getByRole('checkbox', { name: german['platform.steam.wishlist.label'] }).waitFor();
    await form.getByLabel(german['platform.steam.apiKey.label'] ?? '').fill('abc');
    await form.getByLabel(german['platform.steam.account.label'] ?? '').fill('76561198000000042');
    await form.getByRole('button', { name: german['platforms.connect2'], exact: true }).click();
    await form.getByText(german['platform.steam.apiKey.INVALID_INPUT'] ?? '').waitFor();
    expect(await leftInEnglish(page, heard)).toEqual([]);
    await shot(page, 'german-platform');
    await page.keyboard.press('Escape');
    expect(complaints).toEqual([]);
    await context.close();
    await change('updatePreferences', 'PreferencesInput', 'preferences { language }', { language: null });
  });
});

describe('a status of one’s own', () => {
  it('is made in the settings, chosen for a game and looked for in the library', async () => {
    const name = made('Lent');
    const { page, context, complaints } = await enter();
    await page.goto('/settings');
    const statuses = page.getByRole('region', { name: 'Statuses' });
    await statuses.getByLabel(english['settings.newStatus'] ?? '').fill(name);
    await statuses.getByRole('button', { name: english['settings.addStatus'] }).click();
    await statuses.getByRole('listitem').filter({ hasText: name }).waitFor();
    await page.goto(`/games/${home.game}`);
    const choice = page.getByRole('combobox', { name: 'Status' });
    await choice.selectOption({ label: name });
    await page.getByRole('status').filter({ hasText: /saved/i }).waitFor();
    await page.reload();
    await expect.poll(() => choice.locator('option:checked').innerText()).toBe(name);
    await page.goto('/');
    await page.getByRole('group', { name: 'Status' }).getByText(name).click();
    await expect.poll(() => new URL(page.url()).searchParams.getAll('status').length).toBe(1);
    await page.getByText('1 game', { exact: true }).first().waitFor();
    await page.locator('[data-game-index="0"]').getByText('Lantern Row').first().waitFor();
    await page.getByRole('list', { name: 'Active filters' }).getByText(name).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('a view of the library', () => {
  it('is kept with the account: another device has it, and when it is forgotten there it is gone', async () => {
    const name = made('View');
    const desk = await enter();
    const phone = await enter(390);
    await desk.page.goto('/?genre=RPG&sort=PLAYTIME');
    await desk.page.getByText('2 games', { exact: true }).first().waitFor();
    await desk.page.getByRole('button', { name: 'Views' }).click();
    const dialog = (page: Page) => page.getByRole('dialog');
    await dialog(desk.page).getByLabel(english['library.keepWhatIsShownNow'] ?? '').fill(name);
    await dialog(desk.page).getByRole('button', { name: 'Keep', exact: true }).click();
    await dialog(desk.page).getByRole('button', { name, exact: true }).waitFor();

    await phone.page.getByRole('button', { name: 'Views' }).click();
    await dialog(phone.page).getByRole('button', { name, exact: true }).click();
    await phone.page.getByText('2 games', { exact: true }).first().waitFor();
    expect(Object.fromEntries(new URL(phone.page.url()).searchParams)).toMatchObject({ sort: 'PLAYTIME' });
    // What the screen asks is to be seen on a phone as well.
    await phone.page.getByRole('button', { name: 'View query' }).click();
    await dialog(phone.page).getByRole('tab', { name: 'curl' }).waitFor();
    await phone.page.keyboard.press('Escape');
    await dialog(phone.page).waitFor({ state: 'detached' });
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    await shot(phone.page, 'library-390');

    await phone.page.getByRole('button', { name: 'Views' }).click();
    await dialog(phone.page).getByRole('button', { name: `Forget ${name}` }).click();
    await dialog(phone.page).getByRole('button', { name, exact: true }).waitFor({ state: 'detached' });
    await desk.page.reload();
    await desk.page.getByRole('button', { name: 'Views' }).click();
    await dialog(desk.page).getByText(english['library.noViewsYet'] ?? '').waitFor();
    expect([...desk.complaints, ...phone.complaints]).toEqual([]);
    await desk.context.close();
    await phone.context.close();
  });
});
