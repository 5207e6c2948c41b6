import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';

/** `g` and then a letter goes to a screen. */
export const leads: Record<string, { to: string; name: string }> = {
  l: { to: '/', name: 'Library' },
  t: { to: '/tonight', name: 'Tonight' },
  c: { to: '/collections', name: 'Collections' },
  i: { to: '/insights', name: 'Insights' },
  d: { to: '/duplicates', name: 'Duplicates' },
  p: { to: '/platforms', name: 'Platforms' },
  s: { to: '/settings', name: 'Settings' },
};

const busy = (target: EventTarget | null): boolean => Boolean((target as HTMLElement | null)?.closest?.('input, textarea, select, [contenteditable], [role=dialog]'));

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
