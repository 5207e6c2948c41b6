// The client of graphql-transport-ws, and by hand what no client would send.
import { createClient, CloseCode, type Client, type ClientOptions } from 'graphql-ws';
import { once } from 'node:events';
import { afterAll, afterEach, describe, expect, inject, it } from 'vitest';
import WebSocket, { type RawData } from 'ws';
import { ask, friend } from './hub';
import { openLine } from './line';
import { EVENTS, Heard, openRoom, type Followed } from './room';

const hub = inject('hub');
const signedIn = { authorization: `Bearer ${hub.token}` };

const open: Client[] = [];
afterEach(() => Promise.all(open.splice(0).map((client) => client.dispose())));
function client(options: Partial<ClientOptions> = {}): Client {
  const made = createClient({ url: hub.socket, webSocketImpl: WebSocket, connectionParams: signedIn, retryAttempts: 0, ...options });
  open.push(made);
  return made;
}

async function first(from: Client, query: string, variables: Record<string, unknown> = {}): Promise<any> {
  for await (const result of from.iterate({ query, variables })) return result;
  throw new Error('nothing came');
}

describe('graphql-ws', () => {
  it('runs queries and mutations, each ended by the hub', async () => {
    const socket = client();
    const results = [];
    for await (const result of socket.iterate({ query: 'query Shelf($first: Int) { games(first: $first) { totalCount nodes { id title } } }', variables: { first: 1 } })) results.push(result);
    expect(results).toEqual([{ data: { games: { totalCount: hub.games, nodes: [{ id: expect.any(String), title: 'Shelf Game 01' }] } } }]);
    const made = await first(socket, 'mutation { createBoard(input: { name: "By socket", unit: "points" }) { board { name unit } problems { code } } }');
    expect(made).toEqual({ data: { createBoard: { board: { name: 'By socket', unit: 'points' }, problems: [] } } });
    const { boards } = await ask(hub, '{ boards { nodes { name } } }');
    expect(boards.nodes).toContainEqual({ name: 'By socket' });
  });

  it('follows a room from the first state to the end, over one socket with others', async () => {
    let connections = 0;
    const socket = client({ on: { connected: () => (connections += 1) } });
    const [chess, go] = await Promise.all([openRoom(hub, 'Chess by socket'), openRoom(hub, 'Go by socket')]);
    const rooms = [chess, go].map((room) => {
      const heard = new Heard<{ data?: Followed | null }>();
      socket.subscribe<Followed>({ query: EVENTS, variables: { room: room.id } }, heard);
      return { room, heard };
    });
    for (const { room, heard } of rooms) {
      const { data } = await heard.take();
      expect(data?.roomEvents).toMatchObject({ __typename: 'RoomSnapshot', room: { id: room.id, state: { turn: 'white' }, members: [{ player: { name: 'Ellen' } }] } });
    }
    await chess.act({ turn: 'black' });
    expect((await rooms[0]!.heard.take()).data?.roomEvents).toMatchObject({ __typename: 'RoomDelta', changes: [{ kind: 'ACTED', clientSeq: 1, patch: { turn: 'black' } }] });
    await Promise.all(rooms.map(({ room }) => room.close()));
    for (const { heard } of rooms) {
      // The end may be a change of its own first.
      let last = await heard.take();
      while (last.data?.roomEvents.__typename === 'RoomDelta') last = await heard.take();
      expect(last.data?.roomEvents.__typename).toBe('RoomClosed');
      await heard.ended;
    }
    expect(connections).toBe(1);
  });

  it('stops following when the client says so, and the socket goes on', async () => {
    const socket = client();
    const room = await openRoom(hub, 'Left early');
    const heard = new Heard<unknown>();
    const leave = socket.subscribe({ query: EVENTS, variables: { room: room.id } }, heard);
    await heard.take();
    leave();
    await heard.ended;
    await room.act({ turn: 'black' });
    expect((await first(socket, '{ me { name } }')).data.me.name).toBe('Ellen');
    const late = await Promise.race([heard.take().catch(() => 'nothing'), new Promise((resolve) => setTimeout(resolve, 100, 'nothing'))]);
    expect(late).toBe('nothing');
    await room.close();
  });

  it('is anonymous without a credential, which the hub says in the answer', async () => {
    const stranger = client({ connectionParams: {} });
    expect(await first(stranger, '{ me { name } setup { needed } }')).toEqual({ data: { me: null, setup: { needed: false } } });
    const refused = await first(stranger, '{ games { totalCount } }');
    expect(refused.errors[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  it('gets a refusal as the error of the operation, with its code, and keeps the socket', async () => {
    const socket = client();
    for (const [query, code] of [['{', 'GRAPHQL_PARSE_FAILED'], ['{ nothingOfTheKind }', 'GRAPHQL_VALIDATION_FAILED'], ['query($id: ID!) { game(id: $id) { id } }', 'VARIABLE_INVALID']] as const) {
      const error = await first(socket, query).then(() => 'no error', (errors: unknown) => errors);
      expect(error).toMatchObject([{ message: expect.any(String), extensions: { code, requestId: expect.any(String) } }]);
    }
    expect((await first(socket, '{ me { name } }')).data.me.name).toBe('Ellen');
  });

  it('is kept alive by pings, and answered', async () => {
    const pongs = new Heard<unknown>();
    const socket = client({ lazy: false, keepAlive: 50, on: { pong: (received, payload) => received && pongs.next({ payload }) } });
    await pongs.take();
    await pongs.take();
    expect((await first(socket, '{ me { name } }')).data.me.name).toBe('Ellen');
  });

  it('takes up a room again after the line was cut, and misses nothing', async () => {
    const line = await openLine(hub);
    try {
      const connected = new Heard<number>();
      let times = 0;
      const socket = client({ url: line.socket, retryAttempts: 5, retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)), shouldRetry: () => true, on: { connected: () => connected.next((times += 1)) } });
      const room = await openRoom(hub, 'Cut off');
      const heard = new Heard<{ data?: Followed | null }>();
      socket.subscribe<Followed>({ query: EVENTS, variables: { room: room.id } }, heard);
      expect((await heard.take()).data?.roomEvents).toMatchObject({ __typename: 'RoomSnapshot', room: { state: { turn: 'white' } } });
      await connected.take();
      line.cut();
      await room.act({ turn: 'black' });
      expect(await connected.take()).toBe(2);
      // Whether the act came before or after the new subscription, the state is reached.
      let event = (await heard.take()).data!.roomEvents;
      if (event.room?.state && JSON.stringify(event.room.state) !== '{"turn":"black"}') event = (await heard.take()).data!.roomEvents;
      expect(event.room?.state ?? event.changes?.at(-1)?.patch).toEqual({ turn: 'black' });
      await room.close();
      await heard.ended;
    } finally {
      await line.close();
    }
  });

  it('is turned away with 4403 for a credential that is none', async () => {
    const closed = new Promise<any>((resolve) => client({ lazy: false, connectionParams: { authorization: 'Bearer nonsense' }, on: { closed: resolve }, onNonLazyError: () => undefined }));
    expect((await closed).code).toBe(CloseCode.Forbidden);
  });
});

/** A socket as it is, message by message. */
class Raw {
  readonly heard = new Heard<any>();
  /** What the hub closed it with. */
  readonly closed: Promise<[number, string]>;
  readonly #socket: WebSocket;

  constructor(protocols: string[] = ['graphql-transport-ws'], headers: Record<string, string> = {}) {
    this.#socket = new WebSocket(hub.socket, protocols, { headers });
    this.#socket.on('message', (data: RawData) => this.heard.next(JSON.parse(data.toString())));
    this.closed = new Promise((resolve) => this.#socket.once('close', (code, reason) => resolve([code, reason.toString()])));
    this.#socket.on('error', () => undefined);
    sockets.push(this.#socket);
  }

  async send(...messages: (object | string | Buffer)[]): Promise<this> {
    if (this.#socket.readyState === WebSocket.CONNECTING) await once(this.#socket, 'open');
    for (const message of messages) this.#socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
    return this;
  }

  static async admitted(): Promise<Raw> {
    const socket = await new Raw().send({ type: 'connection_init', payload: signedIn });
    expect(await socket.heard.take()).toEqual({ type: 'connection_ack' });
    return socket;
  }
}
const sockets: WebSocket[] = [];
afterAll(() => sockets.forEach((socket) => socket.terminate()));

const subscribe = (id: string, query = '{ __typename }', variables: object = {}) => ({ id, type: 'subscribe', payload: { query, variables } });

describe.concurrent('the protocol', () => {
  it.each([
    ['what is no JSON', 'hello'],
    ['an empty message', ''],
    ['a list', '[]'],
    ['bytes', Buffer.from('{"type":"ping"}')],
    ['no type', {}],
    ['a type of its own', { type: 'hello' }],
    ["a message of the older protocol's", { id: '1', type: 'start', payload: { query: '{ __typename }' } }],
    ["the hub's own message", { type: 'connection_ack' }],
    ['an operation without an id', { type: 'subscribe', payload: { query: '{ __typename }' } }],
    ['an empty id', subscribe('')],
    ['an id that is no text', { id: 1, type: 'subscribe', payload: { query: '{ __typename }' } }],
    ['an operation without a payload', { id: '1', type: 'subscribe' }],
    ['a document that is no text', { id: '1', type: 'subscribe', payload: { query: 1 } }],
    ['an end of nothing', { type: 'complete' }],
  ])('closes with 4400 for %s', async (_, message) => {
    const socket = await (await Raw.admitted()).send(message);
    expect((await socket.closed)[0]).toBe(4400);
  });

  it('closes with 4400 for a payload of connection_init that is no object', async ({ expect }) => {
    expect((await (await new Raw().send({ type: 'connection_init', payload: 'token' })).closed)[0]).toBe(4400);
  });

  it('closes with 4401 for an operation before connection_init', async ({ expect }) => {
    expect(await (await new Raw().send(subscribe('1'))).closed).toEqual([4401, 'Unauthorized']);
  });

  it('closes with 4403 for a credential that is none, wherever it is', async ({ expect }) => {
    for (const payload of [{ authorization: 'Bearer nonsense' }, { Authorization: 'gd_nonsense' }, { 'x-api-key': 'gd_nonsense' }]) {
      expect(await (await new Raw().send({ type: 'connection_init', payload })).closed).toEqual([4403, 'Forbidden']);
    }
    expect((await (await new Raw(undefined, { authorization: 'Bearer nonsense' }).send({ type: 'connection_init' })).closed)[0]).toBe(4403);
  });

  it('takes the credential from the headers of the upgrade, too', async ({ expect }) => {
    const socket = await new Raw(undefined, signedIn).send({ type: 'connection_init' }, subscribe('me', '{ me { name } }'));
    expect([await socket.heard.take(), await socket.heard.take(), await socket.heard.take()]).toEqual([
      { type: 'connection_ack' },
      { id: 'me', type: 'next', payload: { data: { me: { name: 'Ellen' } } } },
      { id: 'me', type: 'complete' },
    ]);
  });

  it('closes with 4406 for a socket that speaks no protocol', async ({ expect }) => {
    expect((await new Raw([]).closed)[0]).toBe(4406);
  });

  it('agrees on its protocol among several, and on none of the older one', async ({ expect }) => {
    const both = await new Raw(['graphql-ws', 'graphql-transport-ws']).send({ type: 'connection_init', payload: signedIn });
    expect(await both.heard.take()).toEqual({ type: 'connection_ack' });
    // A client gives up a socket on which none of its protocols was agreed to.
    const older = new WebSocket(hub.socket, 'graphql-ws');
    const [error] = await once(older, 'error');
    expect(error.message).toBe('Server sent no subprotocol');
  });

  it('closes with 4408 when connection_init does not come', async ({ expect }) => {
    const before = Date.now();
    expect((await new Raw().closed)[0]).toBe(4408);
    expect(Date.now() - before).toBeGreaterThan(2_500);
  });

  it('closes with 4409 for an id that is in use, and takes it again afterwards', async ({ expect }) => {
    const room = await openRoom(hub, 'Twice');
    const socket = await (await Raw.admitted()).send(subscribe('one', EVENTS, { room: room.id }));
    expect(await socket.heard.take()).toMatchObject({ id: 'one', type: 'next' });
    await socket.send({ id: 'one', type: 'complete' }, subscribe('one', '{ me { name } }'));
    expect(await socket.heard.take()).toEqual({ id: 'one', type: 'next', payload: { data: { me: { name: 'Ellen' } } } });
    expect(await socket.heard.take()).toEqual({ id: 'one', type: 'complete' });
    await socket.send(subscribe('two', EVENTS, { room: room.id }), subscribe('two'));
    expect((await socket.closed)[0]).toBe(4409);
    await room.close();
  });

  it('closes with 4429 for a second connection_init', async ({ expect }) => {
    expect((await (await (await Raw.admitted()).send({ type: 'connection_init', payload: signedIn })).closed)[0]).toBe(4429);
    expect((await (await new Raw().send({ type: 'connection_init' }, { type: 'connection_init' })).closed)[0]).toBe(4429);
  });

  it('answers a ping with its payload, before and after connection_init, and lets a pong be', async ({ expect }) => {
    const socket = await new Raw().send({ type: 'ping', payload: { at: 1 } });
    expect(await socket.heard.take()).toEqual({ type: 'pong', payload: { at: 1 } });
    await socket.send({ type: 'pong', payload: { late: true } }, { type: 'connection_init', payload: signedIn }, { type: 'ping' });
    expect(await socket.heard.take()).toEqual({ type: 'connection_ack' });
    expect(await socket.heard.take()).toEqual({ type: 'pong' });
  });

  it('lets an end for an operation that is over be', async ({ expect }) => {
    const socket = await (await Raw.admitted()).send(subscribe('1'));
    await socket.heard.take();
    expect(await socket.heard.take()).toEqual({ id: '1', type: 'complete' });
    await socket.send({ id: '1', type: 'complete' }, { id: 'never', type: 'complete' }, { type: 'ping' });
    expect(await socket.heard.take()).toEqual({ type: 'pong' });
  });

  it('refuses the operation beyond the fiftieth, not the socket', async ({ expect }) => {
    const room = await openRoom(hub, 'Crowded');
    const socket = await Raw.admitted();
    await socket.send(...Array.from({ length: 51 }, (_, n) => subscribe(`${n}`, EVENTS, { room: room.id })));
    const heard = await Promise.all(Array.from({ length: 51 }, () => socket.heard.take()));
    expect(heard.filter(({ type }) => type === 'next').length).toBe(50);
    expect(heard.filter(({ type }) => type === 'error')).toMatchObject([{ id: '50', payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] }]);
    await room.close();
  });

  it('is not opened for a page of another site, and is for one that is allowed', async ({ expect }) => {
    const stranger = new WebSocket(hub.socket, 'graphql-transport-ws', { headers: { origin: 'https://elsewhere.example' } });
    const [, response] = await once(stranger.on('error', () => undefined), 'unexpected-response');
    expect(response.statusCode).toBe(403);
    const allowed = await new Raw(undefined, { origin: friend }).send({ type: 'connection_init', payload: signedIn });
    expect(await allowed.heard.take()).toEqual({ type: 'connection_ack' });
  });
});
