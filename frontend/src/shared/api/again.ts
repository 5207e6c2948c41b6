import type { Exchange, Operation } from 'urql';
import { filter, makeSubject, merge, pipe, tap } from 'wonka';
import { connection, watchConnection } from './connection';

/** The lists that a person watches fill up. What was picked or counted for them does not change under their eyes. */
const lists = ['games', 'searchGames', 'recentlyPlayed', 'collections', 'collection'];
const tellers = new Set<(names: readonly string[]) => void>();

/** Asks the open questions for lists of games, or those with one of these fields, again: games may have come. */
export function lookAgain(names: readonly string[] = lists): void {
  // Once the line is back, all are asked anyway.
  if (connection() !== 'lost') for (const tell of tellers) tell(names);
}

const asksFor = ({ query }: Operation, names: readonly string[]): boolean =>
  query.definitions.some((part) => part.kind === 'OperationDefinition' && part.selectionSet.selections.some((field) => field.kind === 'Field' && names.includes(field.name.value)));

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
    const ask = (operation: Operation) => next(client.createRequestOperation('query', operation, { ...operation.context, requestPolicy: 'network-only' }));
    tellers.add((names) => {
      for (const operation of open.values()) if (asksFor(operation, names)) ask(operation);
    });
    watchConnection(() => {
      const now = connection();
      const back = before === 'lost' && now === 'online';
      before = now;
      if (!back) return;
      for (const operation of open.values()) ask(operation);
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
