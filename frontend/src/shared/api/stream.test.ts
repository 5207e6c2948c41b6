import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventReader, follow } from './stream';

vi.mock('./fetch', () => ({ hubFetch: vi.fn() }));
const { hubFetch } = await import('./fetch');
afterEach(() => vi.mocked(hubFetch).mockReset());

const stream = (...parts: string[]): Response =>
  new Response(new ReadableStream({ start: (out) => (parts.forEach((part) => out.enqueue(new TextEncoder().encode(part))), out.close()) }), { headers: { 'content-type': 'text/event-stream' } });

describe('a stream of events', () => {
  it('is read the same whatever pieces it comes in', () => {
    const text = 'event: next\ndata: {"a":\ndata: 1}\n\n:\n\nevent: next\r\ndata: {"b":2}\r\n\r\nevent: complete\ndata:\n\n';
    for (const size of [1, 3, 1000]) {
      const seen: [string, string][] = [];
      const read = eventReader((event, data) => seen.push([event, data]));
      for (let at = 0; at < text.length; at += size) read(text.slice(at, at + size));
      expect(seen).toEqual([
        ['next', '{"a":\n1}'],
        ['next', '{"b":2}'],
        ['complete', ''],
      ]);
    }
  });

  it('is opened again when it breaks off, and ends when it is over', async () => {
    vi.mocked(hubFetch)
      .mockResolvedValueOnce(stream('event: next\ndata: {"data":1}\n\n'))
      .mockRejectedValueOnce(new TypeError('the hub is down'))
      .mockResolvedValueOnce(stream('event: next\ndata: {"data":2}\n\n', 'event: complete\ndata:\n\n'));
    const seen: unknown[] = [];
    await new Promise<void>((complete) => follow({ query: 'subscription { x }' }, { next: (value) => seen.push(value), error: () => undefined, complete }));
    expect(seen).toEqual([{ data: 1 }, { data: 2 }]);
    expect(hubFetch).toHaveBeenCalledTimes(3);
  });

  it('hands a refusal on as the answer it is', async () => {
    vi.mocked(hubFetch).mockResolvedValueOnce(new Response('{"errors":[{"message":"no"}]}', { headers: { 'content-type': 'application/json' } }));
    const seen: unknown[] = [];
    await new Promise<void>((complete) => follow({}, { next: (value) => seen.push(value), error: () => undefined, complete }));
    expect(seen).toEqual([{ errors: [{ message: 'no' }] }]);
  });
});
