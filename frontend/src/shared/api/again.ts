import type { Exchange, Operation } from 'urql';
import { filter, makeSubject, merge, pipe, tap } from 'wonka';
import { connection, watchConnection } from './connection';

/**
 * Asks every open question again once the hub is back after an outage: what changed meanwhile was
 * told to nobody here.
 */
export const againExchange: Exchange =
  ({ forward, client }) =>
  (operations) => {
    const open = new Map<number, Operation>();
    const { source, next } = makeSubject<Operation>();
    let before = connection();
    watchConnection(() => {
      const now = connection();
      const back = before === 'lost' && now === 'online';
      before = now;
      if (!back) return;
      for (const operation of open.values()) next(client.createRequestOperation('query', operation, { ...operation.context, requestPolicy: 'network-only' }));
    });
    const noted = pipe(
      operations,
      tap((operation) => {
        if (operation.kind === 'query') open.set(operation.key, operation);
        else if (operation.kind === 'teardown') open.delete(operation.key);
      }),
    );
    return forward(merge([noted, pipe(source, filter((operation) => open.has(operation.key)))]));
  };
