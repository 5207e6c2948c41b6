// Relay's network and store. The artifacts are what its compiler would write; the compiler itself is
// not needed to see that they run.
import { createClient } from 'graphql-ws';
import { createHash } from 'node:crypto';
import {
  createOperationDescriptor, Environment, fetchQuery, generateClientID, Network, Observable, RecordSource, requestSubscription, Store,
  type ConcreteRequest, type FetchFunction, type GraphQLTaggedNode, type HandleFieldPayload, type RecordSourceProxy, type SubscribeFunction,
} from 'relay-runtime';
import { afterAll, describe, expect, inject, it } from 'vitest';
import WebSocket from 'ws';
import { EVENTS, Heard, openRoom } from './room';

const hub = inject('hub');
const signedIn = { authorization: `Bearer ${hub.token}` };
const socket = createClient({ url: hub.socket, webSocketImpl: WebSocket, connectionParams: signedIn });
afterAll(() => socket.dispose());

const post = async (body: object) => {
  const response = await fetch(hub.graphql, { method: 'POST', headers: { ...signedIn, 'content-type': 'application/json', accept: 'application/graphql-response+json' }, body: JSON.stringify(body) });
  return response.json();
};
const ask: FetchFunction = ({ name, text }, variables) => post({ query: text, operationName: name, variables });
const follow: SubscribeFunction = ({ name, text }, variables) =>
  Observable.create((sink) => socket.subscribe({ query: text ?? '', operationName: name, variables }, { next: (value) => sink.next(value as any), error: (error) => sink.error(error instanceof Error ? error : new Error(JSON.stringify(error))), complete: () => sink.complete() }));

/** Puts the pages of a list after one another: what Relay's own handler does for `edges`. */
const pages = {
  update(store: RecordSourceProxy, { args, dataID, fieldKey, handleKey }: HandleFieldPayload) {
    const owner = store.get(dataID);
    const page = owner?.getLinkedRecord(fieldKey);
    if (!owner) return;
    if (!page) return void owner.setValue(null, handleKey);
    const list = owner.getLinkedRecord(handleKey) ?? store.create(generateClientID(dataID, handleKey), page.getType());
    const before = args.after ? (list.getLinkedRecords('nodes') ?? []) : [];
    list.setLinkedRecords([...before, ...(page.getLinkedRecords('nodes') ?? [])], 'nodes');
    list.setValue(page.getValue('totalCount') as number, 'totalCount');
    const end = page.getLinkedRecord('pageInfo');
    if (end) list.setLinkedRecord(end, 'pageInfo');
    owner.setLinkedRecord(list, handleKey);
  },
};

const environment = (fetchFn: FetchFunction = ask) =>
  new Environment({ network: Network.create(fetchFn, follow), store: new Store(new RecordSource()), handlerProvider: (handle) => (handle === 'pages' ? pages : undefined) });

const scalar = (name: string) => ({ alias: null, args: null, kind: 'ScalarField', name, storageKey: null });
const linked = (name: string, concreteType: string | null, selections: object[], plural = false, args: object[] | null = null) => ({ alias: null, args, concreteType, kind: 'LinkedField', name, plural, selections, storageKey: null });
const variable = (name: string) => ({ kind: 'Variable', name, variableName: name });

type Text = { text: string; id?: null } | { text: null; id: string };
function request(kind: 'query' | 'subscription', name: string, { text, id = null }: Text, variables: string[], read: object[], written = read): ConcreteRequest {
  const argumentDefinitions = variables.map((name) => ({ defaultValue: null, kind: 'LocalArgument', name }));
  return {
    kind: 'Request',
    fragment: { argumentDefinitions, kind: 'Fragment', metadata: null, name, selections: read, type: kind === 'query' ? 'Query' : 'Subscription', abstractKey: null },
    operation: { argumentDefinitions, kind: 'Operation', name, selections: written },
    params: { ...(id ? { id } : { cacheID: name, id }), metadata: {}, name, operationKind: kind, text },
  } as unknown as ConcreteRequest;
}
const tagged = (artifact: ConcreteRequest) => artifact as unknown as GraphQLTaggedNode;

const shelfText = 'query ShelfQuery($first: Int, $after: String) { games(first: $first, after: $after) { totalCount nodes { id title } pageInfo { endCursor hasNextPage } } }';
/** `games(first: $first, after: $after) @list(key: "Shelf_games")`, if there were such a directive. */
function shelf(text: Text): ConcreteRequest {
  const page = [scalar('totalCount'), linked('nodes', 'Game', [scalar('id'), scalar('title')], true), linked('pageInfo', 'PageInfo', [scalar('endCursor'), scalar('hasNextPage')])];
  const args = [variable('after'), variable('first')];
  return request(
    'query',
    'ShelfQuery',
    text,
    ['first', 'after'],
    [{ ...linked('__Shelf_games_pages', 'GameSearch', page), alias: 'games' }],
    [linked('games', 'GameSearch', page, false, args), { alias: null, args, filters: null, handle: 'pages', key: 'Shelf_games', kind: 'LinkedHandle', name: 'games' }],
  );
}

