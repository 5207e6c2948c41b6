import { perLocale, t } from '@/shared/content/texts';

const number = perLocale((locale) => new Intl.NumberFormat(locale));
const relative = perLocale((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
const day = perLocale((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }));
const moment = perLocale((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }));
const time = perLocale((locale) => new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }));

export const count = (value: number): string => number().format(value);

/** Playtime as people say it: minutes below an hour, one decimal below ten hours, then whole hours. */
export function playtime(minutes: number): string {
  if (minutes <= 0) return t('time.notPlayed');
  if (minutes < 60) return t('time.minutes', { n: minutes });
  const hours = minutes / 60;
  return t('time.hours', { n: hours < 10 ? number().format(Math.round(hours * 10) / 10) : count(Math.round(hours)) });
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export function ago(at: string, now = Date.now()): string {
  const seconds = (Date.parse(at) - now) / 1000;
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative().format(Math.trunc(seconds / size), unit);
  }
  return t('time.justNow');
}

export const onDay = (at: string): string => day().format(new Date(at));
export const atTime = (at: number): string => time().format(at);
export const atMoment = (at: string): string => moment().format(new Date(at));

/** A countdown such as 0:42 or 1:03:07; never negative. */
export function countdown(until: string, now: number): string {
  const left = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
  const seconds = String(left % 60).padStart(2, '0');
  const minutes = Math.floor(left / 60) % 60;
  const hours = Math.floor(left / 3600);
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** A stretch of time in words, for instance of a limit. */
export function span(seconds: number): string {
  if (seconds % 86_400 === 0) return seconds === 86_400 ? t('time.aDay') : t('time.days', { value: seconds / 86_400 });
  if (seconds % 3_600 === 0) return seconds === 3_600 ? t('time.anHour') : t('time.hours', { n: seconds / 3_600 });
  if (seconds % 60 === 0) return seconds === 60 ? t('time.aMinute') : t('time.minutesLong', { value: seconds / 60 });
  return t('time.seconds', { n: seconds });
}
