import { useNavigate } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { useMutation } from 'urql';
import { CreateCollectionDocument } from '@/gql/collections';
import { say, sortProblems } from '@/shared/api/problems';
import { Button } from '@/shared/ui/Button';
import { TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';
import { t } from './texts';

/** A collection that is put together by hand begins with its name. */
export function NewByHand({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [, create] = useMutation(CreateCollectionDocument);
  const { register, handleSubmit, setError, formState } = useForm({ defaultValues: { name: '' } });
  const submit = handleSubmit(async ({ name }) => {
    const { data, error } = await create({ input: { name: name.trim() } });
    const made = data?.createCollection.collection;
    if (made) return void navigate({ to: '/collections/$collectionId', params: { collectionId: made.id } });
    const { fields, rest } = sortProblems(data?.createCollection.problems ?? [], ['name']);
    if (fields.name) setError('name', { message: fields.name });
    if (rest.length || error) setError('root', { message: rest[0] ?? say(error) ?? t('collections.notMade') });
  });
  const { errors, isSubmitting } = formState;
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('collections.aCollectionByHand')} description={t('collections.youChooseItsGamesAnd')}>
      <form onSubmit={(event) => void submit(event)} noValidate className="space-y-5">
        {errors.root && <Fault>{errors.root.message}</Fault>}
        <TextField label={t('collections.name')} autoComplete="off" placeholder={t('collections.forTheNextHoliday')} {...register('name')} fault={errors.name?.message} />
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" look="primary" busy={isSubmitting}>
            {t('collections.makeIt')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