describe('Relay', () => {
  it('reads a list page by page into one', async () => {
    const relay = environment();
    const artifact = shelf({ text: shelfText });
    const whole = createOperationDescriptor(artifact, { first: 25, after: null });
    const kept = relay.retain(whole);
    const read = () => (relay.lookup(whole.fragment).data as any).games;
    const counts: number[] = [];
    for (let after: string | null = null; ; after = read().pageInfo.endCursor) {
      await fetchQuery(relay, tagged(artifact), { first: 25, after } as any).toPromise();
      counts.push(read().nodes.length);
      if (!read().pageInfo.hasNextPage) break;
    }
    expect(counts).toEqual([25, 50, hub.games]);
    expect(read()).toMatchObject({ totalCount: hub.games, nodes: Array.from({ length: hub.games }, (_, n) => ({ title: `Shelf Game ${String(n + 1).padStart(2, '0')}` })) });
    // Records go by the game's own id.
    const { id } = read().nodes[0];
    expect(relay.getStore().getSource().get(id)).toMatchObject({ __typename: 'Game', title: 'Shelf Game 01' });
    kept.dispose();
  });

  it('gets a refusal as an error, and what one field refuses as a null', async () => {
    const unfit = shelf({ text: 'query ShelfQuery { nothingOfTheKind }' });
    const error: any = await fetchQuery(environment(), tagged(unfit), {}).toPromise().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Error);
    expect(error.source.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    const answers: any[] = [];
    const noted: FetchFunction = async (...asked) => (answers.push(await ask(...asked)), answers.at(-1));
    expect(await fetchQuery(environment(noted), tagged(shelf({ text: shelfText })), { first: 101, after: null } as any).toPromise()).toEqual({ games: null });
    expect(answers).toMatchObject([{ errors: [{ path: ['games'], extensions: { code: 'PAGE_TOO_LARGE' } }] }]);
  });

  it('follows a room through a socket, into the record of the room', async () => {
    const relay = environment();
    const room = await openRoom(hub, 'By Relay');
    const part = (type: string, selections: object[]) => ({ kind: 'InlineFragment', selections, type, abstractKey: null });
    const changes = linked('changes', 'RoomChange', [scalar('rev'), scalar('kind'), scalar('clientSeq'), scalar('patch')], true);
    const parts = [
      scalar('__typename'),
      part('RoomSnapshot', [scalar('rev'), linked('room', 'Room', [scalar('id'), scalar('name'), scalar('state')])]),
      part('RoomDelta', [scalar('rev'), changes]),
      part('RoomClosed', [scalar('rev')]),
    ];
    const subscription = request('subscription', 'Follow', { text: EVENTS }, ['room', 'resume'], [linked('roomEvents', null, parts, false, [variable('resume'), { kind: 'Variable', name: 'roomId', variableName: 'room' }])]);
    const heard = new Heard<any>();
    const following = requestSubscription(relay, { subscription: tagged(subscription), variables: { room: room.id }, onNext: heard.next, onError: heard.error, onCompleted: heard.complete });
    expect((await heard.take()).roomEvents).toEqual({ __typename: 'RoomSnapshot', rev: expect.any(Number), room: { id: room.id, name: 'By Relay', state: { turn: 'white' } } });
    expect(relay.getStore().getSource().get(room.id)).toMatchObject({ __typename: 'Room', name: 'By Relay' });
    await room.act({ turn: 'black' });
    expect((await heard.take()).roomEvents).toMatchObject({ __typename: 'RoomDelta', changes: [{ clientSeq: 1, patch: { turn: 'black' } }] });
    await room.close();
    await heard.ended;
    following.dispose();
  });

  it('asks for a trusted document by its name, as doc_id', async () => {
    const byId: FetchFunction = ({ id }, variables) => post({ doc_id: id, variables });
    const stats = request('query', 'TrustedLibraryStats', { text: null, id: 'q.library-stats' }, [], [linked('libraryStats', 'LibraryStats', [scalar('games'), scalar('copies'), scalar('libraries')])]);
    expect(await fetchQuery(environment(byId), tagged(stats), {}).toPromise()).toEqual({ libraryStats: { games: hub.games, copies: hub.games, libraries: 1 } });
    const unknown = request('query', 'Unknown', { text: null, id: 'no-such-document' }, [], [scalar('__typename')]);
    const error: any = await fetchQuery(environment(byId), tagged(unknown), {}).toPromise().catch((error: unknown) => error);
    expect(JSON.stringify(error.source)).toContain('"DOCUMENT_NOT_FOUND"');
  });

  it('asks for a document of its own by the hash, once the hub has seen it', async () => {
    const id = createHash('sha256').update(shelfText).digest('hex');
    const persistedQuery = { version: 1, sha256Hash: id };
    const byHash: FetchFunction = ({ id }, variables) => post({ variables, extensions: { persistedQuery: { ...persistedQuery, sha256Hash: id } } });
    await post({ query: shelfText, variables: { first: 1 }, extensions: { persistedQuery } });
    const data: any = await fetchQuery(environment(byHash), tagged(shelf({ text: null, id })), { first: 25, after: null } as any).toPromise();
    expect(data.games).toMatchObject({ totalCount: hub.games, nodes: { length: 25 } });
  });

  it('is told that @defer and @stream are not offered', async () => {
    for (const query of ['{ me { ... @defer { name } } }', '{ games { nodes @stream { id } } }']) {
      expect(await post({ query })).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
    }
  });
});
