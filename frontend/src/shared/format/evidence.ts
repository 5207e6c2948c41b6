import { namedWith } from '@/shared/content/texts';

/** Why two things are taken for one game, in the language that is spoken; what a file says stays as it is. */
export function evidenceText({ code, text, values }: { code: string | null; text: string; values: readonly string[] }): string {
  return (code && namedWith(`evidence.${code}`, values)) || text;
}
