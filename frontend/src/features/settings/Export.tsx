import { Download } from 'lucide-react';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { ExportChoicesDocument, ExportLibraryDocument, type ExportFormat, type ExportLibraryMutation } from '@/gql/export';
import { refusal } from '@/shared/api/problems';
import { Button, buttonClass } from '@/shared/ui/Button';
import { SelectField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { perLocale, t } from './texts';

const formats = ['JSON', 'CSV', 'PLAYNITE_CSV'] as const satisfies ExportFormat[];
const bytes = perLocale((locale) => new Intl.NumberFormat(locale, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 }));

type Answer = ExportLibraryMutation['exportLibrary'];

/** One's data, to take along. */
export function Export() {
  const [{ data }] = useQuery({ query: ExportChoicesDocument });
  const [{ fetching }, send] = useMutation(ExportLibraryDocument);
  const [format, setFormat] = useState<ExportFormat>('JSON');
  const [library, setLibrary] = useState('');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const make = async () => {
    setAnswer(null);
    const { data: made, error } = await send({ input: { format, library: library || null } });
    setFault(refusal(made?.exportLibrary.problems, error));
    if (made?.exportLibrary.url) setAnswer(made.exportLibrary);
  };
  return (
    <section aria-labelledby="export">
      <h2 id="export" className="mb-2 text-2xl">
        {t('settings.export')}
      </h2>
      <p className="mb-4 text-muted text-pretty">{t('settings.yourDataIsYoursTake')}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField label={t('settings.exportKind')} value={format} onChange={(event) => setFormat(event.target.value as ExportFormat)} help={t(`export.${format}.help`)}>
          {formats.map((one) => (
            <option key={one} value={one}>
              {t(`export.${one}`)}
            </option>
          ))}
        </SelectField>
        <SelectField label={t('settings.exportOf')} value={library} onChange={(event) => setLibrary(event.target.value)}>
          <option value="">{t('settings.allLibraries')}</option>
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
              {t('settings.save', { fileName: answer.fileName })}
            </a>
            <span className="numbers text-sm text-muted">
              {t('settings.gamesTheLinkWorksFor', { count: answer.games, value: bytes().format(Math.max(1, Math.round(answer.bytes / 1000))) })}
            </span>
          </>
        ) : (
          <Button busy={fetching} onClick={() => void make()}>
            {t('settings.makeTheFile')}
          </Button>
        )}
      </div>
    </section>
  );
}
