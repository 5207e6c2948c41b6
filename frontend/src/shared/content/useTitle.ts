import { useEffect } from 'react';
import { t } from './texts';

/** The title of the page in the browser's tab; said anew when the language changes. */
export function useTitle(what: string): void {
  const title = `${what} · ${t('app.name')}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
