import { useForm } from 'react-hook-form';
import { useMutation } from 'urql';
import { UpdateCopyDocument, type Holding, type UpdateCopyInput } from '@/gql/byHand';
import { say, sortProblems } from '@/shared/api/problems';
import { words } from '@/shared/format/words';
import { announce } from '@/shared/notices';
import { Button } from '@/shared/ui/Button';
import { SelectField, TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet, sheetFoot } from '@/shared/ui/Sheet';
import { holdings, hoursOf, minutesOf, typed } from './entry';
import { t } from './texts';

export type OwnCopy = { id: string; title: string; holding: Holding; playtimeMinutes: number; platform: { id: string; name: string }; library: { label: string; platform: { id: string } } };
type Form = { title: string; platform: string; year: string; hours: string; holding: Holding };

const fields = { title: 'title', platform: 'platform', year: 'year', playtimeMinutes: 'hours', holding: 'holding' } as const;
const isField = (name: string): name is keyof typeof fields => name in fields;

/** Changes a copy on a shelf of one's own. Only what was changed is sent. */
export default function EditCopy({ copy, onClose }: { copy: OwnCopy; onClose: () => void }) {
  const [, update] = useMutation(UpdateCopyDocument);
  // What is just on the shelf has no store or console of its own.
  const platform = copy.platform.id === copy.library.platform.id ? '' : copy.platform.name;
  const { register, handleSubmit, setError, formState } = useForm<Form>({ defaultValues: { title: copy.title, platform, year: '', hours: hoursOf(copy.playtimeMinutes), holding: copy.holding } });
  const { errors, dirtyFields, isSubmitting } = formState;
  const submit = handleSubmit(async (form) => {
    const year = typed(form.year);
    const input: UpdateCopyInput = {
      id: copy.id,
      ...(dirtyFields.title ? { title: form.title.trim() } : {}),
      ...(dirtyFields.platform ? { platform: form.platform.trim() } : {}),
      ...(year === undefined ? {} : { year }),
      ...(dirtyFields.hours ? { playtimeMinutes: minutesOf(form.hours) ?? 0 } : {}),
      ...(dirtyFields.holding ? { holding: form.holding } : {}),
    };
    const { data, error } = await update({ input });
    const payload = data?.updateCopy;
    if (payload?.copy) {
      announce({ tone: 'good', text: t('byHand.changed', { title: payload.copy.title }) });
      return onClose();
    }
    const sorted = sortProblems(payload?.problems ?? [], Object.keys(fields));
    for (const name of Object.keys(sorted.fields).filter(isField)) setError(fields[name], { message: sorted.fields[name] ?? '' }, { shouldFocus: true });
    if (sorted.rest.length || error || !payload) setError('root', { message: sorted.rest[0] ?? say(error) ?? t('byHand.nothingChanged') });
    return undefined;
  });
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('byHand.change', { title: copy.title })} description={t('byHand.changeHelp')}>
      <form onSubmit={(event) => void submit(event)} noValidate className="space-y-5">
        {errors.root && <Fault>{errors.root.message}</Fault>}
        <TextField label={t('byHand.title')} autoComplete="off" required {...register('title')} fault={errors.title?.message} />
        <TextField label={t('byHand.platform')} help={t('byHand.platformHelp')} placeholder={t('byHand.platformExample')} autoComplete="off" required={false} {...register('platform')} fault={errors.platform?.message} />
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField label={t('byHand.hours')} type="number" step="any" min={0} inputMode="decimal" autoComplete="off" {...register('hours')} fault={errors.hours?.message} />
          <TextField label={t('byHand.year')} help={t('byHand.yearStays')} type="number" inputMode="numeric" autoComplete="off" {...register('year')} fault={errors.year?.message} />
        </div>
        <SelectField label={t('byHand.holding')} {...register('holding')} fault={errors.holding?.message}>
          {holdings.map((holding) => (
            <option key={holding} value={holding}>
              {words(holding)}
            </option>
          ))}
        </SelectField>
        <div className={sheetFoot}>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" look="primary" busy={isSubmitting}>
            {t('action.save')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
