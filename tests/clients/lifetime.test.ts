// How long the hub keeps what a client has left behind, and how it goes away itself. A hub of its
// own: the figures are those of the whole process, and at the end it is stopped.
import { createClient as createStreams } from 'graphql-sse';
import { createClient as createSocket } from 'graphql-ws';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startHub, type Running } from './hub';
import { openLine } from './line';
import { EVENTS, Heard, openRoom, type Room } from './room';

/** In how many milliseconds the hub has to have let go. One second is the promise, the rest is for a busy machine; who only notices by its pings needs three times as long. */
const SOON = 5_000;

let hub: Running;
let room: Room;
let headers: { authorization: string };
let code: number | null | undefined;
beforeAll(async () => {
  hub = await startHub();
  headers = { authorization: `Bearer ${hub.token}` };
  room = await openRoom(hub, 'Left behind');
});
afterAll(async () => {
  if (code === undefined) await hub?.stop('SIGKILL');
});

/** One of the hub's gauges; 0 before it was first set. */
async function gauge(name: string): Promise<number> {
  const text = await (await fetch(hub.metrics)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
}

/** Waits until a gauge stands so: after how many milliseconds. */
async function stands(name: string, value: number, since = performance.now()): Promise<number> {
  for (;;) {
    const now = await gauge(name);
    const passed = performance.now() - since;
    if (now === value) return passed;
    if (passed > 30_000) throw new Error(`${name} is ${now} after ${Math.round(passed)} ms, not ${value}`);
    await new Promise((later) => setTimeout(later, 2));
  }
}

async function admitted(): Promise<WebSocket> {
  const socket = new WebSocket(hub.socket, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: headers }));
  await once(socket, 'message');
  return socket;
}
const subscribe = (socket: WebSocket, id: string) => socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: EVENTS, variables: { room: room.id } } }));

/** Opens subscriptions, leaves them as `leave` does, and expects that the hub does so as well. */
async function leaves(name: string, open: number, leave: () => unknown) {
  await stands('djinn_router_subscriptions', open);
  const since = performance.now();
  await leave();
  const milliseconds = await stands('djinn_router_subscriptions', 0, since);
  console.log(`${name}: ${open} subscriptions ended after ${milliseconds.toFixed(0)} ms`);
  expect(milliseconds).toBeLessThan(SOON);
  await stands('djinn_router_sockets', 0);
}

it('ends the subscriptions of a socket that is destroyed without a word', async () => {
  const socket = await admitted();
  for (let id = 0; id < 20; id += 1) subscribe(socket, `${id}`);
  await leaves('a socket destroyed', 20, () => socket.terminate());
});

it('ends the subscriptions of a line that is cut', async () => {
  const line = await openLine(hub);
  const client = createSocket({ url: line.socket, webSocketImpl: WebSocket, connectionParams: headers, retryAttempts: 0 });
  const heard = Array.from({ length: 5 }, () => new Heard<unknown>());
  for (const one of heard) client.subscribe({ query: EVENTS, variables: { room: room.id } }, one);
  await leaves('a line cut', 5, () => line.cut());
  await Promise.all(heard.map((one) => one.ended.catch(() => undefined)));
  await line.close();
});

it('ends the subscriptions of a client that says goodbye', async () => {
  const client = createSocket({ url: hub.socket, webSocketImpl: WebSocket, connectionParams: headers });
  client.subscribe({ query: EVENTS, variables: { room: room.id } }, new Heard<unknown>());
  await leaves('a client disposed of', 1, () => client.dispose());
});

it('ends one subscription that is completed, and keeps the socket', async () => {
  const socket = await admitted();
  subscribe(socket, 'one');
  subscribe(socket, 'two');
  await stands('djinn_router_subscriptions', 2);
  const since = performance.now();
  socket.send(JSON.stringify({ id: 'one', type: 'complete' }));
  expect(await stands('djinn_router_subscriptions', 1, since)).toBeLessThan(SOON);
  expect(await gauge('djinn_router_sockets')).toBe(1);
  await leaves('a socket closed', 1, () => socket.close());
});

it('ends the subscription of a stream that is aborted', async () => {
  const client = createStreams({ url: hub.graphql, headers });
  const stops = Array.from({ length: 5 }, () => client.subscribe({ query: EVENTS, variables: { room: room.id } }, new Heard<unknown>()));
  await leaves('streams aborted', 5, () => stops.forEach((stop) => stop()));
  client.dispose();
});

it('closes sockets with 1001 and ends streams when it is asked to stop, and ends well', async () => {
  const socket = await admitted();
  subscribe(socket, 'one');
  const waiting = new WebSocket(hub.socket, 'graphql-transport-ws');
  await once(waiting, 'open');
  const stream = await fetch(hub.graphql, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: EVENTS, variables: { room: room.id } }),
  });
  const events = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await events.read()).value).toContain('"RoomSnapshot"');
  await stands('djinn_router_subscriptions', 2);
  const closed = Promise.all([socket, waiting].map((one) => once(one, 'close').then(([code, reason]) => [code, String(reason)])));
  const since = performance.now();
  const stopped = hub.stop('SIGTERM');
  expect(await closed).toEqual([[1001, 'Going away'], [1001, 'Going away']]);
  expect(performance.now() - since).toBeLessThan(SOON);
  // A stream that is not said to be complete is one to take up again.
  for (let part = await events.read(); !part.done; part = await events.read()) expect(part.value).not.toContain('event: complete');
  code = await stopped;
  expect(code).toBe(0);
});
