/** One bar: a day, a week or a month, and the minutes played in it. */
export type Bar = { from: string; minutes: number };
export type Step = 'day' | 'week' | 'month';

const DAY = 86_400_000;
/** More bars than this are no longer told apart on a phone. */
const MOST = 60;

const startOf = (day: string, step: Step): Date => {
  const date = new Date(`${day}T00:00:00Z`);
  if (step === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  if (step === 'month') date.setUTCDate(1);
  return date;
};
const next = (date: Date, step: Step): Date => {
  const after = new Date(date);
  if (step === 'month') after.setUTCMonth(after.getUTCMonth() + 1);
  else after.setUTCDate(after.getUTCDate() + (step === 'week' ? 7 : 1));
  return after;
};
const iso = (date: Date): string => date.toISOString().slice(0, 10);

/** Bars in equal steps of time, those without play among them, as fine as there is room for. Days are UTC's. */
export function barsOf(days: readonly { day: string; minutes: number }[]): { step: Step; bars: Bar[] } {
  const sorted = [...days].sort((a, b) => (a.day < b.day ? -1 : 1));
  const first = sorted[0];
  const last = sorted.at(-1);
  if (!first || !last) return { step: 'day', bars: [] };
  const span = (Date.parse(last.day) - Date.parse(first.day)) / DAY + 1;
  const step: Step = span <= MOST ? 'day' : span <= MOST * 7 ? 'week' : 'month';
  const sums = new Map<string, number>();
  const end = startOf(last.day, step);
  for (let at = startOf(first.day, step); at <= end; at = next(at, step)) sums.set(iso(at), 0);
  for (const { day, minutes } of sorted) {
    const key = iso(startOf(day, step));
    sums.set(key, (sums.get(key) ?? 0) + minutes);
  }
  return { step, bars: [...sums].map(([from, minutes]) => ({ from, minutes })) };
}
