import { Sheet } from '@/shared/ui/Sheet';
import { leads } from './useKeys';
import { t } from './keys';

const keys = (): [string, [string, string][]][] => [
  [t('keys.everywhere'), [['/', t('library.search')], ...Object.entries(leads).map(([key, { text }]): [string, string] => [`g ${key}`, t('keys.to', { name: t(text) })]), ['?', t('keys.theseKeys')], ['Esc', t('keys.closeOrBack')]]],
  [t('nav.library'), [['← ↑ ↓ →', t('keys.fromGameToGame')], ['Enter', t('keys.open')], ['Space', t('keys.chooseShift')], ['x', t('keys.chooseSeveral')], ['f', t('library.filters')], ['v', t('library.views')]]],
];

export default function KeysSheet({ onClose }: { onClose: () => void }) {
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('app.keys')}>
      <div className="grid gap-6 sm:grid-cols-2">
        {keys().map(([title, rows]) => (
          <section key={title} aria-label={title}>
            <h3 className="mb-2 text-base">{title}</h3>
            <dl className="space-y-1.5 text-sm">
              {rows.map(([key, what]) => (
                <div key={key} className="flex items-baseline gap-3">
                  <dt className="w-20 shrink-0">
                    <kbd className="rounded-md border border-line bg-sunk px-2 py-0.5 font-sans text-xs font-semibold whitespace-nowrap">{key}</kbd>
                  </dt>
                  <dd className="text-muted">{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Sheet>
  );
}
