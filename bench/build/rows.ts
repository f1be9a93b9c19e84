import type { OrganizationConformancePackDetailedStatus } from '@aws-sdk/client-config-service';

/** As many packs as a quota allows, all accounts in each. */
export interface Size {
  readonly packs: number;
  readonly accounts: number;
}

export type Row = OrganizationConformancePackDetailedStatus;

const PAGE_SIZE = 100;
const NOW = Date.UTC(2026, 0, 1);
const FAILURE_EVERY = 100;
/** Coprime to any number of accounts in use: AWS sorts them by nothing that is known. */
const STRIDE = 7_919;

/**
 * The pages of one pack as the SDK gives them out, each row made anew from text. One account in a
 * hundred has failed, and each was updated at its own time.
 */
export function* pagesOf(pack: number, { accounts }: Size): Generator<readonly Row[]> {
  for (let from = 0; from < accounts; from += PAGE_SIZE) {
    const rows = Array.from({ length: Math.min(PAGE_SIZE, accounts - from) }, (_, index) =>
      rowOf(pack, ((from + index) * STRIDE) % accounts),
    );
    const parsed = JSON.parse(JSON.stringify(rows)) as (Omit<Row, 'LastUpdateTime'> & {
      LastUpdateTime: string;
    })[];
    yield parsed.map((row) => ({ ...row, LastUpdateTime: new Date(row.LastUpdateTime) }));
  }
}

function rowOf(pack: number, account: number): Row {
  const failed = (account + pack) % FAILURE_EVERY === 0;
  return {
    AccountId: String(100_000_000_000 + account * 7_907),
    ConformancePackName: `OrgConformsPack-Operational-Best-Practices-${pack}-a1b2c3d4`,
    Status: failed ? 'CREATE_FAILED' : 'CREATE_SUCCESSFUL',
    LastUpdateTime: new Date(NOW - account * 1_000 - pack * 17),
    ...(failed && {
      ErrorCode: 'NoAvailableConfigurationRecorder',
      ErrorMessage: 'You must create a configuration recorder before you create a pack.',
    }),
  };
}
