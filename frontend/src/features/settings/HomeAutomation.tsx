import { Tabs } from 'radix-ui';
import { useState } from 'react';
import { useMutation } from 'urql';
import { CreateApiKeyDocument, type Scope } from '@/gql/settings';
import { refusal } from '@/shared/api/problems';
import { useViewer } from '@/shared/api/viewer';
import { Button } from '@/shared/ui/Button';
import { CopyBox } from '@/shared/ui/CopyBox';
import { Fault } from '@/shared/ui/Notice';
import { snippets, type Snippet } from './snippets';

const tab = 'h-9 rounded-md px-3 text-sm font-semibold text-muted hover:text-ink data-[state=active]:bg-raised data-[state=active]:text-ink data-[state=active]:shadow-sm';
const reads: Scope[] = ['READ_LIBRARY'];
const commands: Scope[] = ['READ_LIBRARY', 'RUN_SYNC', 'WRITE_LIBRARY'];

/** What dashboards and home automation need, with this hub's address filled in. */
export function HomeAutomation() {
  const offered = snippets(location.origin);
  return (
    <section aria-labelledby="automation">
      <h2 id="automation" className="mb-2 text-2xl">
        Home automation
      </h2>
      <p className="mb-4 text-muted text-pretty">Sensors, dashboards and flows over GET, with this hub’s address filled in. Each program gets a key of its own.</p>
      <Tabs.Root defaultValue={offered[0]?.id ?? ''}>
        <Tabs.List aria-label="For" className="mb-4 flex w-fit max-w-full flex-wrap gap-1 rounded-lg border border-line bg-sunk p-1">
          {offered.map((snippet) => (
            <Tabs.Trigger key={snippet.id} value={snippet.id} className={tab}>
              {snippet.name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {offered.map((snippet) => (
          <Tabs.Content key={snippet.id} value={snippet.id} className="space-y-5">
            <KeyFor snippet={snippet} />
            <CopyBox label={`For ${snippet.name}`} text={snippet.text} file={snippet.file} />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </section>
  );
}

function KeyFor({ snippet }: { snippet: Snippet }) {
  const { scopes: mine } = useViewer();
  const [{ fetching }, create] = useMutation(CreateApiKeyDocument);
  const [line, setLine] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [acts, setActs] = useState(false);
  const wanted = (acts ? commands : reads).filter((scope) => mine.includes(scope));
  const make = async () => {
    const { data, error } = await create({ input: { name: snippet.name, scopes: wanted, profileId: null } });
    setFault(refusal(data?.createApiKey.problems, error));
    if (data?.createApiKey.secret) setLine(snippet.secret.line(data.createApiKey.secret));
  };
  if (line) {
    return (
      <div>
        <p className="mb-2 text-sm font-semibold">Into {snippet.secret.into}. Shown this once:</p>
        <CopyBox label="Key" text={line} />
      </div>
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button busy={fetching} onClick={() => void make()}>
        Make a key for {snippet.name}
      </Button>
      {snippet.id === 'home-assistant' && (
        <label className="flex min-h-9 items-center gap-2.5 text-sm">
          <input type="checkbox" checked={acts} onChange={(event) => setActs(event.target.checked)} className="size-4 accent-(--lamp-text)" />
          It may also start syncs and mark games
        </label>
      )}
      {!acts && <span className="text-sm text-muted">It may read the library, and nothing else.</span>}
      {fault && <Fault>{fault}</Fault>}
    </div>
  );
}
