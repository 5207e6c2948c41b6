import { act, render, screen as page } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RouteFault } from './RouteStates';
import { isUnfetched, screen } from './screen';

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const show = async (error: unknown) => {
  render(<RouteFault error={error} />);
  await act(() => vi.advanceTimersByTimeAsync(0));
};

describe('a screen whose code does not come', () => {
  it('says so, and does not take the page along', async () => {
    const Screen = screen(() => Promise.reject(new TypeError('Failed to fetch dynamically imported module: /a.js')), 'LibraryScreen');
    await Screen.preload?.();
    let fault: unknown;
    try {
      (Screen as unknown as (props: object) => unknown)({});
    } catch (error) {
      fault = error;
    }
    expect(isUnfetched(fault)).toBe(true);
    expect(isUnfetched(new Error('anything else'))).toBe(false);
  });

  it('waits for the hub, and says that', async () => {
    const ask = vi.fn(() => Promise.reject(new TypeError('down')));
    vi.stubGlobal('fetch', ask);
    await show(new TypeError('Failed to fetch dynamically imported module: /a.js'));
    expect(page.getByRole('heading', { name: 'The hub does not answer' })).toBeInTheDocument();
    await act(() => vi.advanceTimersByTimeAsync(3_000));
    expect(ask).toHaveBeenCalledTimes(2);
    expect(sessionStorage.getItem('djinn.reloaded')).toBeNull();
  });

  it('asks nobody where the screen itself is broken', async () => {
    const ask = vi.fn();
    vi.stubGlobal('fetch', ask);
    await show(new Error('x is undefined'));
    expect(page.getByRole('heading', { name: 'This screen could not be shown' })).toBeInTheDocument();
    expect(ask).not.toHaveBeenCalled();
  });
});
