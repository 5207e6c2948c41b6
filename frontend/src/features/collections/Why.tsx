import { Check, Minus } from 'lucide-react';
import { useQuery } from 'urql';
import { WhyInCollectionDocument } from '@/gql/collections';
import { say } from '@/shared/api/problems';
import { cx } from '@/shared/ui/classes';
import { Fault } from '@/shared/ui/Notice';
import { t } from './texts';
import { spokenPhrases } from './words';

/** How deep a part stands in a rule: `rule.any[0].all[1]` is in two groups. */
const depthOf = (path: string | null): number => (path?.match(/\[/g) ?? []).length;

/** Each part of a rule, tried on one game. */
export function Why({ collectionId, gameId, title }: { collectionId: string; gameId: string; title: string }) {
  const [{ data, error, fetching }] = useQuery({ query: WhyInCollectionDocument, variables: { collectionId, gameId }, requestPolicy: 'cache-and-network' });
  const why = data?.whyInCollection;
  if (error) return <Fault>{say(error)}</Fault>;
  if (!why) return fetching ? <div className="skeleton h-32" /> : <p className="text-muted">{t('collections.thisGameIsNotAmong')}</p>;
  return (
    <div>
      <p role="status" className="mb-3 font-semibold">
        {title} {why.included ? t('collections.isInIt') : t('collections.isNotInIt')}
      </p>
      <ul className="divide-y divide-line border-y border-line">
        {why.parts.map((part, index) => (
          <li key={part.path ?? index} className="flex items-start gap-3 py-2" style={{ paddingLeft: `${depthOf(part.path) * 1.25}rem` }}>
            <span className={cx('mt-0.5 grid size-5 shrink-0 place-items-center rounded-full', part.held ? 'bg-good-wash text-good' : 'bg-bad-wash text-bad')}>
              {part.held ? <Check className="size-3.5" aria-hidden="true" /> : <Minus className="size-3.5" aria-hidden="true" />}
            </span>
            <span className="min-w-0 flex-1">
              <span className="block">{spokenPhrases(part.phrases)}</span>
              {part.value && <span className="block text-sm text-muted">{t('collections.itHas', { value: spokenPhrases(part.valuePhrases) })}</span>}
            </span>
            <span className={cx('text-sm font-semibold', part.held ? 'text-good' : 'text-bad')}>{part.held ? t('collections.holds') : t('collections.doesNotHold')}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
