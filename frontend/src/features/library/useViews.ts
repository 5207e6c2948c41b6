import { useEffect, useRef, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { DeleteViewDocument, MyViewsDocument, SaveViewDocument } from '@/gql/views';
import { refusal, say } from '@/shared/api/problems';
import { useViewer } from '@/shared/api/viewer';
import { leave, loadCopy, loadLeftBehind, missing, readViews, storeCopy, type SavedView } from './views';

export type Views = {
  views: SavedView[];
  /** They are asked for, and nothing is known yet. */
  loading: boolean;
  /** What went wrong last. */
  fault: string | null;
  busy: boolean;
  save: (view: SavedView) => Promise<boolean>;
  forget: (name: string) => Promise<boolean>;
};

/** The views that one keeps on the hub. Those from before the hub kept any are brought there. */
export function useViews(): Views {
  const client = useClient();
  const player = useViewer().me?.id ?? '';
  const [{ data, error, fetching }] = useQuery({ query: MyViewsDocument, requestPolicy: 'cache-and-network' });
  const [changed, setChanged] = useState<SavedView[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const brought = useRef(false);
  const there = data?.myViews ? readViews(data.myViews) : null;
  const views = changed ?? there ?? (error ? loadCopy(player) : []);

  const settle = (answer: { views: readonly unknown[] | null } | undefined, problem: string | null): boolean => {
    setFault(problem);
    if (problem || !answer?.views) return false;
    const now = readViews(answer.views);
    setChanged(now);
    storeCopy(player, now);
    return true;
  };
  const run = async (work: () => Promise<boolean>): Promise<boolean> => {
    setBusy(true);
    return await work().finally(() => setBusy(false));
  };
  const save = (view: SavedView): Promise<boolean> =>
    run(async () => {
      const { data: answer, error: failed } = await client.mutation(SaveViewDocument, { input: view });
      return settle(answer?.saveView, refusal(answer?.saveView.problems, failed));
    });
  const forget = (name: string): Promise<boolean> =>
    run(async () => {
      const { data: answer, error: failed } = await client.mutation(DeleteViewDocument, { name });
      return settle(answer?.deleteView, refusal(answer?.deleteView.problems, failed));
    });

  useEffect(() => {
    if (!there || fetching || brought.current) return;
    brought.current = true;
    storeCopy(player, there);
    const left = loadLeftBehind(player);
    const bring = missing(left, there);
    void (async () => {
      const refused: SavedView[] = [];
      // The oldest first, so that the order stays.
      for (const view of bring.toReversed()) if (!(await save(view))) refused.unshift(view);
      leave(player, refused);
    })();
    // Once, when the hub has answered.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [there === null, fetching]);

  return { views, loading: !there && !changed && !error, fault: fault ?? (there ? null : say(error)), busy, save, forget };
}
