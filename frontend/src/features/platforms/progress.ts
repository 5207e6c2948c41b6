import type { RunFragment } from '@/gql/platforms';
import { plural } from '@/shared/format/time';

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

const stages: Record<RunFragment['stage'], string> = { LISTING: 'Reading the list', MATCHING: 'Matching games', ENRICHING: 'Looking up details', ACHIEVEMENTS: 'Reading achievements', DONE: 'Done' };
export const stageName = (stage: RunFragment['stage']): string => stages[stage];
export const stageOrder: RunFragment['stage'][] = ['LISTING', 'MATCHING', 'ENRICHING', 'ACHIEVEMENTS', 'DONE'];

/** What a finished run changed, in words. */
export function outcome(run: Pick<RunFragment, 'added' | 'updated' | 'removed'>): string {
  const parts = [run.added && `${plural(run.added, 'game')} added`, run.updated && `${run.updated} updated`, run.removed && `${run.removed} removed`].filter(Boolean);
  return parts.length ? parts.join(', ') : 'Nothing had changed';
}
