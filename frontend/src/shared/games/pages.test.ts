import { describe, expect, it, vi } from 'vitest';
import type { Client } from 'urql';
import type { GameCardFragment } from '@/gql/library';
import { Pages, type Source } from './pages';

const game = (id: string): GameCardFragment => ({ id, title: id, coverUrl: null, cover: null, releaseYear: null, playtimeMinutes: 0, favourite: false, esrb: null, criticScore: null, lastPlayedAt: null, status: null, copies: [] });
const noFacets = { genres: [] };
type Answer = { games: ReturnType<Source<typeof noFacets>['pick']> };
const listOf = (key: string): Source<typeof noFacets> => ({ key, ask: (after) => ({ document: 'query { games }', variables: { after, withFacets: after === null } }), pick: (data) => (data as Answer).games });

/** A hub with `total` games that answers in pages of two. */
function hub(total: number, failOn?: number) {
  const asked: { after: string | null | undefined; withFacets: boolean }[] = [];
  let fail = failOn;
  const query = vi.fn((_document: unknown, variables: { after?: string | null; withFacets: boolean }) => ({
    subscribe: (tell: (result: unknown) => void) => {
      asked.push({ after: variables.after, withFacets: variables.withFacets });
      const from = Number(variables.after ?? 0);
      const bad = fail === from;
      if (bad) fail = undefined;
      queueMicrotask(() => {
        if (bad) return tell({ error: new Error('down') });
        const nodes = Array.from({ length: Math.min(2, total - from) }, (_, i) => game(`g${from + i}`));
        tell({ data: { games: { nodes, totalCount: total, pageInfo: { hasNextPage: from + 2 < total, endCursor: String(from + 2) }, ...(variables.withFacets ? { facets: noFacets } : {}) } } });
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
    expect(asked.map((a) => a.after)).toEqual([null, '2', '4']);
  });

  it('asks for facets with the first page only', async () => {
    const { client, asked } = hub(6);
    const pages = new Pages(client, listOf('all'));
    pages.watch(() => undefined);
    pages.want(9);
    await settle();
    expect(asked.map((a) => a.withFacets)).toEqual([true, false, false]);
    expect(pages.snapshot()).toMatchObject({ complete: true, facets: noFacets });
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
