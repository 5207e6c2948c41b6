import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { DaysDocument, SetTimeZoneDocument } from '@/gql/days';
import { refusal, say as inWords } from '@/shared/api/problems';
import { Button } from '@/shared/ui/Button';
import { SelectField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { t } from './texts';

const device = Intl.DateTimeFormat().resolvedOptions().timeZone;
const zones = [...new Set([...Intl.supportedValuesOf('timeZone'), device, 'UTC'])].sort();

/** Where the household's days begin: what is counted by day goes by it. */
export function Days() {
  const [{ data, error, fetching }, again] = useQuery({ query: DaysDocument });
  const [{ fetching: setting }, set] = useMutation(SetTimeZoneDocument);
  const [fault, setFault] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const zone = data?.librarySettings?.timeZone ?? '';
  const choose = async (timeZone: string) => {
    const { data: answer, error: failed } = await set({ timeZone });
    const problem = refusal(answer?.updateLibrarySettings.problems, failed);
    setFault(problem);
    setSaid(problem ? '' : t('settings.daysSet', { zone: timeZone }));
    if (!problem) again({ requestPolicy: 'network-only' });
  };
  return (
    <section aria-labelledby="days">
      <h2 id="days" className="mb-2 text-2xl">
        {t('settings.days')}
      </h2>
      <p className="mb-4 text-muted text-pretty">{t('settings.daysHelp')}</p>
      {error && !data && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{inWords(error)}</Fault>}
      {fetching && !data && <div role="status" aria-label={t('common.loading')} className="skeleton h-12" />}
      {data && (
        <div className="flex flex-wrap items-end gap-3">
          <div className="min-w-56 flex-1">
            <SelectField label={t('settings.timeZone')} value={zone} disabled={setting} fault={fault ?? undefined} onChange={(event) => void choose(event.target.value)}>
              {!zone && <option value="">{t('settings.timeZoneNone')}</option>}
              {zone && !zones.includes(zone) && <option value={zone}>{zone}</option>}
              {zones.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </SelectField>
          </div>
          {zone !== device && (
            <Button className="h-11" busy={setting} onClick={() => void choose(device)}>
              {t('settings.timeZoneHere', { zone: device })}
            </Button>
          )}
        </div>
      )}
      <p role="status" className="mt-2 min-h-5 text-sm text-muted">
        {said}
      </p>
    </section>
  );
}
