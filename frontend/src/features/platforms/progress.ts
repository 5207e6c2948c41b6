import type { RunFragment } from '@/gql/platforms';
import { t } from './texts';

export const running = (run: Pick<RunFragment, 'state'> | null | undefined): boolean => run?.state === 'QUEUED' || run?.state === 'RUNNING' || run?.state === 'WAITING';

/** The newer of two views of a run: the cache's and the stream's may arrive in either order. */
export function newer(a: RunFragment | null | undefined, b: RunFragment | null | undefined): RunFragment | null {
  if (!a || !b) return a ?? b ?? null;
  if (a.id !== b.id) return a.startedAt >= b.startedAt ? a : b;
  return a.rev >= b.rev ? a : b;
}

/** 0..1, or null while the hub does not know how much there is. */
export function fraction(run: Pick<RunFragment, 'done' | 'total' | 'state'>): number | null {
  if (run.state === 'SUCCEEDED') return 1;
  if (!run.total) return null;
  return Math.min(1, Math.max(0, run.done / run.total));
}

export const stageName = (stage: RunFragment['stage']): string => t(`stage.${stage}`);
export const stageOrder: RunFragment['stage'][] = ['LISTING', 'MATCHING', 'ENRICHING', 'ACHIEVEMENTS', 'DONE'];

/** What a finished run changed, in words. */
export function outcome(run: Pick<RunFragment, 'added' | 'updated' | 'removed'>): string {
  const parts = [run.added && t('platforms.outAdded', { count: run.added }), run.updated && t('platforms.outUpdated', { n: run.updated }), run.removed && t('platforms.outRemoved', { n: run.removed })].filter(Boolean);
  return parts.length ? parts.join(', ') : t('platforms.nothingChanged');
}
