import { useState } from 'react';
import { useMutation } from 'urql';
import { RemoveCopyDocument } from '@/gql/byHand';
import { refusal } from '@/shared/api/problems';
import { announce } from '@/shared/notices';
import { Button } from '@/shared/ui/Button';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';
import type { OwnCopy } from './EditCopy';
import { t } from './texts';

/** Asks once more before a copy is taken off its shelf. */
export default function RemoveCopy({ copy, onClose, onRemoved }: { copy: OwnCopy; onClose: () => void; onRemoved: () => void }) {
  const [{ fetching }, remove] = useMutation(RemoveCopyDocument);
  const [fault, setFault] = useState<string | null>(null);
  const what = { title: copy.title, label: copy.library.label };
  const go = async () => {
    const { data, error } = await remove({ id: copy.id });
    const problem = refusal(data?.removeCopy.problems, error);
    if (problem || !data?.removeCopy.ok) return setFault(problem ?? t('byHand.nothingChanged'));
    announce({ tone: 'good', text: t('byHand.removed', what) });
    onClose();
    return onRemoved();
  };
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('byHand.removeFrom', what)} description={t('byHand.removeHelp')}>
      <div className="space-y-5">
        {fault && <Fault>{fault}</Fault>}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>{t('byHand.keepIt')}</Button>
          <Button look="danger" busy={fetching} onClick={() => void go()}>
            {t('byHand.remove')}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
