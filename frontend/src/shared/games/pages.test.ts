import { act, renderHook } from '@testing-library/react';
import { createElement, type ReactNode } from 'react';
import { Provider, type Client } from 'urql';
import { describe, expect, it, vi } from 'vitest';
import type { GameCardFragment } from '@/gql/library';
import { Pages, useListing, type Source } from './pages';

const game = (id: string): GameCardFragment => ({ id, title: id, coverUrl: null, cover: null, releaseYear: null, playtimeMinutes: 0, favourite: false, esrb: null, criticScore: null, lastPlayedAt: null, status: null, copies: [] });
type Answer = { games: ReturnType<Source['pick']> };
const listOf = (key: string): Source => ({ key, ask: (after) => ({ document: 'query { games }', variables: { after, key } }), pick: (data) => (data as Answer).games });

/** A hub with `total` games that answers in pages of two. */
function hub(total: number, failOn?: number) {
  const asked: (string | null | undefined)[] = [];
  let fail = failOn;
  const query = vi.fn((_document: unknown, variables: { after?: string | null }) => ({
    subscribe: (tell: (result: unknown) => void) => {
      asked.push(variables.after);
      const from = Number(variables.after ?? 0);
      const bad = fail === from;
      if (bad) fail = undefined;
      queueMicrotask(() => {
        if (bad) return tell({ error: new Error('down') });
        const nodes = Array.from({ length: Math.min(2, total - from) }, (_, i) => game(`g${from + i}`));
        tell({ data: { games: { nodes, totalCount: total, pageInfo: { hasNextPage: from + 2 < total, endCursor: String(from + 2) } } } });
      });
      return { unsubscribe: () => undefined };
    },
  }));
  return { client: { query } as unknown as Client, asked };
}
const settle = () => new Promise((resume) => setTimeout(resume, 5));

describe('the pages of a query', () => {
  it('reads forward only as far as the screen wants', async () => {
    const { client, asked } = hub(10);
    const pages = new Pages(client, listOf('all'));
    pages.watch(() => undefined);
    await settle();
    expect(pages.snapshot()).toMatchObject({ total: 10, complete: false });
    expect(pages.snapshot().games).toHaveLength(2);
    pages.want(5);
    await settle();
    expect(pages.snapshot().games.map((g) => g.id)).toEqual(['g0', 'g1', 'g2', 'g3', 'g4', 'g5']);
    expect(asked).toEqual([null, '2', '4']);
  });

  it('keeps what it has when a page fails, and goes on when asked to', async () => {
    const { client } = hub(6, 2);
    const pages = new Pages(client, listOf('all'));
    pages.watch(() => undefined);
    pages.want(5);
    await settle();
    expect(pages.snapshot().games).toHaveLength(2);
    expect(pages.snapshot().error).toBeDefined();
    pages.retry();
    await settle();
    expect(pages.snapshot().games).toHaveLength(6);
    expect(pages.snapshot().error).toBeUndefined();
  });

  it('gives each query its own list and total', async () => {
    const { client } = hub(4);
    const all = new Pages(client, listOf('all'));
    const some = new Pages(client, listOf('wild'));
    expect(all.snapshot().key).not.toBe(some.snapshot().key);
    all.watch(() => undefined);
    await settle();
    expect(some.snapshot().total).toBeNull();
  });
});

/** A hub that answers each question when it is told to. */
function slow() {
  const open = new Map<string, (names: string[]) => void>();
  const asked: string[] = [];
  const query = (_document: unknown, { key }: { key: string }) => ({
    subscribe: (tell: (result: unknown) => void) => {
      asked.push(key);
      const answer = (names: string[]) => tell({ data: { games: { nodes: names.map(game), totalCount: names.length, pageInfo: { hasNextPage: false, endCursor: null } } } });
      open.set(key, answer);
      return { unsubscribe: () => open.get(key) === answer && open.delete(key) };
    },
  });
  return { client: { query } as unknown as Client, asked, open, answer: (key: string, ...names: string[]) => act(() => open.get(key)?.(names)) };
}

describe('the list that a screen shows', () => {
  const shown = (hub: ReturnType<typeof slow>) => {
    const wrapper = ({ children }: { children: ReactNode }) => createElement(Provider, { value: hub.client }, children);
    return renderHook(({ key }) => useListing(listOf(key)), { wrapper, initialProps: { key: 'all' } });
  };
  const names = (screen: ReturnType<typeof shown>) => screen.result.current.listing.games.map((one) => one.id);

  it('keeps the last games while the next ones are on their way, and says so', () => {
    const hub = slow();
    const screen = shown(hub);
    hub.answer('all', 'Hades', 'Portal');
    screen.rerender({ key: 'p' });
    expect(names(screen)).toEqual(['Hades', 'Portal']);
    expect(screen.result.current.stale).toBe(true);
    hub.answer('p', 'Portal');
    expect(names(screen)).toEqual(['Portal']);
    expect(screen.result.current).toMatchObject({ stale: false, listing: { total: 1 } });
  });

  it('takes over what was asked ahead, and does not ask it twice', () => {
    const hub = slow();
    const screen = shown(hub);
    hub.answer('all', 'Hades');
    act(() => screen.result.current.askAhead(listOf('p')));
    expect(hub.asked).toEqual(['all', 'p']);
    expect(names(screen)).toEqual(['Hades']);
    // The hub may be faster than the screen.
    hub.answer('p', 'Portal');
    expect(names(screen)).toEqual(['Hades']);
    screen.rerender({ key: 'p' });
    expect(names(screen)).toEqual(['Portal']);
    expect(screen.result.current.stale).toBe(false);
    expect(hub.asked).toEqual(['all', 'p']);
    expect(hub.open.has('p')).toBe(true);
  });

  it('wants no answer any more that belongs to an older text', () => {
    const hub = slow();
    const screen = shown(hub);
    hub.answer('all', 'Hades');
    act(() => screen.result.current.askAhead(listOf('p')));
    act(() => screen.result.current.askAhead(listOf('po')));
    expect(hub.open.has('p')).toBe(false);
    screen.rerender({ key: 'po' });
    hub.answer('po', 'Portal');
    screen.rerender({ key: 'por' });
    expect(hub.open.has('po')).toBe(false);
    hub.answer('por', 'Portal 2');
    expect(names(screen)).toEqual(['Portal 2']);
  });

  it('asks nothing ahead that it shows already', () => {
    const hub = slow();
    const screen = shown(hub);
    hub.answer('all', 'Hades');
    act(() => screen.result.current.askAhead(listOf('p')));
    act(() => screen.result.current.askAhead(listOf('all')));
    expect(hub.asked).toEqual(['all', 'p']);
    expect([...hub.open.keys()]).toEqual(['all']);
    screen.unmount();
    expect(hub.open.size).toBe(0);
  });
});
