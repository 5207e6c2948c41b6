import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Provider, type Client } from 'urql';
import { fromValue, never } from 'wonka';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StatusPageQuery } from '@/gql/status';
import { ViewerValue, type ViewerContext } from '@/shared/api/viewer';
import { sayer, speak, spokenNow } from '@/shared/content/texts';
import { readReady } from './ready';
import { StatusScreen } from './StatusScreen';

const german = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../subgraphs/metadata/src/content/text/de.json'), 'utf8')) as Record<string, string>;

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
        lastError: { code: 'GLYPH_GONE', message: 'the glyph is worn', reason: null, values: [] },
        lastSync: { id: 'r1', state: 'FAILED', stage: 'LISTING', done: 0, total: null, currentTitle: null, message: null, rateLimitedUntil: null, error: { code: 'GLYPH_GONE', message: 'the glyph is worn', reason: null, values: [] }, attempt: 8, added: 0, updated: 0, removed: 0, startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:01:00Z', rev: 4 },
      },
    ],
  },
  platforms: [
    { id: 'zorp', name: 'Zorp Arcade', canSync: true, setupNeeded: 'Set zorp.rune first' },
    { id: 'plink', name: 'Plink', canSync: true, setupNeeded: null },
  ],
};

function show(answers: (path: string) => unknown, scopes = ['READ_LIBRARY'], shown = data) {
  vi.stubGlobal('fetch', async (path: string) => {
    const answer = answers(path);
    if (answer === undefined) throw new TypeError('unreachable');
    return Response.json(answer);
  });
  const executeQuery = vi.fn(() => (scopes.length ? fromValue({ data: shown, stale: false, hasNext: false }) : never));
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

  it('does not call itself ready while a part is down, and says which one it is', async () => {
    const parts: Record<string, string> = { database: 'ok', 'subgraph metadata': 'no answer in time', 'subgraph zorp': 'ok' };
    show((path) => (path === '/ready' ? { ready: true, whole: Object.values(parts).every((part) => part === 'ok'), parts } : { version: '1' }));
    expect(await screen.findByText('Works in part')).toBeInTheDocument();
    expect(screen.queryByText('Ready')).not.toBeInTheDocument();
    expect(screen.getByRole('alert')).toHaveTextContent('One part is down: Facts about games, texts and themes. What needs it does not work until it is back; the rest goes on.');
    expect(within(screen.getByRole('list', { name: 'Parts of the hub' })).getByText('No answer in time.')).toBeInTheDocument();
    parts['subgraph zorp'] = 'no answer in time';
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('2 parts are down: Facts about games, texts and themes, Subgraph zorp.'));
    parts['subgraph metadata'] = 'ok';
    parts['subgraph zorp'] = 'ok';
    document.dispatchEvent(new Event('visibilitychange'));
    expect(await screen.findByText('Ready')).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('says the same in German', async () => {
    const before = spokenNow();
    speak(sayer(german, 'de'), 'de');
    try {
      show((path) => (path === '/ready' ? { ready: true, whole: false, parts: { database: 'ok', 'subgraph session': 'does not answer' } } : { version: '1' }));
      expect(await screen.findByText('Läuft nur zum Teil')).toBeInTheDocument();
      expect(screen.getByRole('alert')).toHaveTextContent('Ein Teil ist ausgefallen: Personen, Anmeldungen und Räume.');
    } finally {
      speak(before, 'en');
    }
  });

  it('says which part of a store’s answer was wrong, in German too', async () => {
    const before = spokenNow();
    speak(sayer(german, 'de'), 'de');
    try {
      const [library] = data.libraries?.nodes ?? [];
      if (!library) throw new Error('no library');
      const lastError = { code: 'PROVIDER_MALFORMED', message: 'Zorp Arcade’s answer cannot be read: a glyph has no id. Nothing was changed.', reason: 'answer.part', values: ['Zorp Arcade', 'a glyph has no id'] };
      show(() => ({ ready: true, whole: true, parts: {}, version: '1' }), ['READ_LIBRARY'], { ...data, libraries: { totalCount: 1, nodes: [{ ...library, lastError }] } });
      expect(await screen.findByText(/^Die Antwort von Zorp Arcade lässt sich nicht lesen/)).toHaveTextContent('a glyph has no id');
    } finally {
      speak(before, 'en');
    }
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
    expect(readReady({ ready: false, parts: { database: 'ok', bus: 'gone' } })).toEqual({ ready: false, whole: false, parts: { database: 'ok', bus: 'gone' } });
    expect(readReady({ ready: true, parts: { bus: 'gone' } })?.whole).toBe(false);
    expect(readReady({ ready: true, whole: false, parts: {} })?.whole).toBe(false);
    expect(readReady({ ready: true, parts: { bus: 'ok' } })?.whole).toBe(true);
  });

  it('is nothing when something else answers', () => {
    for (const odd of [null, 'ok', {}, { ready: 'yes', parts: {} }, { ready: true }]) expect(readReady(odd)).toBeNull();
  });
});
