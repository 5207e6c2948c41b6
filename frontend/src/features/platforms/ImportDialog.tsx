import { FileUp } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useClient, useMutation } from 'urql';
import { ImportGamesDocument, PreviewImportDocument, type ImportAction, type ImportGamesMutation, type ImportInput, type PreviewImportQuery } from '@/gql/platforms';
import { refusal, say } from '@/shared/api/problems';
import { count } from '@/shared/format/time';
import { words } from '@/shared/format/words';
import { cx } from '@/shared/ui/classes';
import { Badge } from '@/shared/ui/Badge';
import { Button } from '@/shared/ui/Button';
import { TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet, sheetFoot } from '@/shared/ui/Sheet';
import { sendFile, type Sent } from './file';
import { Columns } from './ImportColumns';
import { named, namedWith, t } from './texts';

export type Look = NonNullable<PreviewImportQuery['previewImport']>;
type Done = ImportGamesMutation['importGames'];
type Mapping = Record<string, string>;

const SHOWN = 50;

/** A file, a look at what it would do, and only then the deed. The hub reads the file. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const [{ fetching: importing }, send] = useMutation(ImportGamesDocument);
  const [file, setFile] = useState<{ name: string; sent: Sent } | null>(null);
  const [label, setLabel] = useState(t('platforms.imported'));
  const [mapping, setMapping] = useState<Mapping>({});
  const [lenient, setLenient] = useState(false);
  const [only, setOnly] = useState<ImportAction | null>(null);
  const [look, setLook] = useState<Look | null>(null);
  const [looking, setLooking] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const asked = useRef(0);

  const input: ImportInput | null = file && { ...file.sent, label: label.trim() || t('platforms.imported'), mapping: Object.entries(mapping).map(([column, field]) => ({ column, field })), leaveOutRejected: lenient };
  const key = JSON.stringify([file?.name, mapping, label, lenient, only]);
  // What would happen is looked at anew whenever something about it changes.
  useEffect(() => {
    if (!input) return undefined;
    const turn = ++asked.current;
    const timer = setTimeout(async () => {
      setLooking(true);
      const { data, error } = await client.query(PreviewImportDocument, { input, only: only ? [only] : null, first: SHOWN }, { requestPolicy: 'network-only' }).toPromise();
      if (turn !== asked.current) return;
      setLooking(false);
      setFault(say(error));
      if (data?.previewImport) setLook(data.previewImport);
    }, 150);
    return () => clearTimeout(timer);
    // The key says all that the input does.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [client, file, key]);

  const choose = async (picked: File | undefined) => {
    if (!picked) return;
    setLook(null);
    setFile(null);
    setMapping({});
    setOnly(null);
    setFault(null);
    setLooking(true);
    const answer = await sendFile(client, picked.name, new Uint8Array(await picked.arrayBuffer()), () => undefined);
    setLooking(false);
    if ('fault' in answer) setFault(answer.fault);
    else setFile({ name: picked.name, sent: answer.sent });
  };
  const run = async () => {
    if (!input) return;
    const { data, error } = await send({ input: { ...input, dryRun: false } });
    const problem = refusal(data?.importGames.problems, error);
    setFault(problem);
    if (data && !problem) setDone(data.importGames);
  };
  const changes = look ? look.added + look.updated : 0;
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} wide title={t('platforms.importGames')} description={t('platforms.aTableJsonOrWhat')}>
      {done ? (
        <div role="status" className="space-y-5">
          <p className="font-display text-2xl font-bold">{t('platforms.gamesAdded', { count: done.added })}</p>
          <Counts answer={done} only={null} />
          <Button look="primary" onClick={onClose}>
            {t('action.close')}
          </Button>
        </div>
      ) : (
        <div className="space-y-5">
          <label className={cx('flex cursor-pointer items-center justify-center rounded-xl border-2 border-dashed border-edge/60 px-6 text-center transition-colors hover:border-edge hover:bg-sunk has-focus-visible:outline-2 has-focus-visible:outline-lamp-text', file ? 'flex-wrap gap-x-3 py-3' : 'flex-col gap-3 py-8')}>
            <FileUp className="size-7 text-lamp-text" aria-hidden="true" />
            <span className="font-semibold">{file ? file.name : t('platforms.chooseAFile')}</span>
            <span className="text-sm text-muted">{look ? t('platforms.readAsChooseAnotherTo', { format: words(look.format) }) : t('platforms.fromASpreadsheetPlayniteGog')}</span>
            <input type="file" aria-label={t('platforms.fileToImport')} className="sr-only" onChange={(event) => void choose(event.target.files?.[0])} />
          </label>
          {fault && <Fault>{fault}</Fault>}
          {looking && !look && <div className="skeleton h-24" />}
          {look && (
            <>
              {look.columns.length > 0 && <Columns look={look} mapping={mapping} onChange={setMapping} />}
              {!look.needsTitle && <Counts answer={look} only={only} onOnly={setOnly} />}
              {look.newStatuses.length > 0 && <p className="text-sm text-pretty">{t('platforms.makesStatuses', { count: look.newStatuses.length, names: look.newStatuses.join(', ') })}</p>}
              {look.rejected > 0 && (
                <label className="flex min-h-9 items-center gap-2.5 text-sm">
                  <input type="checkbox" checked={lenient} onChange={(event) => setLenient(event.target.checked)} className="size-4 accent-(--lamp-text)" />
                  {t('platforms.leaveOutTheGamesThat', { count: look.rejected })}
                </label>
              )}
              {look.nodes.length > 0 && <Preview look={look} />}
              <TextField label={t('platforms.keepThemUnderTheName')} value={label} onChange={(event) => setLabel(event.target.value)} />
            </>
          )}
          <div className={sheetFoot}>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button look="primary" disabled={!look || changes === 0 || looking || (look.rejected > 0 && !lenient)} busy={importing} onClick={() => void run()}>
              {look ? t('platforms.importGames', { count: changes }) : t('platforms.import2')}
            </Button>
          </div>
        </div>
      )}
    </Sheet>
  );
}

type Sums = Pick<Look, 'rows' | 'added' | 'updated' | 'unchanged' | 'skipped' | 'rejected'>;

function Counts({ answer, only, onOnly }: { answer: Sums; only: ImportAction | null; onOnly?: (only: ImportAction | null) => void }) {
  const parts: [string, number, ImportAction | null][] = [
    [t('platforms.sumRead'), answer.rows, null],
    [t('platforms.sumNew'), answer.added, 'ADD'],
    [t('platforms.sumChanged'), answer.updated, 'UPDATE'],
    [t('platforms.sumUnchanged'), answer.unchanged, 'UNCHANGED'],
    [t('platforms.sumSkipped'), answer.skipped, 'SKIP'],
    [t('platforms.sumUnreadable'), answer.rejected, 'REJECT'],
  ];
  return (
    <div role="group" aria-label={t('platforms.outcome')} className="flex flex-wrap gap-2">
      {parts.map(([name, value, action]) => (
        <button
          key={name}
          type="button"
          disabled={!onOnly || (action !== null && value === 0)}
          aria-pressed={onOnly ? only === action : undefined}
          onClick={() => onOnly?.(action)}
          className={cx('flex flex-col-reverse rounded-lg border px-3.5 py-1.5 text-left', onOnly && only === action ? 'border-lamp-text bg-lamp-wash' : 'border-line', onOnly && 'enabled:hover:border-edge', name === 'unreadable' && value > 0 && 'text-bad')}
        >
          <span className="text-sm">{name}</span>
          <span className="font-display numbers text-xl font-bold">{count(value)}</span>
        </button>
      ))}
    </div>
  );
}

/** Why a game cannot be read, in the language that is spoken; in the hub's own words where nobody has written it. */
const whyNot = ({ reason, reasonCode, reasonValues }: Look['nodes'][number]): string | null => (reasonCode && namedWith(`importReason.${reasonCode}`, reasonValues)) || reason;

