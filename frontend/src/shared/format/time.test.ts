import { describe, expect, it } from 'vitest';
import { sayer, speak, spokenNow } from '@/shared/content/texts';
import { atTime, span } from './time';
import { statusName, words } from './words';

describe('stretches of time', () => {
  it('are said whole, whatever their unit', () => {
    expect([5, 60, 300, 3_600, 21_600, 86_400, 604_800].map(span)).toEqual(['5 s', 'a minute', '5 minutes', 'an hour', '6 h', 'a day', '7 days']);
  });

  it('and times of the day follow the language that is spoken', () => {
    const before = spokenNow();
    const at = new Date(2026, 1, 7, 15, 4, 5).getTime();
    expect(atTime(at)).toMatch(/3:04:05\sPM/);
    speak(sayer({}, 'de'), 'de');
    expect(atTime(at)).toBe('15:04:05');
    speak(before, 'en');
  });
});

describe('names', () => {
  it('are texts where the hub’s own are meant, and as they are where somebody made them', () => {
    expect(statusName({ id: 'on_hold', name: 'zorp' })).toBe('On hold');
    expect(statusName({ id: '01a1', name: 'Lent to Mika' })).toBe('Lent to Mika');
    expect([words('subgraph session'), words('subgraph zorp'), words('FAMILY_SHARED')]).toEqual(['People, logins and rooms', 'Subgraph zorp', 'Family shared']);
  });
});
