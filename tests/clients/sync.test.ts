// A sync of a linked account, followed by a socket and by a stream beside each other to its end.
import { createClient as createStreams } from 'graphql-sse';
import { createClient as createSocket } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startSteam } from '../../frontend/e2e/steam';
import { ask, startHub, type Running } from './hub';

let steam: Awaited<ReturnType<typeof startSteam>>;
let hub: Running;
beforeAll(async () => {
  steam = await startSteam();
  hub = await startHub({ DJINN__STEAM__API_URL: steam.url, DJINN__STEAM__STORE_URL: steam.url });
});
afterAll(async () => {
  await hub?.stop();
  await steam?.stop();
});

async function link(): Promise<string> {
  // The form is the hub's to say; what is typed into it is the person's.
  const { platforms } = await ask(hub, '{ platforms { id connectFields { name secret required } } }');
  const { connectFields } = platforms.find(({ id }: { id: string }) => id === 'steam');
  const needed = connectFields.filter(({ required }: { required: boolean }) => required);
  const fields = needed.map(({ name, secret }: { name: string; secret: boolean }) => ({ name, value: secret ? '0123456789abcdef0123456789ABCDEF' : '76561198000000042' }));
  const { linkLibrary } = await ask(hub, 'mutation($input: LinkLibraryInput!) { linkLibrary(input: $input) { library { id label } problems { code message } } }', { input: { platform: 'steam', fields } });
  expect(linkLibrary).toMatchObject({ library: { label: 'Stand-in' }, problems: [] });
  return linkLibrary.library.id;
}

it('shows every client the same end, and steps that only grow before it', { timeout: 60_000 }, async () => {
  const headers = { authorization: `Bearer ${hub.token}` };
  const socket = createSocket({ url: hub.socket, webSocketImpl: WebSocket, connectionParams: headers });
  const streams = createStreams({ url: hub.graphql, headers });
  const asked = {
    query: 'subscription Sync($library: ID!) { syncProgress(libraryId: $library) { epoch rev settled final run { state stage done total added currentTitle } } }',
    variables: { library: await link() },
  };
  const followed = await Promise.all(
    [socket.iterate<any>(asked), streams.iterate<any>(asked)].map(async (events) => {
      const steps: any[] = [];
      for await (const { data, errors } of events) {
        expect(errors).toBeUndefined();
        steps.push(data.syncProgress);
      }
      return steps;
    }),
  );
  for (const steps of followed) {
    const revisions = steps.map(({ rev }) => rev);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
    expect(steps.length).toBeGreaterThan(2);
    expect(steps.filter(({ final }) => final)).toEqual([steps.at(-1)]);
    expect(steps.at(-1)).toMatchObject({ settled: true, run: { state: 'SUCCEEDED', stage: 'DONE', added: 12 } });
  }
  expect(followed[0]!.at(-1)).toEqual(followed[1]!.at(-1));
  streams.dispose();
  await socket.dispose();
});
