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
import { cx } from '@/shared/ui/classes';
import { SelectField, TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet, sheetFoot } from '@/shared/ui/Sheet';
import type { Profile } from './Profiles';
import { t } from './texts';

type Form = { name: string; profileId: string; scopes: Scope[] };
/** What a child may do at most. The API does not tell; it has the last word all the same. */
const childs: ReadonlySet<Scope> = new Set(['READ_LIBRARY', 'READ_PLAY', 'WRITE_PLAY']);

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
          {t('settings.newKey')}
        </Button>
      </div>
      {error && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{inWords(error)}</Fault>}
      {fetching && !data && <div className="skeleton h-16" />}
      {data?.apiKeys?.nodes.length === 0 && <p className="text-muted">{t('settings.noKeysAProgramThat')}</p>}
      <ul className="divide-y divide-line">
        {keys.map((key) => (
          <li key={key.id} className="flex flex-wrap items-center gap-3 py-3">
            <span className="min-w-48 flex-1">
              <span className="font-semibold">{key.name}</span> <code className="ml-1 font-mono text-sm text-muted">{key.hint}</code>
              <span className="mt-1 flex flex-wrap gap-1.5">
                {key.scopes.map((scope) => (
                  <Badge key={scope}>{words(scope)}</Badge>
                ))}
                {key.profile && <Badge tone="lamp">{t('settings.as', { name: nameOf(key.profile) })}</Badge>}
              </span>
            </span>
            <span className="text-sm text-muted">{key.lastUsedAt ? t('settings.used', { when: ago(key.lastUsedAt) }) : t('settings.neverUsed')}</span>
            {asked === key.id ? (
              <span className="flex gap-2">
                <Button size="sm" look="danger" onClick={() => void revoke({ id: key.id })}>
                  {t('settings.revokeForGood')}
                </Button>
                <Button size="sm" look="quiet" onClick={() => setAsked(null)}>
                  {t('settings.keep')}
                </Button>
              </span>
            ) : (
              <Button size="sm" onClick={() => setAsked(key.id)} aria-label={t('settings.revoke', { name: key.name })}>
                {t('settings.revoke2')}
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
  const { register, handleSubmit, setError, setValue, getValues, watch, formState } = useForm<Form>({ defaultValues: { name: '', profileId: '', scopes: mine.includes('READ_LIBRARY') ? ['READ_LIBRARY'] : [] } });
  const child = profiles.find((profile) => profile.id === watch('profileId'));
  const mayHave = (scope: Scope) => !child || childs.has(scope);
  const submit = handleSubmit(async ({ name, profileId, scopes }) => {
    const { data, error } = await create({ input: { name: name.trim(), scopes, profileId: profileId || null } });
    const payload = data?.createApiKey;
    if (payload?.secret) return setSecret(payload.secret);
    const { fields, rest } = sortProblems(payload?.problems ?? [], ['name', 'scopes', 'profileId']);
    for (const [field, message] of Object.entries(fields)) setError(field as keyof Form, { message });
    if (rest.length || error) setError('root', { message: rest[0] ?? inWords(error) ?? t('settings.noKeyWasMade') });
  });
  const { errors, isSubmitting } = formState;
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={secret ? t('settings.yourNewKey') : t('settings.newApiKey')} description={secret ? t('settings.shownThisOnceTheHub') : undefined}>
      {secret ? (
        <Secret secret={secret} onClose={onClose} />
      ) : (
        <form onSubmit={(event) => void submit(event)} noValidate className="space-y-5">
          {errors.root && <Fault>{errors.root.message}</Fault>}
          <TextField label={t('settings.whatItIsFor')} placeholder={t('settings.homeAssistant')} autoComplete="off" required {...register('name')} fault={errors.name?.message} />
          {profiles.length > 0 && (
            <SelectField
              label={t('settings.actsAs')}
              {...register('profileId', { onChange: (event: { target: { value: string } }) => event.target.value && setValue('scopes', getValues('scopes').filter((scope) => childs.has(scope))) })}
              fault={errors.profileId?.message}
            >
              <option value="">{t('settings.me')}</option>
              {profiles.map((profile) => (
                <option key={profile.id} value={profile.id}>
                  {nameOf(profile)}
                </option>
              ))}
            </SelectField>
          )}
          <fieldset>
            <legend className="mb-1.5 text-sm font-semibold">{t('settings.itMay')}</legend>
            {child && <p className="mb-1.5 text-sm text-muted">{t('settings.childsKeyMay', { name: nameOf(child) })}</p>}
            <div className="grid gap-1">
              {mine.map((scope) => (
                <label key={scope} className={cx('flex items-start gap-2.5 rounded-md px-2 py-1.5', mayHave(scope) ? 'hover:bg-sunk' : 'opacity-60')}>
                  {/* Not by the form's own `disabled`, which takes the value away with it. */}
                  <input type="checkbox" value={scope} {...register('scopes')} disabled={!mayHave(scope)} className="mt-1 size-4 shrink-0 accent-(--lamp-text)" />
                  <span>
                    <span className="block">{words(scope)}</span>
                    <span className="block text-sm text-muted">{t(`settings.scope.${scope}`)}</span>
                  </span>
                </label>
              ))}
            </div>
            {errors.scopes && (
              <p role="alert" className="mt-1.5 text-sm font-medium text-bad">
                {errors.scopes.message}
              </p>
            )}
          </fieldset>
          <div className={sheetFoot}>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button type="submit" look="primary" busy={isSubmitting}>
              {t('settings.makeTheKey')}
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
            {copied ? t('settings.copied') : t('settings.copy')}
          </Button>
        )}
        <Button look="primary" onClick={onClose}>
          {t('settings.iHaveKeptIt')}
        </Button>
      </div>
    </div>
  );
}
