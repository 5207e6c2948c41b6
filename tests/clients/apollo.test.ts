// Apollo Client: links for HTTP, persisted queries and sockets; its cache.
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import { createHash } from 'node:crypto';
import { afterAll, describe, expect, inject, it } from 'vitest';
import WebSocket from 'ws';
import { EVENTS, Heard, openRoom } from './room';

const hub = inject('hub');
const signedIn = { authorization: `Bearer ${hub.token}` };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const clients: ApolloClient[] = [];
afterAll(() => clients.forEach((client) => client.stop()));
function apollo(link: ApolloLink = new HttpLink({ uri: hub.graphql, headers: signedIn })): ApolloClient {
  // A union needs to be known, and an event is no news of the one before.
  const client = new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes: { RoomEvent: ['RoomSnapshot', 'RoomDelta', 'RoomGap', 'RoomClosed'] }, typePolicies: { Subscription: { fields: { roomEvents: { merge: false } } } } }), clientAwareness: { name: 'clients', version: '1' } });
  clients.push(client);
  return client;
}

/** A fetch that notes what was sent. */
function noted() {
  const sent: { method: string; url: URL; body: any }[] = [];
  const fetchFn: typeof fetch = (input, init) => {
    sent.push({ method: init?.method ?? 'GET', url: new URL(String(input)), body: init?.body ? JSON.parse(String(init.body)) : undefined });
    return fetch(input, init);
  };
  return { sent, fetchFn };
}

const SHELF = gql`query Shelf($first: Int, $after: String) { games(first: $first, after: $after) { totalCount nodes { id title favourite } pageInfo { endCursor hasNextPage } } }`;
const FAVOUR = gql`mutation Favour($input: UpdateGameInput!) { updateGame(input: $input) { game { id favourite } problems { code } } }`;

