import { ExternalLink } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { buttonClass } from '@/shared/ui/Button';
import { CopyBox } from '@/shared/ui/CopyBox';
import { Sheet } from '@/shared/ui/Sheet';
import { asCurl, asHomeAssistant, asNodeRed, playgroundPath, type Question } from './copies';
import { t } from '@/shared/content/texts';

const tab = 'h-9 rounded-md px-3 text-sm font-semibold text-muted hover:text-ink data-[state=active]:bg-raised data-[state=active]:text-ink data-[state=active]:shadow-sm';

/** What a screen asks the hub: to try in the playground, or to ask from elsewhere. */
export default function QueryDialog({ document, variables, onClose }: { document: string; variables: object; onClose: () => void }) {
  const question: Question = { origin: location.origin, document, variables };
  const copies: [string, string, string][] = [
    ['curl', 'curl', asCurl(question)],
    ['ha', 'Home Assistant', asHomeAssistant(question)],
    ['nodered', 'Node-RED', asNodeRed(question)],
    ['document', t('common.document'), `${document}\n\n# Variables\n${JSON.stringify(variables, null, 2)}`],
  ];
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} wide title={t('common.whatThisScreenAsks')} description={t('common.theExactDocumentAndVariables')}>
      <a href={playgroundPath(question)} target="_blank" rel="noopener" className={buttonClass('primary')}>
        <ExternalLink className="size-4" aria-hidden="true" />
        {t('common.openInThePlayground')}
      </a>
      <Tabs.Root defaultValue="curl" className="mt-5">
        <Tabs.List aria-label={t('common.copyAs')} className="mb-3 flex w-fit max-w-full flex-wrap gap-1 rounded-lg border border-line bg-sunk p-1">
          {copies.map(([id, name]) => (
            <Tabs.Trigger key={id} value={id} className={tab}>
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {copies.map(([id, name, text]) => (
          <Tabs.Content key={id} value={id}>
            <CopyBox label={name} text={text} />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Sheet>
  );
}
