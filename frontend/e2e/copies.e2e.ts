// What "View query" copies is run as it was copied, by those it is for.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, open, type Watched } from './browser';
import { owner, startHousehold, type Household } from './household';
import { ask } from './start';

const run = promisify(execFile);

let home: Household;
let browser: Browser;
let seat: Watched;
let key: string;
beforeAll(async () => {
  home = await startHousehold();
  const made = await ask(home.hub.url, home.token, 'mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }', { input: { name: 'Copies', scopes: ['READ_LIBRARY', 'READ_PLAY', 'MANAGE_ACCOUNT', 'ADMIN'] } });
  key = (made.createApiKey as { secret: string }).secret;
  browser = await launch();
  seat = await open(browser, home.hub.url);
  const { page } = seat;
  await page.goto('/login');
  await page.getByLabel('Name').fill(owner.name);
  await page.getByLabel('Password').fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('[data-game-index="0"]').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await home?.stop();
});

const tab = async (page: Page, name: string): Promise<string> => {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('tab', { name }).click();
  return (await dialog.getByRole('tabpanel').locator('pre').innerText()).trim();
};

/** Sends what a program would, as the program reads it. */
async function post(url: string, headers: Record<string, string>, body: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  const answer = (await response.json()) as { data: Record<string, unknown>; errors?: unknown };
  expect(answer.errors).toBeUndefined();
  return answer.data;
}

describe('what a screen asks', () => {
  const screens = ['/', '/?q=amber', 'game', '/tonight', '/collections', 'rule', 'hand', '/insights', '/duplicates', '/platforms', '/settings', '/status'];
  it.each(screens)('is asked again from %s by curl, Home Assistant and Node-RED', async (path) => {
    const { page } = seat;
    const places: Record<string, string> = { game: `/games/${home.game}`, rule: `/collections/${home.byRule}`, hand: `/collections/${home.byHand}` };
    await page.goto(places[path] ?? path);
    const buttons = page.getByRole('button', { name: 'View query' });
    await buttons.first().waitFor();
    for (let at = 0; at < (await buttons.count()); at += 1) {
      await buttons.nth(at).click();
      const curl = await tab(page, 'curl');
      expect(curl).not.toContain(key);
      const { stdout } = await run('sh', ['-c', curl], { env: { PATH: process.env.PATH ?? '', GAME_DJINN_KEY: key } });
      const answer = JSON.parse(stdout) as { data: Record<string, unknown>; errors?: unknown };
      expect(answer.errors, curl).toBeUndefined();
      const fields = Object.keys(answer.data);

      // A YAML scalar in double quotes is read as JSON reads it.
      const yaml = await tab(page, 'Home Assistant');
      const said = (name: string) => new RegExp(`^ *(?:- )?${name}: (.*)$`, 'm').exec(yaml)?.[1] ?? '';
      const data = await post(said('resource'), { 'content-type': said('Content-Type'), authorization: `Bearer ${key}` }, JSON.parse(said('payload')) as string);
      const [attribute] = /json_attributes:\n\s+- (\w+)/.exec(yaml)?.slice(1) ?? [];
      expect(Object.keys(data)).toContain(attribute);
      expect(JSON.parse(said('value_template'))).toContain(`value_json.data.${attribute}`);

      type Node = { id: string; type: string; wires: string[][]; url?: string; method?: string; rules?: { p: string; to: string }[] };
      const flow = JSON.parse(await tab(page, 'Node-RED')) as Node[];
      const ids = new Set(flow.map((node) => node.id));
      for (const node of flow) for (const wire of node.wires.flat()) expect(ids).toContain(wire);
      const request = flow.find((node) => node.type === 'http request');
      const payload = flow.flatMap((node) => node.rules ?? []).find((rule) => rule.p === 'payload');
      const same = await post(request?.url ?? '', { 'content-type': 'application/json', authorization: `Bearer ${key}` }, payload?.to ?? '');
      expect(Object.keys(same)).toEqual(fields);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });
});
