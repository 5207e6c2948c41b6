import { named, type Params } from '@/shared/content/texts';
import { platformFault, sentence, type Problem } from '@/shared/api/problems';
import type { Platform } from './PlatformsScreen';

/**
 * A word of a platform's, in the language that is spoken. The keys are made of its id and its fields'
 * names; of a platform that nobody has written texts for, the hub's own words stand.
 */
const worded = (platform: { id: string }, key: string, own: string, params?: Params): string => named(`platform.${platform.id}.${key}`, params) ?? own;

export const helpOf = (platform: Platform): string => worded(platform, 'help', platform.help);
export const setupOf = (platform: Platform): string | null => platform.setupNeeded && worded(platform, 'setup', platform.setupNeeded);

type Field = Platform['connectFields'][number];
export const labelOf = (platform: Platform, field: Field): string => worded(platform, `${field.name}.label`, field.label);
export const fieldHelpOf = (platform: Platform, field: Field): string => worded(platform, `${field.name}.help`, field.help);

/** What was wrong with the form, at a field of it or with all of it. */
export function refused(platform: Platform, problem: Problem, field: string | null): string {
  return field ? worded(platform, `${field}.${problem.code}`, sentence(problem.message)) : platformFault(problem, platform);
}
