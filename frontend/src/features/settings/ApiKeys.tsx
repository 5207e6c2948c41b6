import { Copy } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useMutation, useQuery } from 'urql';
import { CreateApiKeyDocument, KeysPageDocument, RevokeApiKeyDocument, type Scope } from '@/gql/settings';
import { say as inWords, sortProblems } from '@/shared/api/problems';
import { useSay } from '@/shared/content/Content';
import { useViewer } from '@/shared/api/viewer';
import { ago } from '@/shared/format/time';
import { nameOf, words } from '@/shared/format/words';
import { Badge } from '@/shared/ui/Badge';
import { Button } from '@/shared/ui/Button';
import { SelectField, TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';
import type { Profile } from './Profiles';

type Form = { name: string; profileId: string; scopes: Scope[] };

/** Keys for other programs: home automation, assistants, scripts. */
export function ApiKeys({ profiles }: { profiles: readonly Profile[] }) {
  const say = useSay();
  const [{ data, error, fetching }, again] = useQuery({ query: KeysPageDocument, requestPolicy: 'cache-and-network' });
  const [, revoke] = useMutation(RevokeApiKeyDocument);
  const [creating, setCreating] = useState(false);
  const [asked, setAsked] = useState<string | null>(null);
  const keys = data?.apiKeys?.nodes ?? [];
  return (
    <section aria-labelledby="keys">
      <div className="mb-3 flex items-center gap-4">
        <h2 id="keys" className="flex-1 text-2xl">
          {say('settings.keys')}
        </h2>
        <Button size="sm" onClick={() => setCreating(true)}>
          New key
        </Button>
      </div>
      {error && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{inWords(error)}</Fault>}
      {fetching && !data && <div className="skeleton h-16" />}
      {data?.apiKeys?.nodes.length === 0 && <p className="text-muted">No keys. A program that talks to this hub gets one of its own, with only what it needs.</p>}
      <ul className="divide-y divide-line">
        {keys.map((key) => (
          <li key={key.id} className="flex flex-wrap items-center gap-3 py-3">
            <span className="min-w-48 flex-1">
              <span className="font-semibold">{key.name}</span> <code className="ml-1 font-mono text-sm text-muted">{key.hint}</code>
              <span className="mt-1 flex flex-wrap gap-1.5">
                {key.scopes.map((scope) => (
                  <Badge key={scope}>{words(scope)}</Badge>
                ))}
                {key.profile && <Badge tone="lamp">as {nameOf(key.profile)}</Badge>}
              </span>
            </span>
            <span className="text-sm text-muted">{key.lastUsedAt ? `used ${ago(key.lastUsedAt)}` : 'never used'}</span>
            {asked === key.id ? (
              <span className="flex gap-2">
                <Button size="sm" look="danger" onClick={() => void revoke({ id: key.id })}>
                  Revoke for good
                </Button>
                <Button size="sm" look="quiet" onClick={() => setAsked(null)}>
                  Keep
                </Button>
              </span>
            ) : (
              <Button size="sm" onClick={() => setAsked(key.id)} aria-label={`Revoke ${key.name}`}>
                Revoke
              </Button>
            )}
          </li>
        ))}
      </ul>
      {creating && <NewKey profiles={profiles} onClose={() => setCreating(false)} />}
    </section>
  );
}

function NewKey({ profiles, onClose }: { profiles: readonly Profile[]; onClose: () => void }) {
  // Nobody can hand out more than they have.
  const { scopes: mine } = useViewer();
  const [, create] = useMutation(CreateApiKeyDocument);
  const [secret, setSecret] = useState<string | null>(null);
  const { register, handleSubmit, setError, formState } = useForm<Form>({ defaultValues: { name: '', profileId: '', scopes: mine.includes('READ_LIBRARY') ? ['READ_LIBRARY'] : [] } });
  const submit = handleSubmit(async ({ name, profileId, scopes }) => {
    const { data, error } = await create({ input: { name: name.trim(), scopes, profileId: profileId || null } });
    const payload = data?.createApiKey;
    if (payload?.secret) return setSecret(payload.secret);
    const { fields, rest } = sortProblems(payload?.problems ?? [], ['name', 'scopes', 'profileId']);
    for (const [field, message] of Object.entries(fields)) setError(field as keyof Form, { message });
    if (rest.length || error) setError('root', { message: rest[0] ?? inWords(error) ?? 'No key was made.' });
  });
  const { errors, isSubmitting } = formState;
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={secret ? 'Your new key' : 'New API key'} description={secret ? 'Shown this once. The hub keeps only its fingerprint.' : undefined}>
      {secret ? (
        <Secret secret={secret} onClose={onClose} />
      ) : (
        <form onSubmit={(event) => void submit(event)} noValidate className="space-y-5">
          {errors.root && <Fault>{errors.root.message}</Fault>}
          <TextField label="What it is for" placeholder="Home Assistant" autoComplete="off" required {...register('name')} fault={errors.name?.message} />
          <fieldset>
            <legend className="mb-1.5 text-sm font-semibold">It may</legend>
            <div className="grid gap-1 sm:grid-cols-2">
              {mine.map((scope) => (
                <label key={scope} className="flex min-h-9 items-center gap-2.5 rounded-md px-2 hover:bg-sunk">
                  <input type="checkbox" value={scope} {...register('scopes')} className="size-4 accent-(--lamp-text)" />
                  {words(scope)}
                </label>
              ))}
            </div>
            {errors.scopes && (
              <p role="alert" className="mt-1.5 text-sm font-medium text-bad">
                {errors.scopes.message}
              </p>
            )}
          </fieldset>
          {profiles.length > 0 && (
            <SelectField label="Acts as" {...register('profileId')} fault={errors.profileId?.message}>
              <option value="">Me</option>
              {profiles.map((profile) => (
                <option key={profile.id} value={profile.id}>
                  {nameOf(profile)}
                </option>
              ))}
            </SelectField>
          )}
          <div className="flex justify-end gap-3">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" busy={isSubmitting}>
              Make the key
            </Button>
          </div>
        </form>
      )}
    </Sheet>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    // The clipboard exists on https and localhost only; the text can be selected anywhere.
    await navigator.clipboard?.writeText(secret).then(() => setCopied(true)).catch(() => undefined);
  };
  return (
    <div className="space-y-5">
      <code data-secret="" className="block rounded-lg bg-sunk p-4 font-mono text-sm break-all select-all">
        {secret}
      </code>
      <div className="flex justify-end gap-3">
        {'clipboard' in navigator && (
          <Button onClick={() => void copy()}>
            <Copy className="size-4" aria-hidden="true" />
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
        <Button look="primary" onClick={onClose}>
          I have kept it
        </Button>
      </div>
    </div>
  );
}
