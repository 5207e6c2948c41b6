import { Link } from '@tanstack/react-router';
import { Code } from 'lucide-react';
import { Sheet } from '@/shared/ui/Sheet';
import { useSay } from '@/shared/content/Content';
import type { Lead } from './Shell';

const row = 'flex min-h-12 items-center gap-3.5 rounded-lg px-3 font-semibold hover:bg-sunk [&[data-status=active]]:text-lamp-text';

/** On a phone: where the bar has no room to lead. */
export default function Elsewhere({ leads, onClose }: { leads: readonly Lead[]; onClose: () => void }) {
  const say = useSay();
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={say('nav.more')}>
      <nav aria-label={say('nav.more')} className="flex flex-col">
        {leads.map(({ id, path, label, icon: Icon }) => (
          <Link key={id} to={path as '/'} onClick={onClose} className={row}>
            {Icon && <Icon className="size-5" aria-hidden="true" />}
            {label}
          </Link>
        ))}
        <a href="/playground" className={row}>
          <Code className="size-5" aria-hidden="true" />
          {say('nav.playground')}
        </a>
      </nav>
    </Sheet>
  );
}
