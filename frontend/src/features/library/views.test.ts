import { describe, expect, it } from 'vitest';
import { readViews, withView } from './views';

describe('saved views', () => {
  it('come back as they were kept', () => {
    const views = [{ name: 'Short ones', search: { genre: ['Puzzle'], sort: 'PLAYTIME' as const } }];
    expect(readViews(JSON.stringify(views))).toEqual(views);
  });

  it('leave out what nobody understands', () => {
    expect(readViews('{"not": "a list"}')).toEqual([]);
    expect(readViews('[')).toEqual([]);
    expect(readViews(null)).toEqual([]);
    expect(readViews(JSON.stringify([{ name: '', search: {} }, { name: 'x' }, 7, null, { name: 'ok', search: { sort: 'DROP TABLE', q: 'a' } }]))).toEqual([{ name: 'ok', search: { q: 'a' } }]);
  });

  it('have one of each name, the newest first', () => {
    const old = { name: 'A', search: { q: 'old' } };
    expect(withView([{ name: 'B', search: {} }, old], { name: 'A', search: { q: 'new' } })).toEqual([{ name: 'A', search: { q: 'new' } }, { name: 'B', search: {} }]);
  });
});
