import english from './english.json';

export type TextKey = keyof typeof english;
export type Params = Record<string, string | number>;
/** Says a text of the interface. */
export type Say = (key: string, params?: Params) => string;

const fallback: Record<string, string> = english;

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
  let plurals: Intl.PluralRules;
  let numbers: Intl.NumberFormat;
  try {
    plurals = new Intl.PluralRules(language);
    numbers = new Intl.NumberFormat(language);
  } catch {
    plurals = new Intl.PluralRules('en');
    numbers = new Intl.NumberFormat('en');
  }
  return (key, params = {}) => {
    const count = params.count;
    const formed = typeof count === 'number' ? (find(`${key}.${plurals.select(count)}`) ?? find(`${key}.other`)) : undefined;
    const shown = typeof count === 'number' ? { ...params, count: numbers.format(count) } : params;
    return fill(formed ?? find(key) ?? key, shown);
  };
}
