import { Client, fetchExchange, gql } from 'urql';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeCache } from './cache';

afterEach(() => vi.unstubAllGlobals());

const answers = (...all: object[]) => {
  const left = [...all];
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ data: left.shift() }), { headers: { 'content-type': 'application/json' } }));
  return new Client({ url: '/graphql', preferGetMethod: false, exchanges: [makeCache(), fetchExchange] });
};
const search = gql`
  query ($query: String!) {
    searchGames(query: $query) {
      nodes {
        id
        title
      }
      facets {
        genres {
          id
          label
          count
        }
      }
    }
  }
`;
const found = (title: string, count: number) => ({ __typename: 'Query', searchGames: { __typename: 'GameSearch', nodes: [{ __typename: 'Game', id: 'g1', title }], facets: { __typename: 'GameFacets', genres: [{ __typename: 'Facet', id: 'RPG', label: 'RPG', count }] } } });

describe('the cache', () => {
  it('keeps the facets of each search apart, though their ids are the same', async () => {
    const client = answers(found('One', 40), found('One', 2));
    await client.query(search, { query: '' });
    await client.query(search, { query: 'one' });
    const first = await client.query(search, { query: '' }, { requestPolicy: 'cache-only' });
    expect(first.data.searchGames.facets.genres[0].count).toBe(40);
  });

  it('knows a game again, wherever it stands', async () => {
    const client = answers(found('Old title', 1), found('New title', 1));
    await client.query(search, { query: '' });
    await client.query(search, { query: 'new' });
    const first = await client.query(search, { query: '' }, { requestPolicy: 'cache-only' });
    expect(first.data.searchGames.nodes[0].title).toBe('New title');
  });
});
