import { describe, expect, it } from 'vitest';
import { fill, sayer } from './texts';

describe('the texts of the interface', () => {
  it('are the API’s, and this build’s own where it has none', () => {
    const say = sayer({ 'nav.library': 'Bücherei' }, 'de');
    expect(say('nav.library')).toBe('Bücherei');
    expect(say('nav.settings')).toBe('Settings');
    expect(say('nav.nobody-knows')).toBe('nav.nobody-knows');
  });

  it('have the plural of their language', () => {
    const values = { 'x.one': '{count} hra', 'x.few': '{count} hry', 'x.other': '{count} her' };
    const say = sayer(values, 'cs');
    expect([1, 3, 5].map((count) => say('x', { count }))).toEqual(['1 hra', '3 hry', '5 her']);
    expect(sayer({ 'x.other': '{count} games' }, 'en')('x', { count: 1234 })).toBe('1,234 games');
  });

  it('fill in what is left open, and nothing else', () => {
    expect(fill('{a} and {b}, {{not}} {c}', { a: 1, b: 'two' })).toBe('1 and two, {not} {c}');
  });

  it('survive a language that no browser knows', () => {
    expect(sayer({}, 'not a language')('library.games', { count: 2 })).toBe('2 games');
  });
});
