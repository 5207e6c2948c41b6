import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setConnection } from '@/shared/api/connection';
import { Loading } from './Loading';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  setConnection('connecting');
});

describe('what is on its way', () => {
  it('says so in words when the line has been gone for a while, until it is back', () => {
    setConnection('online');
    render(<Loading className="h-40" />);
    expect(screen.getByRole('status')).toHaveAccessibleName('Loading');
    act(() => setConnection('lost'));
    expect(screen.queryByText(/does not answer/)).toBeNull();
    act(() => vi.advanceTimersByTime(1_000));
    expect(screen.getByRole('status')).toHaveTextContent('The hub does not answer. It may be starting.');
    act(() => setConnection('online'));
    expect(screen.getByRole('status')).toHaveAccessibleName('Loading');
  });
});
