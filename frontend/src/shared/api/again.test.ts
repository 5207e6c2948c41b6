import { Client, fetchExchange, gql } from 'urql';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { againExchange, lookAgain } from './again';
import { makeCache } from './cache';

afterEach(() => vi.unstubAllGlobals());

const games = gql`
  query {
    games {
      totalCount
    }
  }
`;
const logins = gql`
  query {
    logins {
      id
    }
  }
`;

describe('looking again', () => {
  it('asks for the lists that are open, and for nothing else', async () => {
    const asked: string[] = [];
    let total = 0;
    vi.stubGlobal('fetch', async (_url: unknown, init: RequestInit) => {
      const list = String(init.body).includes('games');
      asked.push(list ? 'games' : 'logins');
      const data = list ? { games: { __typename: 'GameConnection', totalCount: total } } : { logins: [] };
      return new Response(JSON.stringify({ data }), { headers: { 'content-type': 'application/json' } });
    });
    const client = new Client({ url: '/graphql', preferGetMethod: false, exchanges: [againExchange, makeCache(), fetchExchange] });
    const seen: number[] = [];
    const shut = client.query(games, {}).subscribe(({ data }) => seen.push(data.games.totalCount));
    client.query(logins, {}).subscribe(() => undefined);
    await vi.waitFor(() => expect(seen).toEqual([0]));
    total = 12;
    lookAgain();
    await vi.waitFor(() => expect(seen).toEqual([0, 12]));
    shut.unsubscribe();
    lookAgain();
    await new Promise((resume) => setTimeout(resume, 20));
    expect(asked.toSorted()).toEqual(['games', 'games', 'logins']);
  });
});
