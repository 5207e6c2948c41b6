// urql: its exchanges for HTTP, for subscriptions over sockets and streams, and for persisted queries.
import { cacheExchange, Client, fetchExchange, gql, subscriptionExchange, type Exchange, type SubscriptionForwarder } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { createClient as createStreams } from 'graphql-sse';
import { createClient as createSocket } from 'graphql-ws';
import { describe, expect, inject, it } from 'vitest';
import { pipe, subscribe } from 'wonka';
import WebSocket from 'ws';
import { EVENTS, Heard, openRoom } from './room';

const hub = inject('hub');
const signedIn = { authorization: `Bearer ${hub.token}` };

function urql(exchanges: Exchange[], options: Partial<ConstructorParameters<typeof Client>[0]> = {}): Client {
  return new Client({ url: hub.graphql, fetchOptions: { headers: signedIn }, preferGetMethod: false, exchanges, ...options });
}

const SHELF = gql`query Shelf { games(first: 2) { totalCount nodes { id title notes } } }`;

/** Follows a room to its end. */
async function follows(client: Client, name: string) {
  const room = await openRoom(hub, name);
  const heard = new Heard<any>();
  const ending = new Heard<void>();
  const { unsubscribe } = pipe(
    client.subscription(EVENTS, { room: room.id }),
    subscribe(({ data, error, hasNext }) => {
      if (error) heard.error(error);
      else if (data) heard.next(data.roomEvents);
      if (!hasNext) ending.complete();
    }),
  );
  expect(await heard.take()).toMatchObject({ __typename: 'RoomSnapshot', room: { state: { turn: 'white' }, members: [{ player: { name: 'Ellen' } }] } });
  await room.act({ turn: 'black' });
  expect(await heard.take()).toMatchObject({ __typename: 'RoomDelta', changes: [{ clientSeq: 1, patch: { turn: 'black' } }] });
  await room.close();
  let last = await heard.take();
  while (last.__typename === 'RoomDelta') last = await heard.take();
  expect(last.__typename).toBe('RoomClosed');
  unsubscribe();
}

describe('urql', () => {
  it.each([['POST', false], ['GET', 'force']] as const)('queries by %s and changes, and asks again for what the change touched', async (_, preferGetMethod) => {
    const client = urql([cacheExchange, fetchExchange], { preferGetMethod });
    const before = await client.query(SHELF, {}).toPromise();
    expect(before.error).toBeUndefined();
    expect(before.data.games).toMatchObject({ totalCount: hub.games, nodes: [{ title: 'Shelf Game 01' }, { title: 'Shelf Game 02' }] });
    const notes = `By urql, ${preferGetMethod}`;
    const changed = await client.mutation(gql`mutation Note($input: UpdateGameInput!) { updateGame(input: $input) { game { id notes } problems { code } } }`, { input: { gameId: before.data.games.nodes[0].id, notes } }).toPromise();
    expect(changed.data.updateGame).toMatchObject({ game: { notes }, problems: [] });
    const after = await client.query(SHELF, {}).toPromise();
    expect(after.data.games.nodes[0].notes).toBe(notes);
  });

  it('gets the code of a refusal as an error of the graph', async () => {
    for (const [query, headers, code] of [['{ nothingOfTheKind }', signedIn, 'GRAPHQL_VALIDATION_FAILED'], ['{ game(id: "no id") { id } }', signedIn, 'INVALID_ID'], ['{ me { id } }', { authorization: 'Bearer nonsense' }, 'UNAUTHENTICATED']] as const) {
      const { error } = await urql([fetchExchange], { fetchOptions: { headers } }).query(query, {}).toPromise();
      expect(error?.networkError).toBeUndefined();
      expect(error?.graphQLErrors).toMatchObject([{ extensions: { code } }]);
    }
  });

  it('follows a room through a socket', async () => {
    const socket = createSocket({ url: hub.socket, webSocketImpl: WebSocket, connectionParams: signedIn });
    const forward: SubscriptionForwarder = ({ query, variables, operationName }) => ({ subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query: query ?? '', variables: variables as Record<string, unknown>, operationName }, sink as any) }) });
    try {
      await follows(urql([fetchExchange, subscriptionExchange({ forwardSubscription: forward })]), 'By urql and socket');
    } finally {
      await socket.dispose();
    }
  });

  it('follows a room through a stream of graphql-sse', async () => {
    const streams = createStreams({ url: hub.graphql, headers: signedIn });
    const forward: SubscriptionForwarder = ({ query, variables, operationName }) => ({ subscribe: (sink) => ({ unsubscribe: streams.subscribe({ query: query ?? '', variables: variables as Record<string, unknown>, operationName }, sink as any) }) });
    try {
      await follows(urql([fetchExchange, subscriptionExchange({ forwardSubscription: forward })]), 'By urql and stream');
    } finally {
      streams.dispose();
    }
  });

  it('follows a room through its own fetch', () => follows(urql([fetchExchange], { fetchSubscriptions: true }), 'By urql and fetch'));

  it('sends a query once, and its hash from then on', async () => {
    const query = gql(`query Hashed { shelf${Date.now()}: games(first: 1) { totalCount nodes { title } } }`);
    const sends = async () => {
      const sent: string[] = [];
      const fetchFn: typeof fetch = (input, init) => {
        const text = `${input} ${init?.body ?? ''}`;
        sent.push(`${init?.method ?? 'GET'} ${/query(=|":)/.test(text.replaceAll('persistedQuery', '')) ? 'with' : 'without'} text`);
        return fetch(input, init);
      };
      const { data, error } = await urql([persistedExchange({ preferGetForPersistedQueries: 'force' }), fetchExchange], { fetch: fetchFn }).query(query, {}).toPromise();
      expect(error).toBeUndefined();
      expect(Object.values(data as object)).toEqual([{ totalCount: hub.games, nodes: [{ title: 'Shelf Game 01' }] }]);
      return sent;
    };
    expect(await sends()).toEqual(['GET without text', 'GET with text']);
    expect(await sends()).toEqual(['GET without text']);
  });
});
