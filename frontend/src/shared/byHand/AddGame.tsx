import { useEffect, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useMutation, useQuery } from 'urql';
import { AddGameDocument, ByHandStatusesDocument, type AddGameInput, type EsrbRating, type Holding } from '@/gql/byHand';
import { say, sortProblems } from '@/shared/api/problems';
import { ratingName, ratings, statusName, words } from '@/shared/format/words';
import { Button } from '@/shared/ui/Button';
import { SelectField, TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet, sheetFoot } from '@/shared/ui/Sheet';
import { holdings, minutesOf, typed } from './entry';
import { t } from './texts';

type Form = { title: string; platform: string; year: string; hours: string; holding: Holding; status: string; esrb: EsrbRating | '' };
type Props = { library: { id: string; label: string }; onClose: () => void };

const blank: Form = { title: '', platform: '', year: '', hours: '', holding: 'OWNED', status: '', esrb: '' };
/** Where the API's fields stand in the form. */
const fields = { title: 'title', platform: 'platform', year: 'year', playtimeMinutes: 'hours', holding: 'holding', status: 'status', esrb: 'esrb' } as const;
const isField = (name: string): name is keyof typeof fields => name in fields;

/** Puts games onto a shelf, one after the other. */
export default function AddGame({ library, onClose }: Props) {
  const [{ data }] = useQuery({ query: ByHandStatusesDocument });
  const [, add] = useMutation(AddGameDocument);
  const [said, setSaid] = useState('');
  const more = useRef<HTMLDetailsElement>(null);
  const { register, handleSubmit, setError, setFocus, reset, formState } = useForm<Form>({ defaultValues: blank });
  // A form that was emptied knows its fields again when it has been drawn.
  useEffect(() => {
    if (said) setFocus('title');
  }, [said, setFocus]);
  const save = (goOn: boolean) =>
    handleSubmit(async (form) => {
      setSaid('');
      const platform = form.platform.trim();
      const year = typed(form.year);
      const playtimeMinutes = minutesOf(form.hours);
      const input: AddGameInput = {
        libraryId: library.id,
        title: form.title.trim(),
        holding: form.holding,
        ...(platform ? { platform } : {}),
        ...(year === undefined ? {} : { year }),
        ...(playtimeMinutes === undefined ? {} : { playtimeMinutes }),
        ...(form.status ? { status: form.status } : {}),
        ...(form.esrb ? { esrb: form.esrb } : {}),
      };
      const { data: answer, error } = await add({ input });
      const payload = answer?.addGame;
      if (payload?.copy) {
        if (!goOn) return onClose();
        setSaid(t('byHand.added', { title: payload.copy.title, label: library.label }));
        // The next one is likely for the same console.
        reset({ ...blank, platform: form.platform, holding: form.holding });
        return undefined;
      }
      const sorted = sortProblems(payload?.problems ?? [], Object.keys(fields));
      for (const name of Object.keys(sorted.fields).filter(isField)) {
        // What is folded away cannot take the focus.
        if (more.current && name !== 'title' && name !== 'platform') more.current.open = true;
        setError(fields[name], { message: sorted.fields[name] ?? '' }, { shouldFocus: true });
      }
      if (sorted.rest.length || error || !payload) setError('root', { message: sorted.rest[0] ?? say(error) ?? t('byHand.nothingChanged') });
      return undefined;
    });
  const { errors, isSubmitting } = formState;
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('byHand.addTo', { label: library.label })} description={t('byHand.addHelp')}>
      <form onSubmit={(event) => void save(false)(event)} noValidate className="space-y-5">
        {errors.root && <Fault>{errors.root.message}</Fault>}
        <TextField label={t('byHand.title')} autoComplete="off" required {...register('title')} fault={errors.title?.message} />
        <TextField label={t('byHand.platform')} help={t('byHand.platformHelp')} placeholder={t('byHand.platformExample')} autoComplete="off" required={false} {...register('platform')} fault={errors.platform?.message} />
        <details ref={more} className="rounded-xl border border-line">
          <summary className="cursor-pointer rounded-xl px-4 py-3 font-semibold">{t('byHand.more')}</summary>
          <div className="space-y-5 px-4 pb-4">
            <div className="grid gap-5 sm:grid-cols-2">
              <TextField label={t('byHand.year')} type="number" inputMode="numeric" autoComplete="off" {...register('year')} fault={errors.year?.message} />
              <TextField label={t('byHand.hours')} type="number" step="any" min={0} inputMode="decimal" autoComplete="off" {...register('hours')} fault={errors.hours?.message} />
            </div>
            <SelectField label={t('byHand.holding')} {...register('holding')} fault={errors.holding?.message}>
              {holdings.map((holding) => (
                <option key={holding} value={holding}>
                  {words(holding)}
                </option>
              ))}
            </SelectField>
            <SelectField label={t('byHand.status')} {...register('status')} fault={errors.status?.message}>
              <option value="">{t('byHand.asPlayed')}</option>
              {data?.statuses?.map((status) => (
                <option key={status.id} value={status.id}>
                  {statusName(status)}
                </option>
              ))}
            </SelectField>
            <SelectField label={t('byHand.rating')} help={t('byHand.ratingHelp')} {...register('esrb')} fault={errors.esrb?.message}>
              <option value="">{t('byHand.ratingUnknown')}</option>
              {ratings.map((rating) => (
                <option key={rating} value={rating}>
                  {ratingName(rating)}
                </option>
              ))}
            </SelectField>
          </div>
        </details>
        <p role="status" className="min-h-5 text-sm font-semibold text-good">
          {said}
        </p>
        <div className={sheetFoot}>
          <Button onClick={onClose}>{said ? t('action.close') : t('action.cancel')}</Button>
          <Button disabled={isSubmitting} onClick={() => void save(true)()}>
            {t('byHand.addAndGoOn')}
          </Button>
          <Button type="submit" look="primary" busy={isSubmitting}>
            {t('byHand.add')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
