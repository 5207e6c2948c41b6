/**
 * Does `work` for each of `items`, a few at a time, until one is refused. The last one is done when
 * all others are, and told that it is the last.
 */
export async function inBatches<T>(items: readonly T[], width: number, work: (item: T, last: boolean) => Promise<string | null>, onDone: (done: number) => void): Promise<{ done: number; fault: string | null }> {
  let next = 0;
  let done = 0;
  const refusals: string[] = [];
  const one = async (item: T, last: boolean) => {
    const refused = await work(item, last);
    if (refused) refusals.push(refused);
    else onDone((done += 1));
  };
  const lane = async () => {
    while (next < items.length - 1 && refusals.length === 0) await one(items[next++] as T, false);
  };
  await Promise.all(Array.from({ length: width }, lane));
  const last = items.at(-1);
  if (last !== undefined && refusals.length === 0) await one(last, true);
  return { done, fault: refusals[0] ?? null };
}
