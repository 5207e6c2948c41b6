import { Button } from '@/shared/ui/Button';
import { Empty } from '@/shared/ui/Notice';

/** The hub did not answer at all. It is asked again every few seconds. */
export function Unreachable({ onRetry }: { onRetry: () => void }) {
  return (
    <main className="grid min-h-dvh place-items-center">
      <Empty
        whole
        title="The hub does not answer"
        action={
          <Button look="primary" onClick={onRetry}>
            Try now
          </Button>
        }
      >
        It may be starting. This page asks again every few seconds and goes on by itself.
      </Empty>
    </main>
  );
}
