import { beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('./tokens', () => ({ accessToken: vi.fn(), mayRefresh: vi.fn(), refresh: vi.fn() }));
const { hubFetch } = await import('./fetch');
const tokens = vi.mocked(await import('./tokens'));

const json = (value: unknown): Response => new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json' } });
const refused = () => json({ data: null, errors: [{ message: 'Sign in first.', extensions: { code: 'UNAUTHENTICATED' } }] });

beforeEach(() => {
  vi.resetAllMocks();
  tokens.accessToken.mockResolvedValue('one');
  tokens.mayRefresh.mockReturnValue(true);
});

describe('a request to the hub', () => {
  it('carries the login and the header that forces a preflight', async () => {
    const fetch = vi.fn(async (_url: unknown, _init?: RequestInit) => json({ data: {} }));
    vi.stubGlobal('fetch', fetch);
    await hubFetch('/graphql', { method: 'POST' });
    const headers = new Headers(fetch.mock.calls[0]?.[1]?.headers);
    expect(headers.get('authorization')).toBe('Bearer one');
    expect(headers.get('apollo-require-preflight')).toBe('true');
  });

  it('is made once more with a renewed login when it was refused', async () => {
    const fetch = vi.fn().mockResolvedValueOnce(refused()).mockResolvedValueOnce(json({ data: { ok: 1 } }));
    vi.stubGlobal('fetch', fetch);
    tokens.refresh.mockResolvedValue(true);
    tokens.accessToken.mockResolvedValueOnce('one').mockResolvedValueOnce('two');
    const answer = await (await hubFetch('/graphql')).json();
    expect(answer).toEqual({ data: { ok: 1 } });
    expect(new Headers(fetch.mock.calls[1]?.[1]?.headers).get('authorization')).toBe('Bearer two');
  });

  it('passes the refusal on when the login cannot be renewed', async () => {
    const fetch = vi.fn().mockResolvedValue(refused());
    vi.stubGlobal('fetch', fetch);
    tokens.refresh.mockResolvedValue(false);
    expect(await (await hubFetch('/graphql')).text()).toContain('UNAUTHENTICATED');
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('leaves a header that was set by hand', async () => {
    const fetch = vi.fn(async (_url: unknown, _init?: RequestInit) => json({ data: {} }));
    vi.stubGlobal('fetch', fetch);
    await hubFetch('/graphql', { headers: { authorization: 'Bearer gd_key' } });
    expect(new Headers(fetch.mock.calls[0]?.[1]?.headers).get('authorization')).toBe('Bearer gd_key');
  });
});
