/** How far the hub's clock is ahead of this device's, in milliseconds. */
let ahead = 0;

/** Notes the hub's time off one of its answers. Clocks that are together to the second are left alone. */
export function noteDate(date: string | null, received = Date.now()): void {
  const at = date ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(at)) return;
  ahead = Math.abs(at - received) < 2_000 ? 0 : at - received;
}

/** The hub's time, as well as it is known here: its deadlines are told in it. */
export const hubNow = (): number => Date.now() + ahead;
