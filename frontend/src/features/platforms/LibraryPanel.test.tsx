import { readFileSync } from 'node:fs';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Provider, type Client } from 'urql';
import { fromValue, never } from 'wonka';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunFragment } from '@/gql/platforms';
import { ViewerValue, type ViewerContext } from '@/shared/api/viewer';
import { sayer, speak } from '@/shared/content/texts';
import { atMoment } from '@/shared/format/time';
import { LibraryPanel } from './LibraryPanel';
import type { Linked } from './PlatformsScreen';

const until = '2026-07-31T12:30:00Z';
const run: RunFragment = { id: 'r1', state: 'FAILED', stage: 'LISTING', done: 0, total: null, currentTitle: null, message: null, rateLimitedUntil: null, error: null, attempt: 1, added: 0, updated: 0, removed: 0, startedAt: '2026-07-31T12:00:00Z', finishedAt: '2026-07-31T12:00:01Z', rev: 1 };
const library: Linked = { id: 'l1', label: 'My Zorp', account: null, connected: true, gamesCount: 0, createdAt: '2026-01-01T00:00:00Z', platform: { id: 'zorp', name: 'Zorp', kind: 'STORE', canSync: true }, lastSync: run, lastError: null, nextSyncAt: null, syncEveryHours: null };

function show(answers: { retry?: unknown; history?: readonly RunFragment[] }) {
  const client = {
    executeMutation: () => fromValue({ data: { retrySync: answers.retry } }),
    executeQuery: () => fromValue({ data: { library: { id: 'l1', syncs: { nodes: answers.history ?? [], totalCount: 1 } } }, stale: false, hasNext: false }),
    executeSubscription: () => never,
  };
  const viewer = { me: null, scopes: ['READ_LIBRARY', 'RUN_SYNC'], authMode: 'PASSWORD', setupNeeded: false, reload: async () => undefined } as unknown as ViewerContext;
  render(
    <Provider value={client as unknown as Client}>
      <ViewerValue value={viewer}>
        <LibraryPanel library={library} justLinked={false} onReconnect={() => undefined} />
      </ViewerValue>
    </Provider>,
  );
}

afterEach(() => speak(sayer({}, 'en'), 'en'));

describe.each(['en', 'de'])('a platform that asks to be left alone (%s)', (language) => {
  const texts = JSON.parse(readFileSync(`../subgraphs/metadata/src/content/text/${language}.json`, 'utf8')) as Record<string, string>;
  const said = (reason: string) => {
    const text = texts[`problem.PROVIDER_RATE_LIMITED.${reason}`] ?? '?';
    expect(text).toContain('{until}');
    return text.replace('{until}', atMoment(until)).replace('{second}', 'Zorp');
  };

  it('is said until when, to who retries', async () => {
    speak(sayer(texts, language), language);
    show({ retry: { run: null, problems: [{ code: 'PROVIDER_RATE_LIMITED', field: null, message: `the platform asks us to wait until ${until}`, reason: 'sync.waits', values: [until] }] } });
    await userEvent.click(screen.getByRole('button', { name: texts['platforms.retry'] }));
    expect(await screen.findByRole('alert')).toHaveTextContent(said('sync.waits'));
  });

  it('is said until when, in the history of syncs', async () => {
    speak(sayer(texts, language), language);
    const waited: RunFragment = { ...run, state: 'SUPERSEDED', error: { code: 'PROVIDER_RATE_LIMITED', message: `Zorp may not be asked again before ${until}.`, reason: 'platform.again', values: [until, 'Zorp'] } };
    show({ history: [waited] });
    await userEvent.click(screen.getByRole('button', { name: texts['platforms.historyOf']?.replace('{label}', 'My Zorp') }));
    expect(await screen.findByText(said('platform.again'))).toBeInTheDocument();
  });
});
