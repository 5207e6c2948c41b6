import { Braces } from 'lucide-react';
import { stringifyDocument, type DocumentInput } from 'urql';
import { buttonClass } from './Button';

/** Opens the exact document and variables of this screen in the playground. */
export function ViewQuery({ document, variables }: { document: DocumentInput; variables?: object }) {
  const open = () => {
    const hash = new URLSearchParams({ query: stringifyDocument(document), variables: JSON.stringify(variables ?? {}, null, 2) });
    window.open(`/playground#${hash}`, '_blank', 'noopener');
  };
  return (
    <button type="button" onClick={open} className={buttonClass('quiet', 'sm')}>
      <Braces className="size-4" aria-hidden="true" />
      View query
    </button>
  );
}
