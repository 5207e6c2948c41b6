import type { CombinedError } from 'urql';

export type Problem = { code: string; field: string | null; message: string };

/** The hub's messages are parts of sentences; on a screen they stand alone. */
export function sentence(message: string): string {
  const text = message.trim();
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

/** A sentence for a person out of whatever went wrong. */
export function say(error: CombinedError | undefined): string | null {
  if (!error) return null;
  if (error.networkError) return 'The hub cannot be reached. Nothing was changed.';
  return sentence(error.graphQLErrors[0]?.message ?? 'Something went wrong in the hub');
}

/** The last part of a problem's path is the field's name: `fields.apiKey` is shown at `apiKey`. */
export const fieldOf = (problem: Problem): string | null => problem.field?.split('.').at(-1) ?? null;

/** Splits problems into those of known fields and those of the whole form. */
export function sortProblems(problems: readonly Problem[], known: readonly string[]): { fields: Record<string, string>; rest: string[] } {
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  for (const problem of problems) {
    const field = fieldOf(problem);
    if (field && known.includes(field)) fields[field] ??= sentence(problem.message);
    else rest.push(sentence(problem.message));
  }
  return { fields, rest };
}

/** What stopped a change, if anything did: a refusal in words, or a fault on the way. */
export const refusal = (problems: readonly Problem[] | undefined, error: CombinedError | undefined): string | null => (problems?.[0] ? sentence(problems[0].message) : say(error));
