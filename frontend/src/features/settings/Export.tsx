import { Download } from 'lucide-react';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { ExportChoicesDocument, ExportLibraryDocument, type ExportFormat, type ExportLibraryMutation } from '@/gql/export';
import { refusal } from '@/shared/api/problems';
import { plural } from '@/shared/format/time';
import { Button, buttonClass } from '@/shared/ui/Button';
import { SelectField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';

const formats: { id: ExportFormat; name: string; help: string }[] = [
  { id: 'JSON', name: 'Everything, as JSON', help: 'Libraries without their secrets, copies, marks, notes, history and collections. Any Game Djinn reads it back.' },
  { id: 'CSV', name: 'A table, as CSV', help: 'One line for each copy, for spreadsheets.' },
  { id: 'PLAYNITE_CSV', name: 'A table for Playnite', help: 'In the columns that Playnite’s importers know.' },
];
const bytes = new Intl.NumberFormat(undefined, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 });

type Answer = ExportLibraryMutation['exportLibrary'];

/** One's data, to take along. */
export function Export() {
  const [{ data }] = useQuery({ query: ExportChoicesDocument });
  const [{ fetching }, send] = useMutation(ExportLibraryDocument);
  const [format, setFormat] = useState<ExportFormat>('JSON');
  const [library, setLibrary] = useState('');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const chosen = formats.find((one) => one.id === format);
  const make = async () => {
    setAnswer(null);
    const { data: made, error } = await send({ input: { format, library: library || null } });
    setFault(refusal(made?.exportLibrary.problems, error));
    if (made?.exportLibrary.url) setAnswer(made.exportLibrary);
  };
  return (
    <section aria-labelledby="export">
      <h2 id="export" className="mb-2 text-2xl">
        Export
      </h2>
      <p className="mb-4 text-muted text-pretty">Your data is yours: take it along whenever you like.</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField label="As" value={format} onChange={(event) => setFormat(event.target.value as ExportFormat)} {...(chosen ? { help: chosen.help } : {})}>
          {formats.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </SelectField>
        <SelectField label="Of" value={library} onChange={(event) => setLibrary(event.target.value)}>
          <option value="">All libraries</option>
          {data?.libraries?.nodes.map((one) => (
            <option key={one.id} value={one.id}>
              {one.label}
            </option>
          ))}
        </SelectField>
      </div>
      {fault && <Fault>{fault}</Fault>}
      <div role="status" className="mt-4 flex flex-wrap items-center gap-4">
        {answer?.url ? (
          <>
            <a href={answer.url} download={answer.fileName ?? ''} className={buttonClass('primary')}>
              <Download className="size-4" aria-hidden="true" />
              Save {answer.fileName}
            </a>
            <span className="numbers text-sm text-muted">
              {plural(answer.games, 'game')}, {bytes.format(Math.max(1, Math.round(answer.bytes / 1000)))}. The link works for five minutes.
            </span>
          </>
        ) : (
          <Button busy={fetching} onClick={() => void make()}>
            Make the file
          </Button>
        )}
      </div>
    </section>
  );
}
