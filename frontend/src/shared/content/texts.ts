import type auth from './english/auth.json';
import type byHand from './english/byHand.json';
import type collections from './english/collections.json';
import type duplicates from './english/duplicates.json';
import type game from './english/game.json';
import type insights from './english/insights.json';
import type keys from './english/keys.json';
import type platforms from './english/platforms.json';
import type playground from './english/playground.json';
import type settings from './english/settings.json';
import shared from './english/shared.json';
import type status from './english/status.json';
import type tonight from './english/tonight.json';

/** `games.one` and `games.other` are forms of the text `games`. */
type Base<Key> = Key extends `${infer Stem}.${'one' | 'other'}` ? Stem : Key;
type Part<Texts> = Base<keyof Texts & string>;
export type TextKey =
  | Part<typeof auth>
  | Part<typeof byHand>
  | Part<typeof collections>
  | Part<typeof duplicates>
  | Part<typeof game>
  | Part<typeof insights>
  | Part<typeof keys>
  | Part<typeof platforms>
  | Part<typeof playground>
  | Part<typeof settings>
  | Part<typeof shared>
  | Part<typeof status>
  | Part<typeof tonight>;
export type Params = Record<string, string | number | null | undefined>;
/** Says a text of the interface. */
export type Say = (key: string, params?: Params) => string;

const fallback: Record<string, string> = { ...shared };

/** A part of the app brings its English texts along when it is loaded: for before the hub has answered, or when it does not. */
export function learn(texts: Record<string, string>): void {
  Object.assign(fallback, texts);
}

/** Fills in what a text leaves open; a doubled brace is one brace. */
export const fill = (text: string, params: Params): string => text.replace(/\{\{|\}\}|\{([A-Za-z]\w*)\}/g, (whole, name: string | undefined) => (whole === '{{' ? '{' : whole === '}}' ? '}' : String(params[name ?? ''] ?? whole)));

/**
 * Texts by key: the API's, and the English ones of this build for what the API does not have. With
 * a `count`, the form of the language's plural is looked for first.
 */
export function sayer(values: Record<string, unknown>, language: string): Say {
  const find = (key: string): string | undefined => {
    const value = values[key] ?? fallback[key];
    return typeof value === 'string' ? value : undefined;
  };
  // Made when the first number is said: the browser takes longer for these two than for a screen.
  let made: { plurals: Intl.PluralRules; numbers: Intl.NumberFormat } | undefined;
  const counting = () => {
    const of = (tag: string) => ({ plurals: new Intl.PluralRules(tag), numbers: new Intl.NumberFormat(tag) });
    try {
      return (made ??= of(language));
    } catch {
      return (made ??= of('en'));
    }
  };
  return (key, params = {}) => {
    const count = params.count;
    const formed = typeof count === 'number' ? (find(`${key}.${counting().plurals.select(count)}`) ?? find(`${key}.other`)) : undefined;
    const shown = typeof count === 'number' ? { ...params, count: counting().numbers.format(count) } : params;
    return fill(formed ?? find(key) ?? key, shown);
  };
}

const KEPT = 'djinn.texts';

/** The texts of the last visit, so that a page begins in the language that it goes on in. */
function kept(): [Say, string] {
  try {
    const { values, language: tag } = JSON.parse(localStorage.getItem(KEPT) ?? '{}') as { values?: Record<string, unknown>; language?: string };
    return [sayer(values ?? {}, tag ?? 'en'), tag ?? 'en'];
  } catch {
    return [sayer({}, 'en'), 'en'];
  }
}

/** Keeps what the hub answered for the next visit. */
export function keep(values: Record<string, unknown>, tag: string): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ values, language: tag }));
  } catch {
    // The next page begins in English.
  }
}

let [spoken, language] = kept();

/** The language that is spoken now. */
export const spokenLanguage = (): string => language;

/** The locale of numbers and dates: the device's own where it speaks the same language. */
export const locale = (): string | undefined => (navigator.language.split('-')[0] === language.split('-')[0] ? undefined : language);

/** Something that is made for a locale, and made anew for another. */
export function perLocale<T>(make: (locale: string | undefined) => T): () => T {
  let made: { of: string | undefined; what: T } | null = null;
  return () => {
    const now = locale();
    if (made?.of !== now || !made) made = { of: now, what: make(now) };
    return made.what;
  };
}

/** From now on `t` says these texts. `Content` calls it; whoever shows texts uses `useSay` to hear of it. */
export function speak(say: Say, tag: string): void {
  spoken = say;
  language = tag;
}

/**
 * Says a text of the interface in the language that is spoken now. A screen says `useSay()` once, so
 * that it and all in it is shown anew when the language changes; what it says itself, it says by this.
 */
export const t = (key: TextKey, params?: Params): string => spoken(key, params);

/** What `t` says now, before the hub has answered. */
export const spokenNow = (): Say => spoken;

/** A text whose key is made up of a value of the API; null when nobody has written one. */
export function named(key: string, params?: Params): string | null {
  const text = spoken(key, params);
  return text === key ? null : text;
}

/** The same, where the API says in its order what the text leaves open. */
export const namedWith = (key: string, [first, second, third]: readonly string[]): string | null => named(key, { first, second, third });
