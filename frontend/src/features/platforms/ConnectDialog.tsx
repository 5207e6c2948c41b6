import { ExternalLink } from 'lucide-react';
import { useForm } from 'react-hook-form';
import { useMutation } from 'urql';
import { LinkLibraryDocument } from '@/gql/platforms';
import { say, sortProblems } from '@/shared/api/problems';
import { Button, buttonClass } from '@/shared/ui/Button';
import { TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';
import type { Platform } from './PlatformsScreen';

type Form = { label: string; fields: Record<string, string> };
type Props = { platform: Platform; onClose: () => void; onLinked: (id: string) => void };

/** A form made from what the platform's adapter asks for. The hub checks it and says what is wrong where. */
export function ConnectDialog({ platform, onClose, onLinked }: Props) {
  const [, link] = useMutation(LinkLibraryDocument);
  const names = platform.connectFields.map((field) => field.name);
  const { register, handleSubmit, setError, formState } = useForm<Form>({ defaultValues: { label: platform.name, fields: Object.fromEntries(names.map((name) => [name, ''])) } });
  const submit = handleSubmit(async ({ label, fields }) => {
    const input = { platform: platform.id, label: label.trim(), fields: names.filter((name) => fields[name]).map((name) => ({ name, value: (fields[name] ?? '').trim() })) };
    const { data, error } = await link({ input });
    const payload = data?.linkLibrary;
    if (payload?.library) return onLinked(payload.library.id);
    const sorted = sortProblems(payload?.problems ?? [], [...names, 'label']);
    for (const [field, message] of Object.entries(sorted.fields)) setError(field === 'label' ? 'label' : `fields.${field}`, { message }, { shouldFocus: true });
    if (sorted.rest.length || error) setError('root', { message: sorted.rest[0] ?? say(error) ?? 'Not connected.' });
  });
  const { errors, isSubmitting } = formState;
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={`Connect ${platform.name}`} description={platform.help}>
      <form onSubmit={(event) => void submit(event)} noValidate className="space-y-5">
        {errors.root && <Fault>{errors.root.message}</Fault>}
        {platform.setupNeeded && <Fault>{platform.setupNeeded}</Fault>}
        {platform.authorizeUrl && platform.authorizeUrl.startsWith('https:') && (
          <a href={platform.authorizeUrl} target="_blank" rel="noopener noreferrer" className={buttonClass()}>
            <ExternalLink className="size-4" aria-hidden="true" />
            Sign in at {platform.name} and fetch the code
          </a>
        )}
        {platform.connectFields.map((field) => (
          <TextField
            key={field.name}
            label={field.label}
            help={field.help}
            type={field.secret ? 'password' : 'text'}
            autoComplete="off"
            spellCheck={false}
            placeholder={field.placeholder ?? undefined}
            required={field.required}
            {...register(`fields.${field.name}`)}
            fault={errors.fields?.[field.name]?.message}
          />
        ))}
        <TextField label="Name in your library" autoComplete="off" required {...register('label')} fault={errors.label?.message} />
        {platform.limits.length > 0 && <p className="text-sm text-muted">The hub keeps to the store’s limits: {platform.limits.map((limit) => `${limit.requests} requests in ${span(limit.seconds)}`).join(', ')}.</p>}
        <div className="flex justify-end gap-3 pt-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={isSubmitting}>
            Connect
          </Button>
        </div>
      </form>
    </Sheet>
  );
}

function span(seconds: number): string {
  if (seconds % 86_400 === 0) return seconds === 86_400 ? 'a day' : `${seconds / 86_400} days`;
  if (seconds % 3_600 === 0) return seconds === 3_600 ? 'an hour' : `${seconds / 3_600} hours`;
  if (seconds % 60 === 0) return seconds === 60 ? 'a minute' : `${seconds / 60} minutes`;
  return `${seconds} s`;
}
