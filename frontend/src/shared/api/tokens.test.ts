import { beforeEach, describe, expect, it, vi } from 'vitest';

type Module = typeof import('./tokens');
const soon = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
const answer = (payload: unknown): Response => new Response(JSON.stringify({ data: { refreshLogin: payload } }), { headers: { 'content-type': 'application/json' } });
const fresh = (n: number) => ({ tokens: { accessToken: `access-${n}`, refreshToken: `refresh-${n}`, expiresAt: soon(600) }, problems: [] });

let tokens: Module;
beforeEach(async () => {
  vi.resetModules();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  localStorage.clear();
  vi.stubGlobal('BroadcastChannel', undefined);
  tokens = await import('./tokens');
});

describe('the login of this device', () => {
  it('is renewed once, however many ask at the same time', async () => {
    localStorage.setItem('djinn.refresh', 'refresh-0');
    const fetch = vi.fn(async () => answer(fresh(1)));
    vi.stubGlobal('fetch', fetch);
    const all = await Promise.all([tokens.accessToken(), tokens.accessToken(), tokens.accessToken()]);
    expect(all).toEqual(['access-1', 'access-1', 'access-1']);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(localStorage.getItem('djinn.refresh')).toBe('refresh-1');
  });

  it('asks again with the same nonce when no answer came, also after a reload', async () => {
    localStorage.setItem('djinn.refresh', 'refresh-0');
    const sent: { refreshToken: string; nonce: string }[] = [];
    const lose = vi.fn(async (_url: unknown, init: RequestInit) => {
      sent.push(JSON.parse(String(init.body)).variables);
      if (sent.length === 1) throw new TypeError('the line broke');
      return answer(fresh(1));
    });
    vi.stubGlobal('fetch', lose);
    expect(await tokens.refresh()).toBe(true);
    expect(sent[0]?.nonce).toMatch(/^[0-9a-f]{32}$/);
    expect(sent[1]).toEqual(sent[0]);
    // The pair came, so the next refresh has a nonce of its own.
    expect(await tokens.refresh()).toBe(true);
    expect(sent[2]?.nonce).not.toBe(sent[0]?.nonce);

    localStorage.setItem('djinn.refresh', 'refresh-7');
    vi.stubGlobal('fetch', async (_url: unknown, init: RequestInit) => {
      sent.push(JSON.parse(String(init.body)).variables);
      return new Promise<Response>(() => undefined);
    });
    void tokens.refresh();
    await vi.waitFor(() => expect(sent).toHaveLength(4));
    window.dispatchEvent(new Event('pagehide'));
    vi.resetModules();
    const again = (await import('./tokens')) as Module;
    void again.refresh();
    await vi.waitFor(() => expect(sent).toHaveLength(5));
    expect(sent[4]).toEqual(sent[3]);
  });

  it('never keeps the access token in storage', async () => {
    tokens.adopt(fresh(1).tokens);
    expect(JSON.stringify({ ...localStorage })).not.toContain('access-1');
    expect(await tokens.accessToken()).toBe('access-1');
  });

  it('is renewed before it ends', async () => {
    const fetch = vi.fn(async () => answer(fresh(2)));
    vi.stubGlobal('fetch', fetch);
    tokens.adopt(fresh(1).tokens);
    expect(await tokens.accessToken()).toBe('access-1');
    vi.useFakeTimers({ now: Date.now() + 570_000, toFake: ['Date'] });
    expect(await tokens.accessToken()).toBe('access-2');
  });

  it('ends when the hub refuses to renew it, and tells the app', async () => {
    localStorage.setItem('djinn.refresh', 'refresh-0');
    vi.stubGlobal('fetch', async () => answer({ tokens: null, problems: [{ code: 'LOGIN_ENDED', message: 'ended' }] }));
    const seen: boolean[] = [];
    tokens.watchTokens((signedIn) => seen.push(signedIn));
    expect(await tokens.refresh()).toBe(false);
    expect(seen).toEqual([false]);
    expect(tokens.mayRefresh()).toBe(false);
  });

  it('outlives a fault of the hub', async () => {
    localStorage.setItem('djinn.refresh', 'refresh-0');
    vi.stubGlobal('fetch', async () => new Response('{"errors":[{"message":"x"}],"data":null}', { status: 500 }));
    expect(await tokens.refresh()).toBe(false);
    expect(tokens.mayRefresh()).toBe(true);
  });

  it('does not trust a clock that is wrong by hours', async () => {
    tokens.adopt({ accessToken: 'a', refreshToken: 'r', expiresAt: soon(-7200) });
    expect(tokens.renewIn()).toBeGreaterThan(5_000);
    tokens.adopt({ accessToken: 'a', refreshToken: 'r', expiresAt: soon(7200) });
    expect(tokens.renewIn()).toBeLessThanOrEqual(600_000);
  });
});
