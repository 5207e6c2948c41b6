/**
 * The first script of the page, of a few kilobytes: it renews the login and asks the hub who is here
 * while the app itself is still on its way, and has the screen of the address fetched along with it.
 */
import type { WelcomeQuery } from '@/gql/auth';
import { accessToken, mayRefresh } from '@/shared/api/tokens';
import './index.css';

/** auth.graphql, by its name, as tokens.graphql: this script carries no documents. */
const WELCOME = 'spa.Welcome';

async function ask(): Promise<WelcomeQuery | null> {
  const token = await accessToken();
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'apollo-require-preflight': 'true', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ documentId: WELCOME }),
  });
  const answer = (await response.json()) as { data?: WelcomeQuery | null; errors?: unknown };
  return answer.errors ? null : (answer.data ?? null);
}

/** Who is here; null where the app has to ask again by itself. */
export const welcome: Promise<WelcomeQuery | null> = ask().catch(() => null);

const { pathname } = location;
const here = mayRefresh() ? pathname : pathname === '/setup' ? pathname : '/login';
void import('./main');
// The screens that a page is opened at most; any other is fetched once the router is here.
if (here === '/') void import('@/features/library/LibraryScreen');
else if (here.startsWith('/games/')) void import('@/features/game/GameScreen');
else if (here === '/login') void import('@/features/auth/LoginScreen');
else if (here === '/setup') void import('@/features/auth/SetupScreen');
// The browser's first look into its tables of numbers and dates takes longer than a screen does. It has
// the time now, and not when the first game is drawn.
setTimeout(() => void new Intl.NumberFormat());
