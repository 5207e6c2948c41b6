import type { PatternPeriod } from '@/gql/insights';
import type { TextKey } from './texts';

export const periods: { id: PatternPeriod; text: TextKey }[] = [
  { id: 'LAST_7_DAYS', text: 'period.LAST_7_DAYS' },
  { id: 'LAST_30_DAYS', text: 'period.LAST_30_DAYS' },
  { id: 'LAST_90_DAYS', text: 'period.LAST_90_DAYS' },
  { id: 'LAST_365_DAYS', text: 'period.LAST_365_DAYS' },
  { id: 'THIS_YEAR', text: 'period.THIS_YEAR' },
  { id: 'ALL_TIME', text: 'period.ALL_TIME' },
];

/** The year as the page was opened. */
export const thisYear = new Date().getUTCFullYear();

/** Reads an address that anyone may have typed: what is not understood is left out. */
export function readInsights(search: Record<string, unknown>): { period?: PatternPeriod; year?: number } {
  const period = periods.find((one) => one.id === search.period)?.id;
  const year = Number(search.year);
  return { ...(period ? { period } : {}), ...(Number.isInteger(year) && year >= 1970 && year <= 9999 ? { year } : {}) };
}
