/**
 * Who is signed in on this device.
 *
 * The access token (10 minutes) lives in memory only. The refresh token lives in localStorage: a
 * cookie would need a same-site origin that self-hosted hubs behind several names do not have, and
 * a reload or a second tab must not ask for the password again. What makes that acceptable: the
 * content-security policy lets no foreign script run, the token is single-use (rotated each time),
 * and the hub revokes the whole login when an old one is shown again.
 */
import type { RefreshLoginMutation } from '@/gql/tokens';
import { withLock } from './lock';

export type Tokens = { accessToken: string; refreshToken: string; expiresAt: string };

const KEY = 'djinn.refresh';
const NONCE = 'djinn.refresh.nonce';
const EARLY = 45_000;
/** For so long the hub gives its answer again to the same token with the same nonce. */
const GRACE = 9_000;
/** One request may hang for so long before it is made again. */
const PATIENCE = 3_500;
/** tokens.graphql, by its name: a page that was loaded before the hub was updated must still renew its login. */
const REFRESH = 'spa.RefreshLogin';

let access: { token: string; until: number } | null = null;
let refreshing: Promise<boolean> | null = null;
const watchers = new Set<(signedIn: boolean) => void>();

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('djinn.tokens');
channel?.addEventListener('message', (event: MessageEvent<Tokens | null>) => {
  if (event.data) keep(event.data);
  else drop();
});

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/**
 * The nonce that goes with a refresh token. It is kept until the new pair is here: a page that was
 * loaded again while the answer was on its way asks with the same one, and is not taken for a thief.
 */
function nonceOf(refreshToken: string): string {
  const end = refreshToken.slice(-16);
  const fresh = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  try {
    const [of, nonce] = (localStorage.getItem(NONCE) ?? '').split('|');
    if (of === end && nonce) return nonce;
    localStorage.setItem(NONCE, `${end}|${fresh}`);
  } catch {
    // Without storage a reload ends the login anyway.
  }
  return fresh;
}

/** Asks for a new pair. An answer that was lost on the way is asked for again, with the same nonce. */
async function ask(refreshToken: string): Promise<Response> {
  const body = JSON.stringify({ documentId: REFRESH, variables: { refreshToken, nonce: nonceOf(refreshToken) } });
  const started = Date.now();
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'apollo-require-preflight': 'true' },
        body,
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch (error) {
      const pause = 250 * 2 ** attempt;
      if (Date.now() - started + pause > GRACE) throw error;
      await new Promise((resume) => setTimeout(resume, pause));
    }
  }
}

function keep(tokens: Tokens): void {
  // The device's clock may be wrong, so only a plausible lifetime is believed.
  const left = Math.min(Math.max(Date.parse(tokens.expiresAt) - Date.now(), 60_000), 600_000);
  access = { token: tokens.accessToken, until: Date.now() + left };
  for (const tell of watchers) tell(true);
}

function drop(): void {
  access = null;
  for (const tell of watchers) tell(false);
}

/** Takes over the tokens of a sign-in, a set-up or a profile switch. */
export function adopt(tokens: Tokens): void {
  try {
    localStorage.setItem(KEY, tokens.refreshToken);
    localStorage.removeItem(NONCE);
  } catch {
    // Without storage the login lasts as long as the page does.
  }
  keep(tokens);
  channel?.postMessage(tokens);
}

/** Forgets the login on this device, in every tab. */
export function forget(): void {
  try {
    localStorage.removeItem(KEY);
    localStorage.removeItem(NONCE);
  } catch {
    // Nothing was stored then.
  }
  drop();
  channel?.postMessage(null);
}

export const mayRefresh = (): boolean => stored() !== null;

/** Told `true` on fresh tokens and `false` when the login has ended. */
export function watchTokens(tell: (signedIn: boolean) => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

/** Milliseconds until the access token should be renewed; null when there is none. */
export const renewIn = (): number | null => (access ? Math.max(access.until - EARLY - Date.now(), 1_000) : null);

/** A usable access token, renewed when it is about to end. */
export async function accessToken(): Promise<string | null> {
  if (access && access.until - EARLY > Date.now()) return access.token;
  if (mayRefresh()) await refresh();
  return access && access.until > Date.now() ? access.token : null;
}

/** Renews the login. However many callers ask at once, in however many tabs, one request is made. */
export function refresh(): Promise<boolean> {
  refreshing ??= renew().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function renew(): Promise<boolean> {
  const before = stored();
  return withLock('djinn.refresh', async () => {
    // Another tab may have renewed while this one waited; its tokens came by the channel.
    if (stored() !== before && access && access.until - EARLY > Date.now()) return true;
    const refreshToken = stored();
    if (!refreshToken) return false;
    const response = await ask(refreshToken);
    const answer = (await response.json()) as { data?: Partial<RefreshLoginMutation> | null };
    const payload = answer.data?.refreshLogin;
    if (payload?.tokens) {
      adopt(payload.tokens);
      return true;
    }
    // A refusal ends the login; a fault of the hub (no payload) does not.
    if (payload) forget();
    return false;
  });
}
