import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { GameCardFragment } from '@/gql/library';
import type { Choosing } from '@/shared/games/GameGrid';

/** Which games are chosen, to be changed together. */
export function useChoosing(games: readonly GameCardFragment[]) {
  const [on, setOn] = useState(false);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef(0);
  const list = useRef(games);
  useEffect(() => {
    list.current = games;
  }, [games]);
  const choose = useCallback((id: string, index: number, range: boolean) => {
    const from = anchor.current;
    anchor.current = index;
    setOn(true);
    setIds((old) => {
      const next = new Set(old);
      if (range) for (const game of list.current.slice(Math.min(from, index), Math.max(from, index) + 1)) next.add(game.id);
      else if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const begin = useCallback(() => setOn(true), []);
  const end = useCallback(() => {
    setOn(false);
    setIds(new Set());
  }, []);
  const all = useCallback(() => setIds(new Set(list.current.map((game) => game.id))), []);
  const choosing: Choosing = useMemo(() => ({ on, ids, choose }), [on, ids, choose]);
  return { choosing, begin, end, all };
}
