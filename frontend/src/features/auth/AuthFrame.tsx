import type { ReactNode } from 'react';
import { useContent } from '@/shared/content/Content';
import { Cover } from '@/shared/covers/Cover';
import { Mark } from '@/shared/ui/Mark';
import { useWide } from '@/shared/ui/useWide';

const wall = ['Lamplight', 'The Long Save', 'Ember & Oak', 'Second Wind: Origins', 'Paper Moons', 'Nine Lives Left', 'Static Bloom', 'Deep Freeze', 'Cartographer', 'Hollow Signal', 'Old Gods Online', 'Tin Sparrow', 'Night Bus', 'Saltwater', 'Kite Season'];

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
        {wide && (
          <div className="absolute top-1/2 left-1/2 grid w-[115%] -translate-x-[46%] -translate-y-1/2 -rotate-8 grid-cols-5 gap-6">
            {wall.map((name, index) => (
              <Cover key={name} title={name} url={null} className={`rounded-xl shadow-float ${index % 5 === 1 || index % 5 === 3 ? 'translate-y-14' : ''}`} />
            ))}
          </div>
        )}
      </div>
    </main>
  );
}
