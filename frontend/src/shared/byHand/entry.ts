import type { Holding } from '@/gql/byHand';

/** How a copy can be held, the usual way first. */
export const holdings: Holding[] = ['OWNED', 'SUBSCRIPTION', 'FAMILY_SHARED', 'PLAYED_ONLY', 'WISHLIST'];

/** The largest number that the API takes at all; the hub's own limits are below it, and it says which. */
const MOST = 2 ** 31 - 1;
const whole = (value: number): number => Math.max(-MOST, Math.min(MOST, Math.round(value)));

/** A number as it was typed; undefined where nothing was. */
export function typed(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? whole(value) : undefined;
}

/** Hours as they were typed, in minutes. */
export function minutesOf(hours: string): number | undefined {
  const value = hours.trim() === '' ? Number.NaN : Number(hours);
  return Number.isFinite(value) ? whole(value * 60) : undefined;
}

/** Minutes in hours, exact enough that they come back as they were. */
export const hoursOf = (minutes: number): string => String(Math.round((minutes / 60) * 100) / 100);
