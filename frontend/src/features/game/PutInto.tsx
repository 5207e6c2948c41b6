import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { GameCollectionsDocument, PutGameDocument } from '@/gql/game';
import { refusal } from '@/shared/api/problems';
import { useViewer } from '@/shared/api/viewer';
import { Button } from '@/shared/ui/Button';
import { Fault } from '@/shared/ui/Notice';
import { t } from './texts';

/** Puts the game into collections that are made by hand, and leads to why it is in others or not. */
export function PutInto({ id }: { id: string }) {
  const { scopes } = useViewer();
  const [{ data }] = useQuery({ query: GameCollectionsDocument, variables: { id } });
  const [{ fetching }, put] = useMutation(PutGameDocument);
  const [said, setSaid] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const collections = data?.collections?.nodes ?? [];
  if (!collections.length) return null;
  const add = async (collectionId: string, name: string) => {
    const { data: answer, error } = await put({ input: { collectionId, gameIds: [id] } });
    const problem = refusal(answer?.addToCollection.problems, error);
    setFault(problem);
    setSaid(problem ? '' : t('game.isInCollection', { name }));
  };
  return (
    <section aria-labelledby="into">
      <h2 id="into" className="mb-3 text-2xl">
        {t('game.collections')}
      </h2>
      {fault && <Fault>{fault}</Fault>}
      <ul className="flex flex-wrap gap-2">
        {collections.map((collection) => (
          <li key={collection.id}>
            {collection.ruleText === null ? (
              scopes.includes('WRITE_LIBRARY') && (
                <Button size="sm" disabled={fetching} onClick={() => void add(collection.id, collection.name)} aria-label={t('game.putInto', { name: collection.name })}>
                  + {collection.name}
                </Button>
              )
            ) : (
              <Link to="/collections/$collectionId" params={{ collectionId: collection.id }} search={{ why: id }} className="inline-flex h-8 items-center rounded-md bg-chip px-3 text-sm font-semibold text-muted hover:text-ink">
                {t('game.whyInOrWhyNot', { name: collection.name })}
              </Link>
            )}
          </li>
        ))}
      </ul>
      <p role="status" className="mt-2 min-h-5 text-sm text-muted">
        {said}
      </p>
    </section>
  );
}
