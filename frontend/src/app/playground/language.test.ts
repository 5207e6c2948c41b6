import { afterEach, describe, expect, it, vi } from 'vitest';
import { findLanguage } from './language';
import { sayer, speak, spokenLanguage, t } from './texts';

const answer = (body: unknown) => vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } }))));
afterEach(() => {
  vi.unstubAllGlobals();
  speak(sayer({}, 'en'), 'en');
});

describe('the playground', () => {
  it('speaks as the hub says, and its own English where the hub has nothing', async () => {
    answer({ data: { texts: { language: 'de', values: { 'playground.value': 'Wert' } } } });
    await findLanguage();
    expect(spokenLanguage()).toBe('de');
    expect(t('playground.value')).toBe('Wert');
    expect(t('playground.operation')).toBe('Kind of operation');
  });

  it('goes on as it was where the hub tells nobody who is not signed in', async () => {
    answer({ data: null, errors: [{ message: 'sign in', extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }] });
    await findLanguage();
    expect(spokenLanguage()).toBe('en');
  });
});