describe('Apollo Client', () => {
  it('queries, changes, and finds the change in every list by the id', async () => {
    const client = apollo();
    const { data } = await client.query<any>({ query: SHELF, variables: { first: 3 } });
    expect(data.games).toMatchObject({ totalCount: hub.games, nodes: [{ title: 'Shelf Game 01' }, { title: 'Shelf Game 02' }, { title: 'Shelf Game 03' }] });
    const third = data.games.nodes[2];
    const seen = new Heard<boolean>();
    const watched = client.watchQuery<any>({ query: SHELF, variables: { first: 3 }, fetchPolicy: 'cache-first' }).subscribe(({ data }) => data && seen.next(data.games.nodes[2].favourite));
    expect(await seen.take()).toBe(false);
    const changed = await client.mutate<any>({ mutation: FAVOUR, variables: { input: { gameId: third.id, favourite: true } } });
    expect(changed.data.updateGame).toMatchObject({ game: { id: third.id, favourite: true }, problems: [] });
    expect(await seen.take()).toBe(true);
    watched.unsubscribe();
    expect(client.cache.extract()).toMatchObject({ [`Game:${third.id}`]: { __typename: 'Game', title: 'Shelf Game 03', favourite: true } });
    const fresh = await apollo().query<any>({ query: SHELF, variables: { first: 3 } });
    expect(fresh.data.games.nodes[2].favourite).toBe(true);
    await client.mutate({ mutation: FAVOUR, variables: { input: { gameId: third.id, favourite: false } } });
  });

  it('turns the pages of a list to its end', async () => {
    const client = apollo();
    const titles: string[] = [];
    let after: string | null = null;
    do {
      const { data }: { data?: any } = await client.query({ query: SHELF, variables: { first: 25, after } });
      titles.push(...data.games.nodes.map(({ title }: { title: string }) => title));
      after = data.games.pageInfo.hasNextPage ? data.games.pageInfo.endCursor : null;
    } while (after);
    expect(titles).toEqual([...new Set(titles)].sort());
    expect(titles.length).toBe(hub.games);
  });

  it.each([
    ['a document that does not fit', { query: gql`{ nothingOfTheKind }` }, signedIn, 'GRAPHQL_VALIDATION_FAILED'],
    ['an id that is none', { query: gql`{ game(id: "no id") { id } }` }, signedIn, 'INVALID_ID'],
    ['nobody signed in', { query: SHELF }, {}, 'UNAUTHENTICATED'],
    ['a credential that is none', { query: SHELF }, { authorization: 'Bearer nonsense' }, 'UNAUTHENTICATED'],
    ['a page too large', { query: SHELF, variables: { first: 101 } }, signedIn, 'PAGE_TOO_LARGE'],
  ])('gets the code of %s as an error of the graph, not of the network', async (_, operation, headers, code) => {
    const client = apollo(new HttpLink({ uri: hub.graphql, headers: headers as Record<string, string> }));
    const error: any = await client.query(operation).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(CombinedGraphQLErrors);
    expect(error.errors).toMatchObject([{ extensions: { code, requestId: expect.any(String) } }]);
  });

  it('sends a query once, and its hash by GET from then on', async () => {
    // Its text is new, so that no earlier run has sent it to this hub.
    const query = gql(`query Persisted { platforms { id name } shelf${Date.now()}: games(first: 1) { totalCount nodes { id title } } }`);
    const hash = { version: 1, sha256Hash: expect.stringMatching(/^[0-9a-f]{64}$/) };
    const persisted = (fetchFn: typeof fetch) => apollo(new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(new HttpLink({ uri: hub.graphql, headers: signedIn, fetch: fetchFn })));

    const first = noted();
    const answer = await persisted(first.fetchFn).query<any>({ query });
    expect(answer.data.platforms).toContainEqual({ __typename: 'Platform', id: 'steam', name: 'Steam' });
    expect(first.sent.length).toBe(2);
    const [asked, told] = first.sent;
    expect([asked!.method, asked!.url.searchParams.has('query')]).toEqual(['GET', false]);
    expect(JSON.parse(asked!.url.searchParams.get('extensions')!).persistedQuery).toEqual(hash);
    const extensions = told!.method === 'POST' ? told!.body.extensions : JSON.parse(told!.url.searchParams.get('extensions')!);
    expect(extensions.persistedQuery).toEqual(hash);
    expect(told!.body?.query ?? told!.url.searchParams.get('query')).toContain('query Persisted');

    const again = noted();
    expect((await persisted(again.fetchFn).query({ query })).data).toEqual(answer.data);
    expect(again.sent.map(({ method, url }) => [method, url.searchParams.has('query')])).toEqual([['GET', false]]);
  });

  it('sends a mutation by POST, persisted or not', async () => {
    const { sent, fetchFn } = noted();
    const link = new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(new HttpLink({ uri: hub.graphql, headers: signedIn, fetch: fetchFn }));
    const mutation = gql(`mutation Persisted { createBoard(input: { name: "Persisted ${Date.now()}" }) { board { id unit } problems { code } } }`);
    const { data } = await apollo(link).mutate<any>({ mutation });
    expect(data.createBoard).toMatchObject({ board: { unit: null }, problems: [] });
    expect(new Set(sent.map(({ method }) => method))).toEqual(new Set(['POST']));
  });

  it('follows a room through a socket', async () => {
    const socket = createClient({ url: hub.socket, webSocketImpl: WebSocket, connectionParams: signedIn });
    try {
      const client = apollo(new GraphQLWsLink(socket));
      const room = await openRoom(hub, 'By Apollo');
      const heard = new Heard<{ data?: any }>();
      client.subscribe({ query: gql(EVENTS), variables: { room: room.id } }).subscribe({ next: heard.next, error: heard.error, complete: heard.complete });
      expect((await heard.take()).data?.roomEvents).toMatchObject({ __typename: 'RoomSnapshot', room: { __typename: 'Room', state: { turn: 'white' } } });
      await room.act({ turn: 'black' });
      expect((await heard.take()).data?.roomEvents).toMatchObject({ __typename: 'RoomDelta', changes: [{ patch: { turn: 'black' } }] });
      await room.close();
      await heard.ended;
      expect(Object.keys(client.cache.extract() as object)).toContain(`Room:${room.id}`);
    } finally {
      await socket.dispose();
    }
  });
});
