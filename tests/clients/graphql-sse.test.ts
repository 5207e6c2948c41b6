// The client of graphql-sse, one operation to a connection, and a plain EventSource's reading.
import { createClient, NetworkError, type Client, type ClientOptions } from 'graphql-sse';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { openLine } from './line';
import { EVENTS, Heard, openRoom, type Followed } from './room';

const hub = inject('hub');
const signedIn = { authorization: `Bearer ${hub.token}` };
type Result<Data> = { data?: Data | null; errors?: any };

const open: Client[] = [];
afterEach(() => open.splice(0).forEach((client) => client.dispose()));
function client(options: Partial<ClientOptions<false>> = {}): Client {
  const made = createClient({ url: hub.graphql, headers: signedIn, retryAttempts: 0, ...options });
  open.push(made);
  return made;
}

describe('graphql-sse', () => {
  it('runs queries and mutations, each ended by the hub', async () => {
    const results = [];
    for await (const result of client().iterate({ query: 'query Shelf($first: Int) { games(first: $first) { totalCount nodes { title } } }', variables: { first: 1 } })) results.push(result);
    expect(results).toEqual([{ data: { games: { totalCount: hub.games, nodes: [{ title: 'Shelf Game 01' }] } } }]);
    const made = [];
    for await (const result of client().iterate({ query: 'mutation { createBoard(input: { name: "By stream" }) { board { name } } }' })) made.push(result);
    expect(made).toEqual([{ data: { createBoard: { board: { name: 'By stream' } } } }]);
  });

  it('follows a room from the first state to the end', async () => {
    const room = await openRoom(hub, 'Chess by stream');
    const heard = new Heard<Result<Followed>>();
    client().subscribe<Followed>({ query: EVENTS, variables: { room: room.id } }, heard);
    expect((await heard.take()).data?.roomEvents).toMatchObject({ __typename: 'RoomSnapshot', room: { id: room.id, state: { turn: 'white' }, members: [{ player: { name: 'Ellen' } }] } });
    await room.act({ turn: 'black' });
    expect((await heard.take()).data?.roomEvents).toMatchObject({ __typename: 'RoomDelta', changes: [{ kind: 'ACTED', clientSeq: 1, patch: { turn: 'black' } }] });
    await room.close();
    let last = await heard.take();
    while (last.data?.roomEvents.__typename === 'RoomDelta') last = await heard.take();
    expect(last.data?.roomEvents.__typename).toBe('RoomClosed');
    await heard.ended;
  });

  it('gets a refusal as the one result of the operation, with its code, and does not try again', async () => {
    let connections = 0;
    const patient = client({ retryAttempts: 3, on: { connecting: () => (connections += 1) } });
    for (const [query, code] of [['{', 'GRAPHQL_PARSE_FAILED'], ['subscription { nothingOfTheKind }', 'GRAPHQL_VALIDATION_FAILED'], ['subscription { roomEvents(roomId: "no id") { __typename } }', 'INVALID_ID']] as const) {
      const results: any[] = [];
      for await (const result of patient.iterate({ query })) results.push(result);
      expect(results).toMatchObject([{ errors: [{ message: expect.any(String), extensions: { code } }] }]);
    }
    expect(connections).toBe(3);
  });

  it('is turned away before the stream for a credential that is none, with the reason in the answer', async () => {
    const heard = new Heard<unknown>();
    client({ headers: { authorization: 'Bearer nonsense' } }).subscribe({ query: EVENTS, variables: { room: '1' } }, heard);
    const error: any = await heard.ended.catch((error: unknown) => error);
    expect(error).toBeInstanceOf(NetworkError);
    expect(error.response.status).toBe(401);
    expect((await error.response.json()).errors[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  it('takes up a room again after the line was cut', async () => {
    const line = await openLine(hub);
    try {
      const connected = new Heard<boolean>();
      const patient = client({ url: line.graphql, retryAttempts: 5, retry: () => new Promise((resolve) => setTimeout(resolve, 20)), on: { connected: (again) => connected.next(again) } });
      const room = await openRoom(hub, 'Cut off from the stream');
      const heard = new Heard<Result<Followed>>();
      patient.subscribe<Followed>({ query: EVENTS, variables: { room: room.id } }, heard);
      expect((await heard.take()).data?.roomEvents).toMatchObject({ __typename: 'RoomSnapshot', room: { state: { turn: 'white' } } });
      expect(await connected.take()).toBe(false);
      line.cut();
      expect(await connected.take()).toBe(true);
      expect((await heard.take()).data?.roomEvents).toMatchObject({ __typename: 'RoomSnapshot', room: { state: { turn: 'white' } } });
      await room.act({ turn: 'black' });
      expect((await heard.take()).data?.roomEvents).toMatchObject({ __typename: 'RoomDelta', changes: [{ patch: { turn: 'black' } }] });
      await room.close();
      await heard.ended;
    } finally {
      await line.close();
    }
  });
});

describe('an EventSource', () => {
  it('reads by GET, as a page of this site, until the event that says it is complete', async () => {
    const room = await openRoom(hub, 'By EventSource');
    const query = new URLSearchParams({ query: EVENTS, variables: JSON.stringify({ room: room.id }) });
    // What a browser adds by itself; a page of another site cannot.
    const response = await fetch(`${hub.graphql}?${query}`, { headers: { ...signedIn, accept: 'text/event-stream', 'sec-fetch-site': 'same-origin' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    let text = '';
    let closing: Promise<void> | undefined;
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>) {
      text += chunk;
      // The first event is the room; with it the stream is known to be open.
      if (text.includes('\n\n')) closing ??= room.close();
    }
    await closing;
    const events = text.split('\n\n').filter((event) => event.startsWith('event:'));
    expect(events[0]).toMatch(/^event: ?next\ndata: ?\{"data":\{"roomEvents":\{"__typename":"RoomSnapshot"/);
    expect(events.at(-2)).toContain('"RoomClosed"');
    expect(events.at(-1)).toMatch(/^event: ?complete\ndata:/);
  });
});
