import { describe, expect, it } from 'vitest';
import { amount, everyDay, monthName } from './blocks';
import { readInsights } from './periods';
import { change } from './Year';

describe('the insights', () => {
  it('show every day, also those on which nothing was played', () => {
    const days = everyDay([{ day: '2026-03-01', minutes: 30 }], '2026-02-27', '2026-03-02');
    expect(days.map((day) => day.minutes)).toEqual([0, 0, 30, 0]);
  });

  it('show at most a year of days', () => {
    expect(everyDay([], '1999-01-01', '2026-03-02')).toHaveLength(366);
  });

  it('say a sum of nothing as a number, and the year of a month in full', () => {
    expect([0, 90].map(amount)).toEqual(['0 h', '1.5 h']);
    expect(monthName('2026-11')).toBe('Nov 2026');
  });

  it('say how a year compares with the one before', () => {
    expect(change(150, 100)).toBe('50 % more than the year before');
    expect(change(50, 100)).toBe('50 % less than the year before');
    expect(change(100, 100)).toBe('as the year before');
    expect(change(5, 0)).toBe('none the year before');
  });

  it('leave out of an address what nobody understands', () => {
    expect(readInsights({ period: 'THIS_YEAR', year: '2025' })).toEqual({ period: 'THIS_YEAR', year: 2025 });
    expect(readInsights({ period: 'FOREVER', year: 'x' })).toEqual({});
  });
});
