import { Tabs } from 'radix-ui';
import { useState } from 'react';
import { useMutation } from 'urql';
import { CreateApiKeyDocument, type Scope } from '@/gql/settings';
import { refusal } from '@/shared/api/problems';
import { useViewer } from '@/shared/api/viewer';
import { Button } from '@/shared/ui/Button';
import { CopyBox } from '@/shared/ui/CopyBox';
import { Fault } from '@/shared/ui/Notice';
import { leadsBack, snippets, type Snippet } from './snippets';
import { t } from './texts';

const tab = 'h-9 rounded-md px-3 text-sm font-semibold text-muted hover:text-ink data-[state=active]:bg-raised data-[state=active]:text-ink data-[state=active]:shadow-sm';
const reads: Scope[] = ['READ_LIBRARY'];
const commands: Scope[] = ['READ_LIBRARY', 'RUN_SYNC', 'WRITE_LIBRARY'];

/** What dashboards and home automation need, with this hub's address filled in. */
export function HomeAutomation() {
  const offered = snippets(location.origin);
  return (
    <section aria-labelledby="automation">
      <h2 id="automation" className="mb-2 text-2xl">
        {t('settings.homeAutomation')}
      </h2>
      <p className="mb-4 text-muted text-pretty">{t('settings.sensorsDashboardsAndFlowsOver')}</p>
      {leadsBack(location.hostname) && <p className="mb-4 rounded-xl bg-lamp-wash px-4 py-3 text-sm font-medium text-pretty text-lamp-text">{t('settings.onlyFromHere', { address: location.origin })}</p>}
      <Tabs.Root defaultValue={offered[0]?.id ?? ''}>
        <Tabs.List aria-label={t('settings.for')} className="mb-4 flex w-fit max-w-full flex-wrap gap-1 rounded-lg border border-line bg-sunk p-1">
          {offered.map((snippet) => (
            <Tabs.Trigger key={snippet.id} value={snippet.id} className={tab}>
              {snippet.name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {offered.map((snippet) => (
          <Tabs.Content key={snippet.id} value={snippet.id} className="space-y-5">
            <Program snippet={snippet} />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </section>
  );
}

/** One program: its key, and the file that fits what the key may. */
function Program({ snippet }: { snippet: Snippet }) {
  const { scopes: mine } = useViewer();
  const [acts, setActs] = useState(false);
  const mayAct = snippet.withCommands !== null && commands.every((scope) => mine.includes(scope));
  return (
    <>
      <KeyFor snippet={snippet} acts={acts} onActs={mayAct ? setActs : null} />
      <CopyBox label={t('settings.for2', { name: snippet.name })} text={(acts ? snippet.withCommands : null) ?? snippet.text} file={snippet.file} />
    </>
  );
}

function KeyFor({ snippet, acts, onActs }: { snippet: Snippet; acts: boolean; onActs: ((acts: boolean) => void) | null }) {
  const { scopes: mine } = useViewer();
  const [{ fetching }, create] = useMutation(CreateApiKeyDocument);
  const [line, setLine] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const wanted = (acts ? commands : reads).filter((scope) => mine.includes(scope));
  const make = async () => {
    const { data, error } = await create({ input: { name: snippet.name, scopes: wanted, profileId: null } });
    setFault(refusal(data?.createApiKey.problems, error));
    if (data?.createApiKey.secret) setLine(snippet.secret.line(data.createApiKey.secret));
  };
  if (line) {
    return (
      <div>
        <p className="mb-2 text-sm font-semibold">{t('settings.intoShownThisOnce', { into: snippet.secret.into })}</p>
        <CopyBox label={t('settings.key')} text={line} />
      </div>
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button busy={fetching} onClick={() => void make()}>
        {t('settings.makeAKeyFor', { name: snippet.name })}
      </Button>
      {onActs && (
        <label className="flex min-h-9 items-center gap-2.5 text-sm">
          <input type="checkbox" checked={acts} onChange={(event) => onActs(event.target.checked)} className="size-4 accent-(--lamp-text)" />
          {t('settings.itMayAlsoStartSyncs')}
        </label>
      )}
      {!acts && <span className="text-sm text-muted">{t('settings.itMayReadTheLibrary')}</span>}
      {fault && <Fault>{fault}</Fault>}
    </div>
  );
}
