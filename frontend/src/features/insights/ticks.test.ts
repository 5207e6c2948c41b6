import { describe, expect, it } from 'vitest';
import { ticksOf } from './ticks';

describe('the marks of an axis', () => {
  it('are round numbers of its unit, and reach above all there is', () => {
    expect(ticksOf(0, 4, 1)).toEqual([0, 1, 2, 3, 4]);
    expect(ticksOf(13, 4, 1)).toEqual([0, 5, 10, 15]);
    expect(ticksOf(8_000, 240, 60).map((minutes) => minutes / 60)).toEqual([0, 50, 100, 150]);
    for (const most of [1, 7, 61, 394, 1_234, 99_999]) {
      const ticks = ticksOf(most, 4, 1);
      expect(ticks.length, `${most}`).toBeLessThanOrEqual(6);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
    }
  });
});
