import type { SourceState } from '../refresh/store.js';
import type { Sample } from './pack-families.js';
import { BACKGROUND, type FamilyHead } from './text.js';

/** A family about what is known of a source beside its packs. To add one, add a row. */
export interface SourceFamily extends FamilyHead {
  /** Labels beyond `source`. */
  readonly labels: readonly string[];
  readonly samples: (source: SourceState) => Iterable<Sample>;
}

export const SOURCE_FAMILIES: readonly SourceFamily[] = [
  {
    name: 'aws_organizations_account_info',
    type: 'gauge',
    help: `Always 1; the labels give the name, organizational unit and state of an account, for joins. ${BACKGROUND}`,
    labels: ['account_id', 'account_name', 'ou_id', 'ou_path', 'account_state'],
    *samples({ organization }) {
      for (const account of organization?.accounts.values() ?? []) {
        const { id, name, state, unitId, unitPath } = account;
        yield [[id, name, unitId, unitPath, state], 1];
      }
    },
  },
];
