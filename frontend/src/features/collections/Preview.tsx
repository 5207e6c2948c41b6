import { useEffect, useState } from 'react';
import { useQuery, type CombinedError } from 'urql';
import { PreviewCollectionDocument, type CollectionRule } from '@/gql/collections';
import { say, sentence } from '@/shared/api/problems';
import { Cover } from '@/shared/covers/Cover';
import { titleOf } from '@/shared/format/words';
import { t } from './texts';

/** Where the hub found something wrong in a rule, and what. */
export function faultOf(error: CombinedError | undefined): { at: string; message: string } | null {
  const first = error?.graphQLErrors[0];
  const at = first?.extensions.field;
  return first && typeof at === 'string' ? { at: at.replace(/^input\./, ''), message: sentence(first.message.replaceAll('`', '')) } : null;
}

/** Follows a text, but waits until nobody has changed it for a moment. */
export function useSettled<T>(value: T, key: string, milliseconds = 180): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
    // The key says all that the value does.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [key, milliseconds]);
  return settled;
}

type Props = { rule: CollectionRule | null; onFault: (fault: { at: string; message: string } | null) => void; /** Told how many it gathers; null while that is not known. */ onCount: (count: number | null) => void };

/** How many games a rule gathers as it stands, and which come first. */
export function Preview({ rule, onFault, onCount }: Props) {
  const settled = useSettled(rule, JSON.stringify(rule));
  const [{ data, error, fetching }] = useQuery({ query: PreviewCollectionDocument, variables: { rule: settled ?? {} }, pause: !settled, requestPolicy: 'cache-and-network' });
  const fault = settled ? faultOf(error) : null;
  const at = fault?.at ?? null;
  const message = fault?.message ?? null;
  useEffect(() => onFault(at !== null && message !== null ? { at, message } : null), [onFault, at, message]);
  const found = settled && !error ? data?.previewCollection : null;
  const total = found?.totalCount ?? null;
  useEffect(() => onCount(total), [onCount, total]);
  return (
    <section aria-label={t('collections.whatItGathers')} aria-busy={fetching} className="rounded-2xl border border-line bg-surface p-4 shadow-card sm:p-5">
      <p role="status" className="font-display numbers text-3xl font-extrabold">
        {found ? t('unit.games', { count: found.totalCount }) : '–'}
      </p>
      <p className="mt-1 min-h-5 text-sm text-muted">{!settled ? t('collections.fillInEachPartTo') : fault ? t('collections.somethingInTheRuleCannot') : error ? say(error) : found?.totalCount === 0 ? t('collections.nothingFitsAllOfIt') : t('collections.itFollowsYourLibraryFrom')}</p>
      <ul className="mt-4 grid grid-cols-4 gap-2.5 sm:grid-cols-6 lg:grid-cols-3 xl:grid-cols-4">
        {found?.nodes.map((game) => (
          <li key={game.id} title={titleOf(game)}>
            <Cover title={titleOf(game)} url={game.coverUrl} className="rounded-md" />
            <span className="sr-only">{titleOf(game)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
