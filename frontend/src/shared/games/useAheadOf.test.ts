import { renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useAheadOf } from './useAheadOf';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Rows from … to, of which the first `seen` are in sight. */
const rows = (from: number, to: number, seen: number) => Array.from({ length: to - from }, (_, i) => ({ index: from + i, start: 0, inSight: i < seen }));

it('asks at once for what is in sight only, while somebody may be typing at the top', () => {
  const onWant = vi.fn();
  renderHook(() => useAheadOf(rows(0, 5, 3), 6, 24, onWant));
  expect(onWant.mock.calls).toEqual([[17]]);
  vi.advanceTimersByTime(300);
  expect(onWant.mock.calls).toEqual([[17], [53]]);
});

it('does not ask for the rest of a list that the next letter has replaced', () => {
  const [first, second] = [vi.fn(), vi.fn()];
  const { rerender } = renderHook(({ onWant }) => useAheadOf(rows(0, 5, 3), 6, 24, onWant), { initialProps: { onWant: first } });
  vi.advanceTimersByTime(200);
  rerender({ onWant: second });
  vi.advanceTimersByTime(200);
  expect(first.mock.calls).toEqual([[17]]);
  expect(second.mock.calls).toEqual([[17]]);
});

it('asks ahead at once of whoever scrolls', () => {
  const onWant = vi.fn();
  renderHook(() => useAheadOf(rows(4, 11, 5), 6, 24, onWant));
  expect(onWant.mock.calls).toEqual([[89]]);
});
