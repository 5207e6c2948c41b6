import { Link } from '@tanstack/react-router';
import { Button, buttonClass } from '@/shared/ui/Button';
import { Empty } from '@/shared/ui/Notice';

export function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <Empty
        whole
        title="There is nothing at this address"
        action={
          <Link to="/" className={buttonClass('primary')}>
            To the library
          </Link>
        }
      >
        The link may be old, or a letter went missing.
      </Empty>
    </main>
  );
}

/** A screen that could not be shown; mostly a new version of the hub whose files have other names. */
export function RouteFault() {
  return (
    <div className="grid min-h-[70dvh] place-items-center" role="alert">
      <Empty
        whole
        title="This screen could not be shown"
        action={
          <Button look="primary" onClick={() => location.reload()}>
            Load the page again
          </Button>
        }
      >
        The hub may have been updated since this page was opened.
      </Empty>
    </div>
  );
}