const tones = { ADD: 'good', UPDATE: 'lamp', UNCHANGED: 'plain', SKIP: 'plain', REJECT: 'bad' } as const;

function Preview({ look }: { look: Look }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolled table must be reachable by keyboard
    <div className="max-h-72 overflow-auto rounded-xl border border-line" tabIndex={0} role="region" aria-label={t('platforms.preview')}>
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-sunk text-left text-muted">
          <tr>
            {[t('platforms.line'), t('platforms.title'), t('platforms.willBe'), t('platforms.whatChanges')].map((name) => (
              <th key={name} scope="col" className="px-3 py-2 font-semibold whitespace-nowrap">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {look.nodes.map((row) => (
            <tr key={row.line}>
              <td className="numbers px-3 py-1.5 align-top text-muted">{row.column ? `${row.line}:${row.column}` : row.line}</td>
              <td className="px-3 py-1.5 align-top font-medium">
                {row.title || '–'}
                {row.status && <span className="block text-xs font-normal text-muted">{t('platforms.rowStatus', { status: row.status })}</span>}
              </td>
              <td className="px-3 py-1.5 align-top">
                <Badge tone={tones[row.action]}>{words(row.action)}</Badge>
              </td>
              <td className="px-3 py-1.5 align-top text-muted">
                {row.reason && <span className="text-bad">{[row.field, whyNot(row)].filter(Boolean).join(': ')}</span>}
                {row.changes.map((change) => (
                  <span key={change.field} className="block">
                    {named(`importChange.${change.field}`) ?? words(change.field)}: {change.before ?? t('platforms.nothing')} → {change.after ?? t('platforms.nothing')}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {look.totalCount > look.nodes.length && <p className="border-t border-line px-3 py-2 text-sm text-muted">{t('platforms.theFirstOf', { length: look.nodes.length, totalCount: count(look.totalCount) })}</p>}
    </div>
  );
}
