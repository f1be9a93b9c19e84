import type { SurveyedScope } from '../../src/inquiries/survey.js';
import { REGION } from './simulated.js';

/** A scope with these packs, or so many, none of them at rest. */
export function surveyedScope(
  packs: number | readonly string[],
  region = REGION,
  source = 'default',
): SurveyedScope {
  const names =
    typeof packs === 'number' ? Array.from({ length: packs }, (_, n) => `Pack-${n}`) : packs;
  return {
    scope: { source, region },
    listed: names.length,
    packs: names.map((name) => ({ name, atRest: false })),
  };
}
