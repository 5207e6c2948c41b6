import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { Provider, type Client } from 'urql';
import { describe, expect, it } from 'vitest';
import { toQuery } from './filters';
import { useFacets } from './useFacets';

type Variables = { query: string; filter: unknown };

/** A hub that counts when it is told to; each answer names the text that it belongs to. */
function hub() {
  const open: { variables: Variables; tell: (result: unknown) => void }[] = [];
  const asked: Variables[] = [];
  const client = {
    query: (_document: unknown, variables: Variables) => ({
      subscribe: (tell: (result: unknown) => void) => {
        const one = { variables, tell };
        open.push(one);
        asked.push(variables);
        return { unsubscribe: () => void open.splice(open.indexOf(one), 1) };
      },
    }),
  } as unknown as Client;
  const genres = (label: string) => ({ genres: [{ id: label, label, count: 1 }] });
  const answer = (query: string, result?: unknown) => act(() => open.find((one) => one.variables.query === query)?.tell(result ?? { data: { searchGames: { facets: genres(query) } } }));
  return { client, asked, open, answer };
}

const shown = (one: ReturnType<typeof hub>, start: { q?: string; sort?: 'ADDED'; ready: boolean }) => {
  const wrapper = ({ children }: { children: ReactNode }) => <Provider value={one.client}>{children}</Provider>;
  return renderHook(({ ready, ...search }: typeof start) => useFacets(toQuery(search), ready), { wrapper, initialProps: start });
};
const counted = (screen: ReturnType<typeof shown>) => screen.result.current.facets?.genres[0]?.label;

describe('what a list can be narrowed down by', () => {
  it('is asked for only once the games are here', () => {
    const one = hub();
    const screen = shown(one, { q: 'por', ready: false });
    expect(one.asked).toEqual([]);
    expect(screen.result.current).toMatchObject({ facets: null, stale: true });
    screen.rerender({ q: 'por', ready: true });
    expect(one.asked).toEqual([{ query: 'por', filter: {} }]);
    one.answer('por');
    expect(counted(screen)).toBe('por');
    expect(screen.result.current.stale).toBe(false);
  });

  it('stays, marked as stale, until the next is here', () => {
    const one = hub();
    const screen = shown(one, { q: 'a', ready: true });
    one.answer('a');
    screen.rerender({ q: 'am', ready: false });
    expect(counted(screen)).toBe('a');
    expect(screen.result.current.stale).toBe(true);
    screen.rerender({ q: 'am', ready: true });
    expect(screen.result.current.stale).toBe(true);
    one.answer('am');
    expect(counted(screen)).toBe('am');
    expect(screen.result.current.stale).toBe(false);
  });

  it('never is that of an older text', () => {
    const one = hub();
    const screen = shown(one, { q: 'a', ready: true });
    screen.rerender({ q: 'am', ready: false });
    // Nobody waits for the older one any more.
    expect(one.open).toEqual([]);
    screen.rerender({ q: 'am', ready: true });
    one.answer('am');
    one.answer('a');
    expect(counted(screen)).toBe('am');
  });

  it('is not counted again for another order', () => {
    const one = hub();
    const screen = shown(one, { q: 'a', ready: true });
    one.answer('a');
    screen.rerender({ q: 'a', sort: 'ADDED', ready: true });
    expect(one.asked).toHaveLength(1);
    expect(screen.result.current.stale).toBe(false);
  });

  it('says what went wrong, keeps what it had, and asks again when told to', () => {
    const one = hub();
    const screen = shown(one, { q: 'a', ready: true });
    one.answer('a');
    screen.rerender({ q: 'am', ready: true });
    one.answer('am', { error: new Error('down') });
    expect(counted(screen)).toBe('a');
    expect(screen.result.current).toMatchObject({ stale: true, error: new Error('down') });
    act(() => screen.result.current.retry());
    one.answer('am');
    expect(counted(screen)).toBe('am');
    expect(screen.result.current).toMatchObject({ stale: false, error: undefined });
  });
});
