import { startTransition, useEffect, useState } from 'react';
import { useClient, type CombinedError } from 'urql';
import { FacetsDocument, type FacetsQuery } from '@/gql/library';
import type { LibraryQuery } from './filters';

export type Facets = NonNullable<FacetsQuery['searchGames']>['facets'];
type Counted = { key: string; facets: Facets | null; error: CombinedError | undefined };

/**
 * What the list can be narrowed down by, with how many games there would be. Asked only once the
 * games are here: whoever types waits for games and not for counts. Until then the last ones stay,
 * marked as stale.
 */
export function useFacets({ query, filter }: LibraryQuery, ready: boolean) {
  const client = useClient();
  const [counted, setCounted] = useState<Counted>({ key: '', facets: null, error: undefined });
  const [attempt, setAttempt] = useState(0);
  // Neither the order nor the view changes what is counted.
  const key = JSON.stringify([query, filter]);
  useEffect(() => {
    if (!ready) return undefined;
    return client.query(FacetsDocument, { query, filter }, { requestPolicy: 'cache-and-network' }).subscribe(({ data, error }) => {
      const facets = data?.searchGames?.facets;
      // The next letter need not wait until they are drawn.
      startTransition(() => setCounted((old) => ({ key, facets: facets ?? old.facets, error: facets ? undefined : error })));
    }).unsubscribe;
    // The key says all that the question does.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [client, key, ready, attempt]);
  const { facets, error } = counted.key === key ? counted : { facets: counted.facets, error: undefined };
  return { facets, error, stale: counted.key !== key || error !== undefined, retry: () => setAttempt((old) => old + 1) };
}
