import { beforeEach, describe, expect, it } from 'vitest';
import { leave, loadCopy, loadLeftBehind, missing, readViews, storeCopy } from './views';

beforeEach(() => localStorage.clear());

describe('kept views', () => {
  it('are read as far as they are understood', () => {
    expect(readViews([{ name: 'Short', search: { status: 'unplayed', sort: 'NO_SUCH', genre: ['RPG'] } }, { name: '', search: {} }, { name: 7 }, null, { name: 'List', search: [] }])).toEqual([{ name: 'Short', search: { status: ['unplayed'], genre: ['RPG'] } }]);
    for (const odd of [null, 'x', { name: 'Short' }]) expect(readViews(odd)).toEqual([]);
  });

  it('of a device go to the hub, but for those that it has', () => {
    const here = [
      { name: 'Short', search: {} },
      { name: 'Long', search: {} },
    ];
    expect(missing(here, [{ name: 'SHORT', search: {} }]).map((view) => view.name)).toEqual(['Long']);
  });

  it('that the hub did not take stay on the device', () => {
    leave('p1', [{ name: 'Odd', search: { q: 'x' } }]);
    expect(loadLeftBehind('p1')).toEqual([{ name: 'Odd', search: { q: 'x' } }]);
    expect(loadLeftBehind('p2')).toEqual([]);
    leave('p1', []);
    expect(loadLeftBehind('p1')).toEqual([]);
  });

  it('are there while the hub does not answer, and survive nonsense', () => {
    storeCopy('p1', [{ name: 'Short', search: { view: 'list' } }]);
    expect(loadCopy('p1')).toEqual([{ name: 'Short', search: { view: 'list' } }]);
    localStorage.setItem('djinn.views-copy.p1', '{not json');
    expect(loadCopy('p1')).toEqual([]);
  });
});
