import type { CombinedError } from 'urql';
import { named, t, type Params } from '@/shared/content/texts';
import { atMoment } from '@/shared/format/time';

/** In the hub's words, and which sentence that is, where the code does not say it and the document asks. */
type Said = { code: string; message: string; reason?: string | null; values?: readonly string[] };
export type Problem = Said & { field: string | null };

/** The hub's messages are parts of sentences; on a screen they stand alone. */
export function sentence(message: string): string {
  const text = message.trim();
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

/** What a sentence leaves open, out of the hub's values in their order; an instant as the reader writes it. */
function opened([first, second, third]: readonly string[]): Params {
  const until = first && !Number.isNaN(Date.parse(first)) ? atMoment(first) : first;
  return { first, second, third, until };
}

/**
 * What went wrong, in the language that is spoken: by its sentence, or else by its code, under the
 * first of these that has a text for it. Where neither says it all, the hub's own words stand.
 */
export function told(problem: Said, under: readonly string[] = ['problem'], params?: Params): string {
  const exact = problem.reason && named(`problem.${problem.code}.${problem.reason}`, opened(problem.values ?? []));
  if (exact) return exact;
  for (const one of under) {
    const text = named(`${one}.${problem.code}`, params);
    if (text) return text;
  }
  return sentence(problem.message);
}

/** Why a platform did not give what it was asked for. */
export const platformFault = (problem: Said, platform: { id: string; name: string }): string =>
  told(problem, [`platform.${platform.id}`, 'problem.platform', 'problem'], { platform: platform.name });

/** A sentence for a person out of whatever went wrong. */
export function say(error: CombinedError | undefined): string | null {
  if (!error) return null;
  if (error.networkError) return t('state.unreachable');
  const [first] = error.graphQLErrors;
  return first ? told({ code: String(first.extensions?.code ?? ''), message: first.message }) : sentence(t('state.fault'));
}

/** What the address names is no id: there is nothing by that name, as of an id that nobody knows. */
export const isNoId = (error: CombinedError | undefined): boolean => error?.graphQLErrors.some(({ extensions }) => extensions?.code === 'INVALID_ID') ?? false;

/** The last part of a problem's path is the field's name: `fields.apiKey` is shown at `apiKey`. */
export const fieldOf = (problem: Problem): string | null => problem.field?.split('.').at(-1) ?? null;

/** Splits problems into those of known fields and those of the whole form. */
export function sortProblems(problems: readonly Problem[], known: readonly string[], say: (problem: Problem, field: string | null) => string = (problem) => told(problem)): { fields: Record<string, string>; rest: string[] } {
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  for (const problem of problems) {
    const field = fieldOf(problem);
    if (field && known.includes(field)) fields[field] ??= say(problem, field);
    else rest.push(say(problem, null));
  }
  return { fields, rest };
}

/** What stopped a change, if anything did: a refusal in words, or a fault on the way. */
export const refusal = (problems: readonly Problem[] | undefined, error: CombinedError | undefined): string | null => (problems?.[0] ? told(problems[0]) : say(error));
