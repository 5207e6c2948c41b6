import { Pencil, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useMutation, useQuery } from 'urql';
import { CreateStatusDocument, DeleteStatusDocument, OwnStatusesDocument, RenameStatusDocument } from '@/gql/statuses';
import { refusal, say as inWords } from '@/shared/api/problems';
import { t } from './texts';
import { Button } from '@/shared/ui/Button';
import { TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';
import { statusName } from '@/shared/format/words';

/** Where one may stand with a game: the hub's statuses, and those of one's own. */
export function Statuses() {
  const [{ data, error, fetching }, again] = useQuery({ query: OwnStatusesDocument, requestPolicy: 'cache-and-network' });
  const [{ fetching: making }, create] = useMutation(CreateStatusDocument);
  const [, remove] = useMutation(DeleteStatusDocument);
  const [name, setName] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const [renaming, setRenaming] = useState<{ id: string; name: string } | null>(null);
  const make = async (event: FormEvent) => {
    event.preventDefault();
    const { data: answer, error: failed } = await create({ input: { name } });
    const problem = refusal(answer?.createStatus.problems, failed);
    setFault(problem);
    setSaid(problem ? '' : t('settings.statusMade', { name: answer?.createStatus.status?.name ?? name }));
    if (!problem) setName('');
  };
  const drop = async (id: string, called: string) => {
    const { data: answer, error: failed } = await remove({ id });
    const problem = refusal(answer?.deleteStatus.problems, failed);
    setFault(problem);
    setSaid(problem ? '' : t('settings.statusGone', { name: called }));
  };
  return (
    <section aria-labelledby="statuses">
      <h2 id="statuses" className="mb-2 text-2xl">
        {t('settings.statuses')}
      </h2>
      <p className="mb-4 text-muted text-pretty">{t('settings.statusesHelp')}</p>
      {error && !data && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{inWords(error)}</Fault>}
      {fetching && !data && <div role="status" aria-label={t('common.loading')} className="skeleton h-12" />}
      <ul aria-label={t('settings.statuses')} className="mb-5 flex flex-wrap gap-2">
        {data?.statuses?.map((status) => (
          <li key={status.id} className="flex min-h-9 max-w-full items-center gap-1 rounded-full bg-chip px-3.5 text-sm font-semibold">
            <span className="truncate">{statusName(status)}</span>
            {status.own && (
              <>
                <Button look="quiet" size="icon" className="size-8!" onClick={() => setRenaming(status)} aria-label={t('settings.renameStatus', { name: status.name })}>
                  <Pencil className="size-4" />
                </Button>
                <Button look="quiet" size="icon" className="-mr-2.5 size-8!" onClick={() => void drop(status.id, status.name)} aria-label={t('settings.removeStatus', { name: status.name })}>
                  <Trash2 className="size-4" />
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      <form onSubmit={(event) => void make(event)} className="flex flex-wrap items-end gap-3">
        <div className="min-w-56 flex-1">
          <TextField label={t('settings.newStatus')} placeholder={t('settings.statusExample')} autoComplete="off" maxLength={40} value={name} onChange={(event) => setName(event.target.value)} fault={fault ?? undefined} />
        </div>
        <Button type="submit" className="h-11" busy={making} disabled={!name.trim()}>
          {t('settings.addStatus')}
        </Button>
      </form>
      <p role="status" className="mt-2 min-h-5 text-sm text-muted">
        {said}
      </p>
      {renaming && (
        <Rename
          status={renaming}
          onClose={() => setRenaming(null)}
          onRenamed={(name) => {
            setRenaming(null);
            setSaid(t('settings.statusRenamed', { before: renaming.name, name }));
          }}
        />
      )}
    </section>
  );
}

/** Another name for a status of one's own. */
function Rename({ status, onClose, onRenamed }: { status: { id: string; name: string }; onClose: () => void; onRenamed: (name: string) => void }) {
  const [{ fetching }, rename] = useMutation(RenameStatusDocument);
  const [name, setName] = useState(status.name);
  const [fault, setFault] = useState<string | null>(null);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const { data, error } = await rename({ input: { id: status.id, name } });
    const problem = refusal(data?.renameStatus.problems, error);
    setFault(problem);
    if (!problem) onRenamed(data?.renameStatus.status?.name ?? name);
  };
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('settings.renameStatus', { name: status.name })} description={t('settings.renameStatusHelp')}>
      <form onSubmit={(event) => void save(event)} noValidate className="space-y-5">
        <TextField label={t('settings.name')} autoComplete="off" maxLength={40} value={name} onChange={(event) => setName(event.target.value)} fault={fault ?? undefined} />
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" look="primary" busy={fetching} disabled={!name.trim() || name === status.name}>
            {t('action.save')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
