import { renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lookAgain } from '@/shared/api/again';
import { useMore } from './useMore';

vi.mock('@/shared/api/again', () => ({ lookAgain: vi.fn() }));
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a library without games', () => {
  it('is looked at again, ever less often, until there is one', () => {
    const screen = renderHook(({ none }) => useMore(none), { initialProps: { none: true } });
    vi.advanceTimersByTime(10_000);
    const soon = vi.mocked(lookAgain).mock.calls.length;
    expect(soon).toBeGreaterThanOrEqual(3);
    vi.advanceTimersByTime(600_000);
    const late = vi.mocked(lookAgain).mock.calls.length;
    vi.advanceTimersByTime(60_000);
    expect(vi.mocked(lookAgain).mock.calls.length - late).toBe(2);
    screen.rerender({ none: false });
    vi.clearAllMocks();
    vi.advanceTimersByTime(600_000);
    expect(lookAgain).not.toHaveBeenCalled();
  });
});
