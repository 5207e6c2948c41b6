import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useNextFrame } from './useNextFrame';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('is what it was until a frame has been drawn, and skips what was never drawn', () => {
  const { result, rerender } = renderHook(({ value }) => useNextFrame(value), { initialProps: { value: 'a' } });
  expect(result.current).toBe('a');
  rerender({ value: 'am' });
  expect(result.current).toBe('a');
  rerender({ value: 'amb' });
  act(() => vi.runAllTimers());
  expect(result.current).toBe('amb');
});
