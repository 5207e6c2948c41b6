import { FileUp } from 'lucide-react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { ImportGamesDocument, type ImportGamesMutation } from '@/gql/platforms';
import { say, sentence } from '@/shared/api/problems';
import { plural } from '@/shared/format/time';
import { words } from '@/shared/format/words';
import { cx } from '@/shared/ui/classes';
import { Badge } from '@/shared/ui/Badge';
import { Button, buttonClass } from '@/shared/ui/Button';
import { TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';

type Answer = ImportGamesMutation['importGames'];
type Chosen = { name: string; content: string; format: 'CSV' | 'JSON' };

export const formatOf = (name: string, content: string): 'CSV' | 'JSON' => (/\.json$/i.test(name) || /^\s*[[{]/.test(content) ? 'JSON' : 'CSV');

/** A file, a look at what it would do, and only then the deed. The hub reads the file. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [{ fetching }, send] = useMutation(ImportGamesDocument);
  const [file, setFile] = useState<Chosen | null>(null);
  const [label, setLabel] = useState('Imported');
  const [preview, setPreview] = useState<Answer | null>(null);
  const [done, setDone] = useState<Answer | null>(null);
  const [fault, setFault] = useState<string | null>(null);

  const run = async (chosen: Chosen, dryRun: boolean) => {
    setFault(null);
    const { data, error } = await send({ input: { format: chosen.format, content: chosen.content, label: label.trim() || 'Imported', dryRun } });
    const answer = data?.importGames ?? null;
    setFault(say(error));
    if (dryRun) setPreview(answer);
    else if (answer && answer.problems.length === 0) setDone(answer);
    else if (answer) setPreview(answer);
  };
  const choose = async (picked: File | undefined) => {
    if (!picked) return;
    const content = await picked.text();
    const chosen: Chosen = { name: picked.name, content, format: formatOf(picked.name, content) };
    setFile(chosen);
    setPreview(null);
    await run(chosen, true);
  };
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} wide title="Import games" description="A CSV with a header line, or JSON: a list of objects with at least a title. Nothing is changed before you have seen what would happen.">
      {done ? (
        <div role="status" className="space-y-5">
          <p className="font-display text-2xl font-bold">{plural(done.added, 'game')} added</p>
          <Counts answer={done} />
          <Button look="primary" onClick={onClose}>
            Close
          </Button>
        </div>
      ) : (
        <div className="space-y-5">
          <label className={cx('flex cursor-pointer items-center justify-center rounded-xl border-2 border-dashed border-edge/60 px-6 text-center transition-colors hover:border-edge hover:bg-sunk has-focus-visible:outline-2 has-focus-visible:outline-lamp-text', file ? 'flex-wrap gap-x-3 py-3' : 'flex-col gap-3 py-8')}>
            <FileUp className="size-7 text-lamp-text" aria-hidden="true" />
            <span className="font-semibold">{file ? file.name : 'Choose a file'}</span>
            <span className="text-sm text-muted">{file ? `Read as ${file.format}. Choose another to replace it.` : '.csv or .json, up to 8 MB'}</span>
            <input type="file" aria-label="File to import" accept=".csv,.json,text/csv,application/json" className="sr-only" onChange={(event) => void choose(event.target.files?.[0])} />
          </label>
          {fault && <Fault>{fault}</Fault>}
          {fetching && !preview && <div className="skeleton h-24" />}
          {preview && (
            <>
              <Problems answer={preview} />
              <Counts answer={preview} />
              {preview.preview.length > 0 && <Preview answer={preview} />}
              <TextField label="Keep them under the name" value={label} onChange={(event) => setLabel(event.target.value)} />
            </>
          )}
          <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-end gap-3 border-t border-line bg-surface px-5 py-4 sm:-mx-6 sm:px-6">
            <button type="button" className={buttonClass('plain')} onClick={onClose}>
              Cancel
            </button>
            <Button look="primary" disabled={!file || !preview || preview.added + preview.updated === 0} busy={fetching && preview !== null} onClick={() => file && void run(file, false)}>
              {preview ? `Import ${plural(preview.added + preview.updated, 'game')}` : 'Import'}
            </Button>
          </div>
        </div>
      )}
    </Sheet>
  );
}

function Counts({ answer }: { answer: Answer }) {
  const parts: [string, number][] = [
    ['rows read', answer.rows],
    ['new', answer.added],
    ['updated', answer.updated],
    ['unchanged', answer.unchanged],
    ['skipped', answer.skipped],
  ];
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2">
      {parts.map(([name, value]) => (
        <div key={name} className="flex flex-col-reverse">
          <dt className="text-sm text-muted">{name}</dt>
          <dd className="font-display numbers text-xl font-bold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Problems({ answer }: { answer: Answer }) {
  if (!answer.problems.length) return null;
  return (
    <Fault>
      <ul className="space-y-1">
        {answer.problems.slice(0, 8).map((problem, index) => (
          <li key={index}>
            {problem.field && `${problem.field}: `}
            {sentence(problem.message)}
          </li>
        ))}
        {answer.problems.length > 8 && <li>and {answer.problems.length - 8} more</li>}
      </ul>
    </Fault>
  );
}

function Preview({ answer }: { answer: Answer }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolled table must be reachable by keyboard
    <div className="max-h-64 overflow-y-auto rounded-xl border border-line" tabIndex={0} role="region" aria-label="Preview">
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-sunk text-left text-muted">
          <tr>
            <th scope="col" className="px-3 py-2 font-semibold">
              Line
            </th>
            <th scope="col" className="px-3 py-2 font-semibold">
              Title
            </th>
            <th scope="col" className="px-3 py-2 font-semibold">
              Will be
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {answer.preview.map((row) => (
            <tr key={row.line}>
              <td className="numbers px-3 py-1.5 text-muted">{row.line}</td>
              <td className="px-3 py-1.5 font-medium">{row.title}</td>
              <td className="px-3 py-1.5">
                <Badge tone={/^add/i.test(row.action) ? 'good' : 'plain'}>{words(row.action)}</Badge>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
