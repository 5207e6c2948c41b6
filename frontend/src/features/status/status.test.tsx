import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Provider, type Client } from 'urql';
import { fromValue, never } from 'wonka';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StatusPageQuery } from '@/gql/status';
import { ViewerValue, type ViewerContext } from '@/shared/api/viewer';
import { readReady } from './ready';
import { StatusScreen } from './StatusScreen';

const data: StatusPageQuery = {
  libraries: {
    totalCount: 1,
    nodes: [
      {
        id: 'l1',
        label: 'My Zorp',
        connected: false,
        nextSyncAt: null,
        syncEveryHours: 6,
        platform: { id: 'zorp', name: 'Zorp Arcade', canSync: true },
        lastError: { code: 'GLYPH_GONE', message: 'the glyph is worn' },
        lastSync: { id: 'r1', state: 'FAILED', stage: 'LISTING', done: 0, total: null, currentTitle: null, message: null, rateLimitedUntil: null, error: { code: 'GLYPH_GONE', message: 'the glyph is worn' }, attempt: 8, added: 0, updated: 0, removed: 0, startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:01:00Z', rev: 4 },
      },
    ],
  },
  platforms: [
    { id: 'zorp', name: 'Zorp Arcade', canSync: true, setupNeeded: 'Set zorp.rune first' },
    { id: 'plink', name: 'Plink', canSync: true, setupNeeded: null },
  ],
};

function show(answers: (path: string) => unknown, scopes = ['READ_LIBRARY']) {
  vi.stubGlobal('fetch', async (path: string) => {
    const answer = answers(path);
    if (answer === undefined) throw new TypeError('unreachable');
    return Response.json(answer);
  });
  const executeQuery = vi.fn(() => (scopes.length ? fromValue({ data, stale: false, hasNext: false }) : never));
  const viewer = { me: null, scopes, authMode: 'PASSWORD', setupNeeded: false, reload: async () => undefined } as unknown as ViewerContext;
  const router = createRouter({ routeTree: createRootRoute({ component: StatusScreen }), history: createMemoryHistory() });
  render(
    <Provider value={{ executeQuery } as unknown as Client}>
      <ViewerValue value={viewer}>
        <RouterProvider router={router as never} />
      </ViewerValue>
    </Provider>,
  );
  return executeQuery;
}
afterEach(() => vi.unstubAllGlobals());

describe('the status of the hub', () => {
  it('names the part that does not work, the last error with its code, and what is to be set up', async () => {
    show((path) => (path === '/ready' ? { ready: false, parts: { database: 'ok', 'subgraph zorp': 'does not answer' } } : { status: 'ok', version: '7.8.9' }));
    expect(await screen.findByText('Not ready')).toBeInTheDocument();
    const parts = screen.getByRole('list', { name: 'Parts of the hub' });
    expect(within(parts).getAllByRole('listitem').map((part) => part.textContent)).toEqual(['DatabaseWorks', 'Subgraph zorpDoes not answer.']);
    expect(screen.getByText(/Game Djinn 7\.8\.9/)).toBeInTheDocument();
    const wrong = screen.getByRole('region', { name: 'What went wrong' });
    expect(within(wrong).getByText('The glyph is worn.')).toBeInTheDocument();
    expect(within(wrong).getByText('GLYPH_GONE')).toBeInTheDocument();
    const stores = screen.getByRole('list', { name: 'Stores' });
    expect(within(stores).getByText('Set zorp.rune first.')).toBeInTheDocument();
    expect(within(stores).getAllByText('Set up')).toHaveLength(1);
  });

  it('keeps what it saw when the hub no longer answers, and looks again when asked', async () => {
    let there = true;
    show((path) => (there ? (path === '/ready' ? { ready: true, parts: { bus: 'ok' } } : { version: '1' }) : undefined));
    expect(await screen.findByText('Ready')).toBeInTheDocument();
    there = false;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(await screen.findByText(/The hub does not answer/)).toBeInTheDocument();
    expect(screen.getByText('Bus')).toBeInTheDocument();
    expect(screen.getByText('Worked')).toBeInTheDocument();
    there = true;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Ready')).toBeInTheDocument();
    expect(screen.queryByText(/The hub does not answer/)).not.toBeInTheDocument();
  });

  it('shows the parts alone to who may not read the library', async () => {
    const asked = show((path) => (path === '/ready' ? { ready: true, parts: { bus: 'ok' } } : { version: '1' }), []);
    expect(await screen.findByText('Ready')).toBeInTheDocument();
    expect(asked).not.toHaveBeenCalled();
    expect(screen.queryByRole('region', { name: 'Stores' })).not.toBeInTheDocument();
  });
});

describe('what the hub says of its parts', () => {
  it('is read also when it is not ready', () => {
    expect(readReady({ ready: false, parts: { database: 'ok', bus: 'gone' } })).toEqual({ ready: false, parts: { database: 'ok', bus: 'gone' } });
  });

  it('is nothing when something else answers', () => {
    for (const odd of [null, 'ok', {}, { ready: 'yes', parts: {} }, { ready: true }]) expect(readReady(odd)).toBeNull();
  });
});
