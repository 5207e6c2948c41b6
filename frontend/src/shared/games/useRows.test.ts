import { describe, expect, it } from 'vitest';
import { rowsWithin } from './useRows';

describe('the rows in sight', () => {
  it('are those of the screen and a few around it', () => {
    expect(rowsWithin(0, 900, 300, 100, 1000, 2)).toEqual({ from: 0, to: 8 });
    expect(rowsWithin(5_300, 900, 300, 100, 1000, 2)).toEqual({ from: 48, to: 61 });
  });

  it('never leave the list', () => {
    expect(rowsWithin(99_900, 900, 300, 100, 1000, 2)).toEqual({ from: 994, to: 1000 });
    expect(rowsWithin(0, 900, 30_000, 100, 1000, 2)).toEqual({ from: 0, to: 0 });
    expect(rowsWithin(500_000, 900, 0, 100, 10, 2)).toEqual({ from: 10, to: 10 });
    expect(rowsWithin(0, 900, 0, 0, 10, 2)).toEqual({ from: 0, to: 0 });
    expect(rowsWithin(0, 900, 0, 100, 0, 2)).toEqual({ from: 0, to: 0 });
  });
});
