import { Suspense, lazy, type ReactNode } from 'react';
import { useContent } from '@/shared/content/Content';
import { Mark } from '@/shared/ui/Mark';
import { useWide } from '@/shared/ui/useWide';

const Wall = lazy(() => import('./Wall'));

/** The page before one is in: the question on one side, a wall of covers on the other. */
export function AuthFrame({ title, intro, children }: { title: string; intro: string; children: ReactNode }) {
  const { ui, say } = useContent();
  const wide = useWide('lg');
  return (
    <main className="grid min-h-dvh lg:grid-cols-[minmax(26rem,34rem)_1fr]">
      <div className="flex flex-col justify-center px-6 py-12 sm:px-12">
        <div className="mx-auto w-full max-w-sm">
          <p className="mb-10 flex items-center gap-3">
            <Mark className="size-10" />
            <span className="font-display text-xl font-bold">{ui?.name ?? say('app.name')}</span>
          </p>
          <h1 className="text-4xl font-extrabold">{title}</h1>
          <p className="mt-3 mb-8 text-muted text-pretty">{intro}</p>
          {children}
        </div>
      </div>
      <div aria-hidden="true" className="relative hidden overflow-hidden bg-sunk lg:block">
        <Suspense fallback={null}>{wide && <Wall />}</Suspense>
      </div>
    </main>
  );
}
