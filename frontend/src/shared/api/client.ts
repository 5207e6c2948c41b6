import { retryExchange } from '@urql/exchange-retry';
import { Client, fetchExchange, subscriptionExchange } from 'urql';
import { makeCache } from './cache';
import { hubFetch } from './fetch';

/** One client for one viewer: a sign-in or a switch of profile makes a new one, with an empty cache. */
export const makeClient = (): Client =>
  new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetch: hubFetch,
    exchanges: [
      makeCache(),
      // Only reads are tried again by themselves; a write may have been done although no answer came.
      retryExchange({
        initialDelayMs: 400,
        maxDelayMs: 5_000,
        maxNumberAttempts: 8,
        randomDelay: true,
        retryIf: (error, operation) => Boolean(error.networkError) && operation.kind === 'query',
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => {
            let stop: (() => void) | null = null;
            let live = true;
            // The socket's code is loaded after the first paint.
            void import('./socket').then(({ subscribe }) => {
              if (live) stop = subscribe({ query: request.query ?? '', variables: request.variables as Record<string, unknown> }, sink as never);
            });
            return {
              unsubscribe: () => {
                live = false;
                stop?.();
              },
            };
          },
        }),
      }),
    ],
  });
