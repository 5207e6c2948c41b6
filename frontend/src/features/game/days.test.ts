import { describe, expect, it } from 'vitest';
import { barsOf } from './days';

const ofDays = (...days: [string, number][]) => days.map(([day, minutes]) => ({ day, minutes }));

describe('the bars of a game’s days', () => {
  it('are none where nothing was played', () => {
    expect(barsOf([])).toEqual({ step: 'day', bars: [] });
  });

  it('leave room for days without play, over the end of a month and of summer time', () => {
    expect(barsOf(ofDays(['2025-03-31', 20], ['2025-03-29', 45]))).toEqual({
      step: 'day',
      bars: [
        { from: '2025-03-29', minutes: 45 },
        { from: '2025-03-30', minutes: 0 },
        { from: '2025-03-31', minutes: 20 },
      ],
    });
  });

  it('become weeks from Monday on, then months, and lose no minute', () => {
    const weeks = barsOf(ofDays(['2025-06-01', 10], ['2025-06-02', 5], ['2025-06-08', 7], ['2025-09-01', 3]));
    expect(weeks.step).toBe('week');
    expect(weeks.bars.slice(0, 2)).toEqual([
      { from: '2025-05-26', minutes: 10 },
      { from: '2025-06-02', minutes: 12 },
    ]);
    const months = barsOf(ofDays(['2021-12-31', 60], ['2024-02-29', 30]));
    expect(months.step).toBe('month');
    expect(months.bars.length).toBe(27);
    for (const { bars } of [weeks, months]) expect(bars.length).toBeLessThanOrEqual(61);
    expect(months.bars.reduce((sum, bar) => sum + bar.minutes, 0)).toBe(90);
  });
});
