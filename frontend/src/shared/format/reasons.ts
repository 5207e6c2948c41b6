import { named } from '@/shared/content/texts';
import { playtime } from './time';

/** Why a game was picked: its words in English, and which sentence they are with what stands in it. */
export type Reason = { code: string; text: string; title: string | null; names: readonly string[]; minutes: number | null; score: number | null };

/** A and B; A, B and C. */
function listed(names: readonly string[]): string {
  const before = names.slice(0, -1).join(', ');
  const last = names.at(-1) ?? '';
  return before ? (named('reason.and', { before, last }) ?? `${before}, ${last}`) : last;
}

/** A time within a sentence: whole hours from an hour and a half on. */
const spoken = (minutes: number): string => (minutes < 90 && minutes !== 60 ? named('reason.minutes', { count: Math.max(1, minutes) }) : named('reason.hours', { count: Math.round(minutes / 60) })) ?? playtime(minutes);

/** The reason in the language that is spoken; in the hub's own words where nobody has written it. */
export function reasonText({ code, text, title, names, minutes, score }: Reason): string {
  return named(`reason.${code}`, { title, names: listed(names), time: minutes === null ? null : spoken(minutes), score }) ?? text;
}
