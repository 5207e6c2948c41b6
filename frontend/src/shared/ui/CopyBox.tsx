import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from './Button';
import { t } from '@/shared/content/texts';

/** Puts a text on the clipboard. The clipboard's own API exists on https and localhost only. */
async function toClipboard(text: string, box: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (!box) return false;
    getSelection()?.selectAllChildren(box);
    // The old way still works on plain http, where many hubs live.
    return document.execCommand('copy');
  }
}

/** A text to take along. */
export function CopyBox({ label, text, file }: { label: string; text: string; file?: string }) {
  const box = useRef<HTMLPreElement>(null);
  const [said, setSaid] = useState('');
  const copy = async () => setSaid((await toClipboard(text, box.current)) ? t('common.copied') : t('common.selectTheTextAndCopy'));
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = file ?? 'text';
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <div>
      <pre
        ref={box}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolled text must be reachable by keyboard
        tabIndex={0}
        role="region"
        aria-label={label}
        className="max-h-80 overflow-auto rounded-lg bg-sunk p-4 font-mono text-xs leading-relaxed whitespace-pre-wrap break-words"
      >
        {text}
      </pre>
      <div className="mt-3 flex items-center gap-3">
        <Button size="sm" onClick={() => void copy()}>
          {said === t('common.copied') ? <Check className="size-4" aria-hidden="true" /> : <Copy className="size-4" aria-hidden="true" />}
          {t('common.copy')}
        </Button>
        {file && (
          <Button size="sm" onClick={save}>
            {t('common.saveAs', { file })}
          </Button>
        )}
        <span role="status" className="text-sm text-muted">
          {said}
        </span>
      </div>
    </div>
  );
}
