import { act, render, waitFor } from '@testing-library/react';
import { Provider, createRequest, type Client, type GraphQLRequest } from 'urql';
import { makeSubject } from 'wonka';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { lookAgain } from '@/shared/api/again';
import SyncWatch, { ContentWatch } from './SyncWatch';

vi.mock('@/shared/api/again', () => ({ lookAgain: vi.fn() }));

type Told = { epoch: string; rev: number; kinds: string[] };

describe('following what the interface is made of', () => {
  it('goes on after a break from what was told last, with the count that it is of', async () => {
    const lines: { variables: unknown; tell: (told: Told) => void }[] = [];
    const reexecuteOperation = vi.fn();
    const client = {
      executeSubscription: (request: GraphQLRequest) => {
        const { source, next } = makeSubject<object>();
        lines.push({ variables: request.variables, tell: (told) => next({ data: { contentChanged: told }, stale: false, hasNext: true }) });
        return source;
      },
      createRequestOperation: (_kind: string, request: ReturnType<typeof createRequest>) => request,
      reexecuteOperation,
    } as unknown as Client;
    render(
      <Provider value={client}>
        <ContentWatch since={3} />
      </Provider>,
    );
    const newest = () => lines.at(-1);
    await waitFor(() => expect(newest()?.variables).toEqual({ since: 3, epoch: null }));
    // How things stand: nothing new, but which count it is.
    act(() => newest()?.tell({ epoch: 'first', rev: 3, kinds: [] }));
    await waitFor(() => expect(newest()?.variables).toEqual({ since: 3, epoch: 'first' }));
    expect(reexecuteOperation).not.toHaveBeenCalled();
    act(() => newest()?.tell({ epoch: 'first', rev: 7, kinds: ['TEXTS'] }));
    await waitFor(() => expect(newest()?.variables).toEqual({ since: 7, epoch: 'first' }));
    expect(reexecuteOperation).toHaveBeenCalledTimes(2);
    const asked = lines.length;
    // The new line says first how things stand, and stays.
    act(() => newest()?.tell({ epoch: 'first', rev: 7, kinds: [] }));
    expect(reexecuteOperation).toHaveBeenCalledTimes(2);
    expect(lines).toHaveLength(asked);
  });
});

describe('runs that nobody here began', () => {
  afterEach(() => vi.useRealTimers());

  it('are looked for while one looks, and have the lists looked at again', () => {
    vi.useFakeTimers();
    const library = (rev: number) => ({ id: 'l1', label: 'Shelf', platform: { id: 'shelf', name: 'Shelf', canSync: false }, lastSync: { id: 'r1', state: 'SUCCEEDED', rev } });
    const { source, next } = makeSubject<object>();
    const executeQuery = vi.fn(() => source);
    const client = { executeQuery } as unknown as Client;
    render(
      <Provider value={client}>
        <SyncWatch />
      </Provider>,
    );
    const tell = (rev: number) => act(() => next({ data: { libraries: { nodes: [library(rev)] } }, stale: false, hasNext: false }));
    tell(1);
    expect(lookAgain).not.toHaveBeenCalled();
    const asked = executeQuery.mock.calls.length;
    act(() => vi.advanceTimersByTime(15_000));
    expect(executeQuery.mock.calls.length).toBe(asked + 1);
    tell(1);
    expect(lookAgain).not.toHaveBeenCalled();
    tell(2);
    expect(lookAgain).toHaveBeenCalledOnce();
    act(() => document.dispatchEvent(new Event('visibilitychange')));
    expect(lookAgain).toHaveBeenCalledTimes(2);
  });
});
