import { persistedExchange } from '@urql/exchange-persisted';
import { retryExchange } from '@urql/exchange-retry';
import { Client, fetchExchange, subscriptionExchange } from 'urql';
import { againExchange } from './again';
import { makeCache } from './cache';
import { hubFetch } from './fetch';

/** The hash that the document got when it was generated; none, if it was written by hand. */
export const hashOf = (document: object): string => ('documentId' in document ? String(document.documentId).replace('sha256:', '') : '');

/** One client for one viewer: a sign-in or a switch of profile makes a new one, with an empty cache. */
export const makeClient = (): Client =>
  new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetch: hubFetch,
    exchanges: [
      againExchange,
      makeCache(),
      // The hub knows this app's documents (src/gql/documents.json), so their hashes are enough. Only
      // a hub of another version asks for the text.
      persistedExchange({
        preferGetForPersistedQueries: false,
        enableForMutation: true,
        enableForSubscriptions: true,
        generateHash: async (_, document) => hashOf(document),
      }),
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
              // The protocol wants a query; an empty one has its hash in the extensions.
              if (live) stop = subscribe({ query: request.query ?? '', variables: request.variables as Record<string, unknown>, extensions: request.extensions }, sink as never);
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
