import { describe, expect, it } from 'vitest';
import { activeCount, clear, readSearch, toQuery, toggle, yearsOf } from './filters';

describe('the address of the library', () => {
  it('says nothing for the plain list', () => {
    expect(readSearch({})).toEqual({});
    expect(toQuery({})).toEqual({ query: '', filter: {}, sort: 'TITLE' });
  });

  it('takes one value or many for a list filter', () => {
    expect(readSearch({ platform: 'steam', genre: ['RPG', 'RPG', 'Puzzle'], tag: 'couch co-op' })).toEqual({ platform: ['steam'], genre: ['RPG', 'Puzzle'], tag: ['couch co-op'] });
  });

  it('leaves out what it does not understand', () => {
    expect(readSearch({ rating: 'PG-13', sort: 'DROP TABLE', view: 'cinema', played: 'maybe', hacked: 'yes', q: '' })).toEqual({});
  });

  it('becomes the filter that the API knows', () => {
    const search = readSearch({ q: ' wild ', platform: 'steam', status: ['playing'], tag: ['gift'], rating: 'TEEN', rated: 'yes', decade: '1990s', played: 'no', favourite: 'yes', hidden: 'yes' });
    expect(toQuery(search)).toEqual({
      query: 'wild',
      sort: 'RELEVANCE',
      filter: { platforms: ['steam'], statuses: ['playing'], myTags: ['gift'], ratingAtMost: 'TEEN', includeUnrated: false, releasedBetween: { from: 1990, to: 1999 }, played: false, favourite: true, hidden: true },
    });
  });

  it('keeps a title that is a number', () => {
    expect(readSearch({ q: 2048 })).toEqual({ q: '2048' });
  });

  it('adds and takes away one value, and drops an empty list', () => {
    const one = toggle({ q: 'x' }, 'genre', 'RPG');
    expect(one).toEqual({ q: 'x', genre: ['RPG'] });
    expect(toggle(one, 'genre', 'RPG')).toEqual({ q: 'x' });
  });

  it('counts each filter but not the search, order and view', () => {
    expect(activeCount({ q: 'x', sort: 'TITLE', view: 'list', platform: ['a', 'b'], tag: ['c'], rating: 'TEEN' })).toBe(4);
    expect(clear({ q: 'x', sort: 'PLAYTIME', view: 'list', platform: ['a'] })).toEqual({ sort: 'PLAYTIME', view: 'list' });
  });

  it('reads a decade in any of its spellings', () => {
    for (const decade of ['1980', '1980s', '1980-1989']) expect(yearsOf(decade)).toEqual({ from: 1980, to: 1989 });
    expect(yearsOf('unknown')).toBeUndefined();
  });
});
