// GraphQL over HTTP, as the specification's own audit sees it, and as plain programs use it.
import { serverAudits } from 'graphql-http';
import { once } from 'node:events';
import { Agent, request as send, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, inject, it } from 'vitest';
import { friend } from './hub';

const hub = inject('hub');

describe('the audit of GraphQL over HTTP', () => {
  // Signed in: some of it asks for the schema. The token also proves that no link on another site
  // made the GET, as `apollo-require-preflight` would.
  const fetchFn = (url: string, init: RequestInit = {}) => fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${hub.token}` } });
  const audits = serverAudits({ url: hub.graphql, fetchFn });

  it('has all its parts', () => expect(audits.length).toBeGreaterThanOrEqual(61));

  it.each(audits.map((audit) => [`${audit.id}: ${audit.name}`, audit] as const))('%s', async (_, audit) => {
    const result = await audit.fn();
    // A SHOULD that is not kept is a `warn`, a MAY a `notice`: neither will do.
    if (result.status !== 'ok') throw new Error(`${result.status}: ${result.reason}\n${result.response.status} ${await result.response.text().catch(() => '')}`);
  });
});

type Heard = { status: number; headers: IncomingHttpHeaders; body: string };

/** One request with these headers and no others. */
async function plain(options: RequestOptions, body?: string | Buffer): Promise<Heard> {
  const request = send(hub.graphql, { method: body === undefined ? 'GET' : 'POST', ...options, headers: { 'user-agent': 'curl/8.14.1', accept: '*/*', ...options.headers } });
  request.end(body);
  const [response] = await once(request, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() };
}

const json = { 'content-type': 'application/json' };
const signedIn = { authorization: `Bearer ${hub.token}` };
const shelf = '{ games(first: 2) { totalCount nodes { title } } }';
const expected = { data: { games: { totalCount: hub.games, nodes: [{ title: 'Shelf Game 01' }, { title: 'Shelf Game 02' }] } } };
const codes = (body: string) => JSON.parse(body).errors.map((error: any) => error.extensions.code);

describe('curl', () => {
  it('gets JSON for Accept: */*', async () => {
    const { status, headers, body } = await plain({ headers: { ...json, ...signedIn } }, JSON.stringify({ query: shelf }));
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body)).toEqual(expected);
  });

  it('is told what to send when it sends a form, which is what -d does', async () => {
    const { status, body } = await plain({ headers: { 'content-type': 'application/x-www-form-urlencoded' } }, JSON.stringify({ query: shelf }));
    expect([status, codes(body)]).toEqual([415, ['UNSUPPORTED_MEDIA_TYPE']]);
  });

  it('reads by GET with a bearer token, and changes nothing that way', async () => {
    const read = await plain({ path: `/graphql?query=${encodeURIComponent(shelf)}`, headers: signedIn });
    expect([read.status, JSON.parse(read.body)]).toEqual([200, expected]);
    const changed = await plain({ path: `/graphql?query=${encodeURIComponent('mutation { logout { ok } }')}`, headers: signedIn });
    expect([changed.status, changed.headers.allow, codes(changed.body)]).toEqual([405, 'POST', ['METHOD_NOT_ALLOWED']]);
    expect((await plain({ path: `/graphql?query=${encodeURIComponent(shelf)}`, headers: signedIn })).status).toBe(200);
  });

  it('may send the body in chunks, after a 100 Continue, many times over one connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const ports = new Set<number>();
      for (let turn = 0; turn < 3; turn += 1) {
        const request = send(hub.graphql, { agent, method: 'POST', headers: { ...json, ...signedIn, expect: '100-continue', 'transfer-encoding': 'chunked' } });
        const answered = once(request, 'response');
        request.flushHeaders();
        await once(request, 'continue');
        ports.add(request.socket?.localPort ?? 0);
        const body = JSON.stringify({ query: shelf });
        request.write(body.slice(0, 10));
        request.end(body.slice(10));
        const [response] = await answered;
        let text = '';
        for await (const chunk of response) text += chunk;
        expect(JSON.parse(text)).toEqual(expected);
      }
      expect(ports.size).toBe(1);
    } finally {
      agent.destroy();
    }
  });

  it('gets the headers of a GET for HEAD, and no body', async () => {
    const options = { path: `/graphql?query=${encodeURIComponent(shelf)}`, headers: signedIn };
    const [head, get] = [await plain({ ...options, method: 'HEAD' }), await plain(options)];
    expect([head.status, head.body]).toEqual([200, '']);
    expect(head.headers['content-type']).toBe(get.headers['content-type']);
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
  });

  it('is answered what it can read when it offers to unpack', async () => {
    for (const encoding of ['gzip', 'br', 'gzip, deflate, br, zstd', 'identity']) {
      const answer = await fetch(hub.graphql, { method: 'POST', headers: { ...json, ...signedIn, 'accept-encoding': encoding }, body: JSON.stringify({ query: shelf }) });
      expect(await answer.json()).toEqual(expected);
    }
  });

  it('is told that a packed request is not read', async () => {
    const { status, body } = await plain({ headers: { ...json, ...signedIn, 'content-encoding': 'gzip' } }, gzipSync(JSON.stringify({ query: shelf })));
    expect([400, 415]).toContain(status);
    expect(['BAD_REQUEST', 'UNSUPPORTED_MEDIA_TYPE']).toContain(codes(body)[0]);
  });

  it('is told which methods there are when it tries another', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      // Said outright: of a DELETE this client sends no length, and the body would be the next request.
      const { status, headers } = await plain({ method, headers: { ...json, 'content-length': '2' } }, '{}');
      expect(status).toBe(405);
      expect(headers.allow?.split(/, ?/)).toEqual(expect.arrayContaining(['GET', 'POST']));
    }
  });
});

describe('a page in a browser', () => {
  const asks = (origin: string) =>
    plain({ method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' } });

  it('of a site that is allowed is let through by the preflight, and reads the answer', async () => {
    const preflight = await asks(friend);
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe(friend);
    expect(preflight.headers['access-control-allow-methods']?.split(', ')).toEqual(expect.arrayContaining(['GET', 'POST']));
    expect(preflight.headers['access-control-allow-headers']?.split(', ')).toEqual(expect.arrayContaining(['authorization', 'content-type']));
    const answer = await plain({ headers: { ...json, ...signedIn, origin: friend } }, JSON.stringify({ query: shelf }));
    expect(answer.headers['access-control-allow-origin']).toBe(friend);
    expect(JSON.parse(answer.body)).toEqual(expected);
  });

  it('of any other site is not', async () => {
    const preflight = await asks('https://elsewhere.example');
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
    const answer = await plain({ headers: { ...json, ...signedIn, origin: 'https://elsewhere.example' } }, JSON.stringify({ query: shelf }));
    expect([answer.status, codes(answer.body), answer.headers['access-control-allow-origin']]).toEqual([403, ['CROSS_SITE_REQUEST'], undefined]);
  });
});
