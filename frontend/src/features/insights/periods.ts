import type { PatternPeriod } from '@/gql/insights';

export const periods: { id: PatternPeriod; name: string }[] = [
  { id: 'LAST_7_DAYS', name: 'Last 7 days' },
  { id: 'LAST_30_DAYS', name: 'Last 30 days' },
  { id: 'LAST_90_DAYS', name: 'Last 90 days' },
  { id: 'LAST_365_DAYS', name: 'Last 365 days' },
  { id: 'THIS_YEAR', name: 'This year' },
  { id: 'ALL_TIME', name: 'All time' },
];

/** The year as the page was opened. */
export const thisYear = new Date().getUTCFullYear();

/** Reads an address that anyone may have typed: what is not understood is left out. */
export function readInsights(search: Record<string, unknown>): { period?: PatternPeriod; year?: number } {
  const period = periods.find((one) => one.id === search.period)?.id;
  const year = Number(search.year);
  return { ...(period ? { period } : {}), ...(Number.isInteger(year) && year >= 1970 && year <= 9999 ? { year } : {}) };
}
