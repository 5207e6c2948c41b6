import { noteDate } from './clock';
import { setConnection } from './connection';
import { accessToken, mayRefresh, refresh } from './tokens';

async function send(input: RequestInfo | URL, init: RequestInit | undefined, token: string | null): Promise<Response> {
  const headers = new Headers(init?.headers);
  headers.set('apollo-require-preflight', 'true');
  // A header set by hand, as in the playground, wins.
  if (token && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
  try {
    const response = await fetch(input, { ...init, headers, credentials: 'same-origin' });
    noteDate(response.headers.get('date'));
    return response;
  } catch (error) {
    if (!init?.signal?.aborted) setConnection('lost');
    throw error;
  }
}

const refused = (status: number, text: string): boolean => status === 401 || text.includes('"UNAUTHENTICATED"');

/** `fetch` for the graph: signed, and tried once more with a renewed login when it is refused. */
export async function hubFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await send(input, init, await accessToken());
  if (response.headers.get('content-type')?.includes('event-stream')) return response;
  const text = await response.text();
  if (refused(response.status, text) && mayRefresh() && (await refresh())) {
    return send(input, init, await accessToken());
  }
  return new Response(text, { status: response.status, statusText: response.statusText, headers: response.headers });
}
