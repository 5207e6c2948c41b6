import { Braces } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { stringifyDocument, type DocumentInput } from 'urql';
import { buttonClass } from './Button';
import { cx } from './classes';
import { t } from '@/shared/content/texts';

const QueryDialog = lazy(() => import('@/shared/query/QueryDialog'));

/**
 * The exact document and variables of this screen, for the playground or to ask from elsewhere.
 * `narrow`: on a phone it is its sign alone.
 */
export function ViewQuery({ document, variables, narrow = false }: { document: DocumentInput; variables?: object; narrow?: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => setOpen(true)} className={cx(buttonClass('quiet', 'sm'), narrow && 'max-sm:size-9! max-sm:px-0!')}>
        <Braces className="size-4" aria-hidden="true" />
        <span className={narrow ? 'max-sm:sr-only' : undefined}>{t('common.viewQuery')}</span>
      </button>
      {open && (
        <Suspense fallback={null}>
          <QueryDialog document={stringifyDocument(document)} variables={variables ?? {}} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
