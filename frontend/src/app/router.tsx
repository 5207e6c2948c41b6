import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import { readInsights } from '@/features/insights/periods';
import { readSearch } from '@/features/library/filters';
import type { Viewer } from '@/shared/api/viewer';
import { keepFocus } from './focus';
import { Nowhere } from './Nowhere';
import { RouteFault } from './RouteStates';
import { screen } from './screen';
import { Shell } from './Shell';

type Context = { viewer: Viewer };

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: Nowhere });

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (search: Record<string, unknown>): { token?: string } => (typeof search.token === 'string' ? { token: search.token } : {}),
  beforeLoad: ({ context }) => {
    if (!context.viewer.setupNeeded) throw redirect({ to: '/' });
  },
  component: screen(() => import('@/features/auth/SetupScreen'), 'SetupScreen'),
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { back?: string } =>
    // Only a path of our own: an address from elsewhere must not be followed after a sign-in.
    typeof search.back === 'string' && /^\/(?![/\\])/.test(search.back) ? { back: search.back } : {},
  beforeLoad: ({ context, search }) => {
    if (context.viewer.setupNeeded) throw redirect({ to: '/setup' });
    if (context.viewer.me) throw redirect({ to: search.back ?? '/' });
  },
  component: screen(() => import('@/features/auth/LoginScreen'), 'LoginScreen'),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite',
  beforeLoad: ({ context }) => {
    if (context.viewer.setupNeeded) throw redirect({ to: '/setup' });
  },
  component: screen(() => import('@/features/auth/InviteScreen'), 'InviteScreen'),
});

const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: ({ context, location }) => {
    if (context.viewer.setupNeeded) throw redirect({ to: '/setup' });
    if (!context.viewer.me) throw redirect({ to: '/login', search: location.href === '/' ? {} : { back: location.href } });
  },
  component: Shell,
});

const library = createRoute({
  getParentRoute: () => app,
  path: '/',
  validateSearch: readSearch,
  component: screen(() => import('@/features/library/LibraryScreen'), 'LibraryScreen'),
});
const game = createRoute({
  getParentRoute: () => app,
  path: '/games/$gameId',
  component: screen(() => import('@/features/game/GameScreen'), 'GameScreen'),
});
const tonight = createRoute({
  getParentRoute: () => app,
  path: '/tonight',
  validateSearch: (search: Record<string, unknown>): { wish?: string; genre?: string } => ({
    ...(typeof search.wish === 'string' && search.wish ? { wish: search.wish } : {}),
    ...(typeof search.genre === 'string' && search.genre ? { genre: search.genre } : {}),
  }),
  component: screen(() => import('@/features/tonight/TonightScreen'), 'TonightScreen'),
});
const platforms = createRoute({
  getParentRoute: () => app,
  path: '/platforms',
  component: screen(() => import('@/features/platforms/PlatformsScreen'), 'PlatformsScreen'),
});
const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  component: screen(() => import('@/features/settings/SettingsScreen'), 'SettingsScreen'),
});

const collections = createRoute({
  getParentRoute: () => app,
  path: '/collections',
  component: screen(() => import('@/features/collections/CollectionsScreen'), 'CollectionsScreen'),
});
const newCollection = createRoute({
  getParentRoute: () => app,
  path: '/collections/new',
  component: screen(() => import('@/features/collections/RuleScreen'), 'NewRuleScreen'),
});
const collection = createRoute({
  getParentRoute: () => app,
  path: '/collections/$collectionId',
  // `why` opens the explanation, of a game if it names one.
  validateSearch: (search: Record<string, unknown>): { why?: string } => (typeof search.why === 'string' ? { why: search.why } : {}),
  component: screen(() => import('@/features/collections/CollectionScreen'), 'CollectionScreen'),
});
const editCollection = createRoute({
  getParentRoute: () => app,
  path: '/collections/$collectionId/edit',
  component: screen(() => import('@/features/collections/RuleScreen'), 'EditRuleScreen'),
});

const insights = createRoute({
  getParentRoute: () => app,
  path: '/insights',
  validateSearch: readInsights,
  component: screen(() => import('@/features/insights/InsightsScreen'), 'InsightsScreen'),
});
const duplicates = createRoute({
  getParentRoute: () => app,
  path: '/duplicates',
  component: screen(() => import('@/features/duplicates/DuplicatesScreen'), 'DuplicatesScreen'),
});
const status = createRoute({
  getParentRoute: () => app,
  path: '/status',
  component: screen(() => import('@/features/status/StatusScreen'), 'StatusScreen'),
});

/** Plain addresses that a person can read and type: repeated keys are lists. */
function parseSearch(text: string): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  const params = new URLSearchParams(text);
  for (const key of new Set(params.keys())) {
    const values = params.getAll(key);
    read[key] = values.length > 1 ? values : values[0];
  }
  return read;
}
function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') params.append(key, String(one));
    }
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

export const router = createRouter({
  routeTree: root.addChildren([setup, login, invite, app.addChildren([library, game, tonight, collections, newCollection, collection, editCollection, insights, duplicates, platforms, settings, status])]),
  context: { viewer: { me: null, scopes: [], authMode: 'PASSWORD', setupNeeded: false } },
  defaultPreload: 'intent',
  defaultErrorComponent: RouteFault,
  scrollRestoration: true,
  parseSearch,
  stringifySearch,
});
keepFocus(router);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
