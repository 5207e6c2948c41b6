import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useCallback, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider, type Client } from 'urql';
import { WelcomeDocument, type WelcomeQuery } from '@/gql/auth';
import { makeClient } from '@/shared/api/client';
import { setConnection } from '@/shared/api/connection';
import { accessToken, mayRefresh, watchTokens } from '@/shared/api/tokens';
import { Content } from '@/shared/content/Content';
import { ViewerValue, type Viewer } from '@/shared/api/viewer';
import { welcome } from './early';
import { router } from './router';
import { Unreachable } from './Unreachable';

type Here = { client: Client; viewer: Viewer };

async function ask(client: Client): Promise<WelcomeQuery> {
  // A login of an earlier visit is renewed first, so that the one question below is asked as someone.
  await accessToken().catch(() => null);
  const { data, error } = await client.query<WelcomeQuery>(WelcomeDocument, {}).toPromise();
  if (!data) throw error ?? new Error('no answer');
  return data;
}

/** What the page's first script asked counts once: whoever looks again wants to know how it is now. */
let early: typeof welcome | null = welcome;

async function look(): Promise<Here> {
  const asked = early;
  early = null;
  const client = makeClient();
  const data = (await asked) ?? (await ask(client));
  // Without the part that knows who is here, nothing can be shown.
  if (!data.setup) throw new Error('no answer');
  setConnection('online');
  return { client, viewer: { me: data.me, scopes: data.myScopes ?? [], authMode: data.setup.authMode, setupNeeded: data.setup.needed } };
}

function App() {
  const [here, setHere] = useState<Here | null>(null);
  const [failed, setFailed] = useState(false);
  const reload = useCallback(async () => {
    try {
      const next = await look();
      setFailed(false);
      setHere(next);
    } catch {
      setConnection('lost');
      setFailed(true);
    }
  }, []);
  useEffect(() => {
    // oxlint-disable-next-line react/set-state-in-effect -- the state is set once the hub has answered
    void reload();
  }, [reload]);
  useEffect(() => {
    if (!failed) return undefined;
    const timer = setInterval(() => void reload(), 3_000);
    return () => clearInterval(timer);
  }, [failed, reload]);
  useEffect(
    () =>
      watchTokens((signedIn) => {
        // The login ended, here or in another tab.
        if (!signedIn) setHere((old) => (old?.viewer.me && old.viewer.authMode === 'PASSWORD' ? { client: makeClient(), viewer: { ...old.viewer, me: null, scopes: [] } } : old));
      }),
    [],
  );
  const viewerId = here?.viewer.me?.id;
  useEffect(() => {
    if (viewerId) void import('./live').then(({ startLive }) => startLive());
  }, [viewerId]);
  // The guards of the routes read the viewer, so they run again when it changes.
  useEffect(() => {
    if (here) void router.invalidate();
  }, [here]);
  const value = useMemo(() => (here ? { ...here.viewer, reload } : null), [here, reload]);
  if (!here || !value) return failed ? <Unreachable onRetry={() => void reload()} /> : null;
  return (
    <Provider value={here.client}>
      <ViewerValue value={value}>
        <Content>
          <RouterProvider router={router} context={{ viewer: here.viewer }} />
        </Content>
      </ViewerValue>
    </Provider>
  );
}

// The screen of the address is fetched while the hub is asked who is here.
const { pathname } = window.location;
for (const { options } of router.getMatchedRoutes(mayRefresh() || pathname === '/setup' || pathname === '/invite' ? pathname : '/login')[0]) {
  void (options.component as { preload?: () => Promise<void> } | undefined)?.preload?.();
}

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
