import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { buttonClass } from './Button';
import { cx } from './classes';
import { t } from '@/shared/content/texts';

/** The foot of a sheet: what ends it is in sight however long the sheet is. */
export const sheetFoot = 'sticky -bottom-5 -mx-5 -mb-5 flex flex-wrap justify-end gap-3 border-t border-line bg-surface px-5 py-4 sm:-mx-6 sm:px-6';

type Props = { open: boolean; onOpenChange: (open: boolean) => void; title: string; description?: ReactNode; wide?: boolean; children: ReactNode };

/** A dialog: centred on wide screens, from the bottom edge on a phone. Esc closes; focus returns. */
export function Sheet({ open, onOpenChange, title, description, wide, children }: Props) {
  const [opener] = useState(() => document.activeElement as HTMLElement | null);
  // Without a trigger of its own the dialog gives the focus to nobody when it closes.
  const giveBack = (event: Event) => {
    event.preventDefault();
    (opener?.isConnected && opener !== document.body ? opener : document.getElementById('content'))?.focus({ preventScroll: true });
  };
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/50 backdrop-blur-[2px]" />
        <Dialog.Content
          onCloseAutoFocus={giveBack}
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={cx(
            'appear fixed z-50 flex flex-col overflow-hidden border border-line bg-surface shadow-float outline-none',
            'inset-x-0 bottom-0 max-h-[88dvh] rounded-t-2xl',
            'sm:inset-x-auto sm:bottom-auto sm:left-1/2 sm:top-1/2 sm:max-h-[84dvh] sm:w-[calc(100vw-3rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-2xl',
            wide ? 'sm:max-w-3xl' : 'sm:max-w-lg',
          )}
        >
          <header className="flex items-start gap-4 border-b border-line px-5 py-4 sm:px-6">
            <div className="min-w-0 flex-1">
              <Dialog.Title className="text-xl">{title}</Dialog.Title>
              {description && <Dialog.Description className="mt-1 text-sm text-muted text-pretty [overflow-wrap:anywhere]">{description}</Dialog.Description>}
            </div>
            <Dialog.Close className={buttonClass('quiet', 'icon', '-mr-2 -mt-1')} aria-label={t('action.close')}>
              <X className="size-5" />
            </Dialog.Close>
          </header>
          <div className="overflow-y-auto px-5 py-5 sm:px-6" tabIndex={-1}>
            {children}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
