import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { CreateInviteDocument, InvitesPageDocument, RevokeInviteDocument } from '@/gql/invites';
import { refusal, say as inWords } from '@/shared/api/problems';
import { ago, onDay } from '@/shared/format/time';
import { Button } from '@/shared/ui/Button';
import { CopyBox } from '@/shared/ui/CopyBox';
import { Fault } from '@/shared/ui/Notice';
import { t } from './texts';

/** Invites for other grown-ups, who get an account and a household of their own. */
export function Invites() {
  const [{ data, error, fetching }, again] = useQuery({ query: InvitesPageDocument, requestPolicy: 'cache-and-network' });
  const [{ fetching: making }, create] = useMutation(CreateInviteDocument);
  const [, revoke] = useMutation(RevokeInviteDocument);
  const [link, setLink] = useState<{ id: string; address: string } | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const make = async () => {
    const { data: answer, error: failed } = await create({});
    setFault(refusal(answer?.createInvite.problems, failed));
    const made = answer?.createInvite;
    // Behind the #, so that the code is in no log on its way here.
    if (made?.code && made.invite) setLink({ id: made.invite.id, address: `${location.origin}/invite#${encodeURIComponent(made.code)}` });
  };
  const back = async (id: string) => {
    const { data: answer, error: failed } = await revoke({ id });
    const problem = refusal(answer?.revokeInvite.problems, failed);
    setFault(problem);
    if (!problem && link?.id === id) setLink(null);
  };
  return (
    <section aria-labelledby="invites">
      <div className="mb-2 flex items-center gap-4">
        <h2 id="invites" className="flex-1 text-2xl">
          {t('settings.invites')}
        </h2>
        <Button size="sm" busy={making} onClick={() => void make()}>
          {t('settings.invite')}
        </Button>
      </div>
      <p className="mb-4 text-muted text-pretty">{t('settings.invitesHelp')}</p>
      {error && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{inWords(error)}</Fault>}
      {fault && <Fault>{fault}</Fault>}
      {fetching && !data && <div className="skeleton h-12" />}
      <div role="status">
        {link && (
          <div className="mb-4">
            <p className="mb-2 text-sm font-semibold">{t('settings.inviteLink')}</p>
            <CopyBox label={t('settings.inviteLinkLabel')} text={link.address} />
          </div>
        )}
      </div>
      <ul className="divide-y divide-line">
        {data?.invites?.nodes.map((invite) => (
          <li key={invite.id} className="flex flex-wrap items-center gap-3 py-3">
            <span className="min-w-48 flex-1 text-sm text-muted">{t('settings.inviteFrom', { when: ago(invite.createdAt), until: onDay(invite.expiresAt) })}</span>
            <Button size="sm" onClick={() => void back(invite.id)} aria-label={t('settings.takeInviteBackFrom', { when: ago(invite.createdAt) })}>
              {t('settings.takeInviteBack')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
