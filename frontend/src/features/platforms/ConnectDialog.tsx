import { ExternalLink } from 'lucide-react';
import { useForm } from 'react-hook-form';
import { useMutation } from 'urql';
import { LinkLibraryDocument } from '@/gql/platforms';
import { say, sortProblems } from '@/shared/api/problems';
import { count, span } from '@/shared/format/time';
import { Button, buttonClass } from '@/shared/ui/Button';
import { SwitchField, TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Linked } from '@/shared/ui/Linked';
import { Sheet, sheetFoot } from '@/shared/ui/Sheet';
import { platformName } from '@/shared/format/words';
import type { Platform } from './PlatformsScreen';
import { t } from './texts';
import { fieldHelpOf, helpOf, labelOf, refused, setupOf } from './words';

/** What was typed, and which switches are on. */
type Form = { label: string; fields: Record<string, string | boolean> };
type Props = { platform: Platform; onClose: () => void; onLinked: (id: string) => void };

/** A form made from what the platform's adapter asks for. The hub checks it and says what is wrong where. */
export function ConnectDialog({ platform, onClose, onLinked }: Props) {
  const [, link] = useMutation(LinkLibraryDocument);
  const name = platformName(platform);
  const names = platform.connectFields.map((field) => field.name);
  const { register, handleSubmit, setError, formState } = useForm<Form>({ defaultValues: { label: name, fields: Object.fromEntries(platform.connectFields.map((field) => [field.name, field.kind === 'SWITCH' ? false : ''])) } });
  const submit = handleSubmit(async ({ label, fields }) => {
    const input = { platform: platform.id, label: label.trim(), fields: names.filter((name) => fields[name]).map((name) => ({ name, value: String(fields[name]).trim() })) };
    const { data, error } = await link({ input });
    const payload = data?.linkLibrary;
    if (payload?.library) return onLinked(payload.library.id);
    const sorted = sortProblems(payload?.problems ?? [], [...names, 'label'], (problem, field) => refused(platform, problem, field));
    for (const [field, message] of Object.entries(sorted.fields)) setError(field === 'label' ? 'label' : `fields.${field}`, { message }, { shouldFocus: true });
    if (sorted.rest.length || error) setError('root', { message: sorted.rest[0] ?? say(error) ?? t('platforms.notConnected') });
  });
  const { errors, isSubmitting } = formState;
  const shelf = platform.kind === 'MANUAL';
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={shelf ? t('platforms.makeAShelf') : t('platforms.connect', { name })} description={<Linked text={helpOf(platform)} />}>
      <form onSubmit={(event) => void submit(event)} noValidate className="space-y-5">
        {errors.root && <Fault>{errors.root.message}</Fault>}
        {platform.setupNeeded && <Fault>{setupOf(platform)}</Fault>}
        {platform.authorizeUrl && platform.authorizeUrl.startsWith('https:') && (
          <a href={platform.authorizeUrl} target="_blank" rel="noopener noreferrer" className={buttonClass('plain', 'md', 'h-auto! min-h-10 max-w-full py-2 text-center whitespace-normal!')}>
            <ExternalLink className="size-4 shrink-0" aria-hidden="true" />
            {t('platforms.signInAtAndFetch', { name })}
          </a>
        )}
        {platform.connectFields.map((field) => {
          const shared = { ...register(`fields.${field.name}`), label: labelOf(platform, field), help: <Linked text={fieldHelpOf(platform, field)} />, fault: errors.fields?.[field.name]?.message };
          return field.kind === 'SWITCH' ? (
            <SwitchField key={field.name} {...shared} />
          ) : (
            <TextField key={field.name} {...shared} type={field.secret ? 'password' : 'text'} autoComplete="off" spellCheck={false} placeholder={field.placeholder ?? undefined} required={field.required} />
          );
        })}
        <TextField label={t('platforms.nameInYourLibrary')} autoComplete="off" required {...register('label')} fault={errors.label?.message} />
        {platform.limits.length > 0 && <p className="text-sm text-muted">{t('platforms.storeLimits', { limits: platform.limits.map((limit) => t('platforms.requestsIn', { requests: count(limit.requests), seconds: span(limit.seconds) })).join(', ') })}</p>}
        <div className={sheetFoot}>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" look="primary" busy={isSubmitting} disabled={platform.setupNeeded !== null}>
            {shelf ? t('platforms.makeAShelf') : t('platforms.connect2')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
