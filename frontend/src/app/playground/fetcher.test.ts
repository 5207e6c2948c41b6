import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient } from 'graphql-ws';
import { hubFetch } from '@/shared/api/fetch';
import { fetcher } from './fetcher';

vi.mock('@/shared/api/fetch', () => ({ hubFetch: vi.fn(() => Promise.resolve(new Response('{"data":{}}'))) }));
vi.mock('graphql-ws', () => ({ createClient: vi.fn(() => ({ iterate: vi.fn(() => 'stream'), dispose: vi.fn() })) }));

const sent = (): object => JSON.parse(String(vi.mocked(hubFetch).mock.calls.at(-1)?.[1]?.body)) as object;
beforeEach(() => vi.clearAllMocks());

describe('what is run in the playground', () => {
  it('is what stands there, not the operation that stood there before', async () => {
    await fetcher({ query: '{ me { name } }', operationName: 'Hello' });
    expect(sent()).toMatchObject({ query: '{ me { name } }', operationName: null });
    await fetcher({ query: 'query Bye { me { name } }', operationName: 'Hello' });
    expect(sent()).toMatchObject({ operationName: 'Bye' });
  });

  it('is the one that was chosen of several', async () => {
    await fetcher({ query: 'query A { me { id } } query B { me { name } }', operationName: 'B' });
    expect(sent()).toMatchObject({ operationName: 'B' });
  });

  it('goes out as a stream when it is one, whatever stood there before', async () => {
    await fetcher({ query: 'subscription { contentChanged { rev } }', operationName: 'Hello' });
    expect(hubFetch).not.toHaveBeenCalled();
    expect(createClient).toHaveBeenCalledOnce();
  });
});
