import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { CollectionPageDocument, CreateCollectionDocument, PreviewCollectionDocument, RuleFieldsDocument, UpdateCollectionDocument, type CollectionRule } from '@/gql/collections';
import { isNoId, say, sentence, sortProblems, type Problem } from '@/shared/api/problems';
import { Button, buttonClass } from '@/shared/ui/Button';
import { TextField } from '@/shared/ui/Field';
import { Loading } from '@/shared/ui/Loading';
import { Empty, Fault } from '@/shared/ui/Notice';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { Preview } from './Preview';
import { complete, newCondition, newGroup, readRule, write, type Group, type RuleField } from './rule';
import { RuleEditor } from './RuleEditor';
import { useSay } from '@/shared/content/Content';
import { t } from './texts';
import { spokenFields } from './words';
import { useTitle } from '@/shared/content/useTitle';

/** A new collection with a rule. */
export function NewRuleScreen() {
  useSay();
  return <Screen id={null} name="" rule={null} />;
}

/** The rule of a collection, to change it. */
export function EditRuleScreen() {
  useSay();
  const { collectionId } = useParams({ from: '/app/collections/$collectionId/edit' });
  const [{ data, error }] = useQuery({ query: CollectionPageDocument, variables: { id: collectionId } });
  const collection = data?.collection;
  if (error && !isNoId(error)) return <div className="p-6"><Fault>{say(error)}</Fault></div>;
  if (!data && !error) return <Loading className="m-8 h-64" />;
  if (!collection?.rule) return <Empty whole title={t('collections.thisCollectionHasNoRule')} action={<Link to="/collections" className={buttonClass('primary')}>{t('collections.toTheCollections')}</Link>} />;
  return <Screen id={collection.id} name={collection.name} rule={collection.rule as CollectionRule} />;
}

function Screen(props: { id: string | null; name: string; rule: CollectionRule | null }) {
  const [{ data, error }, again] = useQuery({ query: RuleFieldsDocument });
  const fields = data?.collectionFields;
  useTitle(props.id ? t('collections.changeTheRule') : t('collections.new'));
  return (
    <div className="mx-auto max-w-[1300px] px-4 py-8 sm:px-6 lg:px-10 lg:py-12">
      <h1 className="mb-6 text-4xl font-extrabold">{props.id ? t('collections.changeTheRule') : t('collections.new')}</h1>
      {error && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{say(error)}</Fault>}
      {fields ? <Editor {...props} fields={spokenFields(fields)} /> : !error && <Loading className="h-64 rounded-2xl" />}
    </div>
  );
}

function begin(rule: CollectionRule | null, fields: readonly RuleField[]): Group {
  if (rule) return readRule(rule);
  const [first] = fields;
  return newGroup('all', first ? [newCondition(first)] : []);
}

function Editor({ id, name: oldName, rule, fields }: { id: string | null; name: string; rule: CollectionRule | null; fields: readonly RuleField[] }) {
  const navigate = useNavigate();
  const [, create] = useMutation(CreateCollectionDocument);
  const [, update] = useMutation(UpdateCollectionDocument);
  const [group, setGroup] = useState(() => begin(rule, fields));
  const [name, setName] = useState(oldName);
  const [faults, setFaults] = useState<{ name?: string; rest?: string }>({});
  const [fault, setFault] = useState<{ at: string; message: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<number | null>(null);
  const written = complete(group, fields) ? write(group, fields) : null;

  const save = async () => {
    if (busy) return;
    setBusy(true);
    const input = { name: name.trim(), rule: write(group, fields) };
    const answer = id
      ? await update({ input: { id, ...input } }).then((r) => ({ payload: r.data?.updateCollection, error: r.error }))
      : await create({ input }).then((r) => ({ payload: r.data?.createCollection, error: r.error }));
    setBusy(false);
    const saved = answer.payload?.collection;
    if (saved && answer.payload?.problems.length === 0) return void navigate({ to: '/collections/$collectionId', params: { collectionId: saved.id } });
    const problems: readonly Problem[] = answer.payload?.problems ?? [];
    const inRule = problems.find((problem) => problem.field?.replace(/^input\./, '').startsWith('rule'));
    if (inRule?.field) setFault({ at: inRule.field.replace(/^input\./, ''), message: sentence(inRule.message.replaceAll('`', '')) });
    const { fields: known, rest } = sortProblems(
      problems.filter((problem) => problem !== inRule),
      ['name'],
    );
    setFaults({ ...(known.name ? { name: known.name } : {}), ...(rest[0] || answer.error ? { rest: rest[0] ?? say(answer.error) ?? t('collections.notSaved') } : {}) });
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      noValidate
      className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]"
    >
      <div className="min-w-0 space-y-5">
        {faults.rest && <Fault>{faults.rest}</Fault>}
        <div className="max-w-xl">
          <TextField label={t('collections.name')} autoComplete="off" placeholder={t('collections.shortAndUnfinished')} value={name} onChange={(event) => setName(event.target.value)} fault={faults.name} />
        </div>
        <RuleEditor group={group} fields={fields} onChange={setGroup} fault={fault} />
        {/* Where what it gathers is further down, how many that is stays in sight. */}
        <div className="flex flex-wrap items-center gap-3 max-lg:sticky max-lg:bottom-[calc(4.25rem+env(safe-area-inset-bottom))] max-lg:z-10 max-lg:-mx-4 max-lg:border-t max-lg:border-line max-lg:bg-bg max-lg:px-4 max-lg:py-3 sm:max-lg:-mx-6 sm:max-lg:px-6 md:max-lg:bottom-0">
          <Button type="submit" look="primary" busy={busy} disabled={!written}>
            {id ? t('action.save') : t('collections.makeTheCollection')}
          </Button>
          <Button onClick={() => void navigate(id ? { to: '/collections/$collectionId', params: { collectionId: id } } : { to: '/collections' })}>{t('action.cancel')}</Button>
          <span aria-hidden="true" className="font-display numbers ml-auto text-lg font-bold whitespace-nowrap lg:hidden">
            {found === null ? '–' : t('unit.games', { count: found })}
          </span>
        </div>
        <ViewQuery document={PreviewCollectionDocument} variables={{ rule: write(group, fields) }} />
      </div>
      <div className="lg:sticky lg:top-6 lg:self-start">
        <Preview rule={written} onFault={setFault} onCount={setFound} />
      </div>
    </form>
  );
}
