import { describe, expect, it } from 'vitest';
import { inBatches } from './batches';

const items = Array.from({ length: 23 }, (_, i) => i);

describe('a change of many games', () => {
  it('reaches each once, a few at a time, and the last one alone', async () => {
    const seen: number[] = [];
    let now = 0;
    let most = 0;
    const { done, fault } = await inBatches(
      items,
      4,
      async (item, last) => {
        now += 1;
        most = Math.max(most, now);
        if (last) expect(now).toBe(1);
        await Promise.resolve();
        seen.push(item);
        now -= 1;
        return null;
      },
      () => undefined,
    );
    expect(seen.sort((a, b) => a - b)).toEqual(items);
    expect(most).toBe(4);
    expect({ done, fault }).toEqual({ done: 23, fault: null });
  });

  it('stops at the first refusal and says how far it got', async () => {
    const { done, fault } = await inBatches(items, 2, async (item) => (item === 5 ? 'No.' : null), () => undefined);
    expect(fault).toBe('No.');
    expect(done).toBeLessThan(8);
  });

  it('does nothing with nothing', async () => {
    expect(await inBatches([], 4, async () => 'never', () => undefined)).toEqual({ done: 0, fault: null });
  });
});
