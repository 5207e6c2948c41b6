import { Braces } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { stringifyDocument, type DocumentInput } from 'urql';
import { buttonClass } from './Button';

const QueryDialog = lazy(() => import('@/shared/query/QueryDialog'));

/** The exact document and variables of this screen, for the playground or to ask from elsewhere. */
export function ViewQuery({ document, variables }: { document: DocumentInput; variables?: object }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => setOpen(true)} className={buttonClass('quiet', 'sm')}>
        <Braces className="size-4" aria-hidden="true" />
        View query
      </button>
      {open && (
        <Suspense fallback={null}>
          <QueryDialog document={stringifyDocument(document)} variables={variables ?? {}} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
