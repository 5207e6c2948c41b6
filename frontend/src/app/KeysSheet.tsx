import { Sheet } from '@/shared/ui/Sheet';
import { leads } from './useKeys';

const keys: [string, [string, string][]][] = [
  ['Everywhere', [['/', 'Search your games'], ...Object.entries(leads).map(([key, { name }]): [string, string] => [`g ${key}`, `To ${name}`]), ['?', 'These keys'], ['Esc', 'Close, or back']]],
  ['Library', [['← ↑ ↓ →', 'From game to game'], ['Enter', 'Open'], ['Space', 'Choose, Shift for all between'], ['x', 'Choose several'], ['f', 'Filters'], ['v', 'Views']]],
];

export default function KeysSheet({ onClose }: { onClose: () => void }) {
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title="Keys">
      <div className="grid gap-6 sm:grid-cols-2">
        {keys.map(([title, rows]) => (
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
