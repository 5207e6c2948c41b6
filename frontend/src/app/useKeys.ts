import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { TextKey } from '@/shared/content/texts';

/** `g` and then a letter goes to a screen. */
export const leads: Record<string, { to: string; text: TextKey }> = {
  l: { to: '/', text: 'nav.library' },
  t: { to: '/tonight', text: 'nav.tonight' },
  c: { to: '/collections', text: 'nav.collections' },
  i: { to: '/insights', text: 'nav.insights' },
  d: { to: '/duplicates', text: 'nav.duplicates' },
  p: { to: '/platforms', text: 'nav.platforms' },
  s: { to: '/settings', text: 'nav.settings' },
};

const busy = (target: EventTarget | null): boolean => Boolean((target as HTMLElement | null)?.closest?.('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=dialog]'));

function focusSearch(tries = 20): void {
  const box = document.querySelector<HTMLInputElement>('[data-search]');
  if (box) {
    box.focus();
    box.select();
  } else if (tries > 0) setTimeout(() => focusSearch(tries - 1), 50);
}

/** Keys that work on every screen: `/` searches, `g` leads somewhere, `?` shows them all. */
export function useKeys(): { help: boolean; setHelp: (open: boolean) => void } {
  const navigate = useNavigate();
  const [help, setHelp] = useState(false);
  const led = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || busy(event.target)) return;
      const lead = Date.now() - led.current < 1_200 ? leads[event.key] : undefined;
      led.current = event.key === 'g' ? Date.now() : 0;
      if (lead) void navigate({ to: lead.to });
      else if (event.key === '?') setHelp(true);
      else if (event.key === '/') {
        if (!document.querySelector('[data-search]')) void navigate({ to: '/' });
        focusSearch();
      } else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [navigate]);
  return { help, setHelp };
}
