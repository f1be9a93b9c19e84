import type { OrganizationConformancePackDetailedStatus } from '@aws-sdk/client-config-service';

/** As many packs as a quota allows, all accounts in each. */
export interface Size {
  readonly packs: number;
  readonly accounts: number;
}

/** How the accounts are. */
export type Condition =
  /** One in a hundred has failed, for one reason. */
  | 'usual'
  /** All have failed, and AWS names each in its message. */
  | 'failed';

export type Row = OrganizationConformancePackDetailedStatus;

const PAGE_SIZE = 100;
const NOW = Date.UTC(2026, 0, 1);
const FAILURE_EVERY = 100;
/** Coprime to any number of accounts in use: AWS sorts them by nothing that is known. */
const STRIDE = 7_919;

/**
 * The pages of one pack as the SDK gives them out, each row made anew from text. Each account was
 * updated at its own time.
 */
export function* pagesOf(
  pack: number,
  { accounts }: Size,
  condition: Condition = 'usual',
): Generator<readonly Row[]> {
  for (let from = 0; from < accounts; from += PAGE_SIZE) {
    const rows = Array.from({ length: Math.min(PAGE_SIZE, accounts - from) }, (_, index) =>
      rowOf(pack, ((from + index) * STRIDE) % accounts, condition),
    );
    const parsed = JSON.parse(JSON.stringify(rows)) as (Omit<Row, 'LastUpdateTime'> & {
      LastUpdateTime: string;
    })[];
    yield parsed.map((row) => ({ ...row, LastUpdateTime: new Date(row.LastUpdateTime) }));
  }
}

const MESSAGES: Readonly<Record<Condition, (accountId: string) => string>> = {
  usual: () => 'You must create a configuration recorder before you create a pack.',
  failed: (accountId) =>
    `Account ${accountId} has no configuration recorder. You must create one in this Region before you create a pack.`,
};

function rowOf(pack: number, account: number, condition: Condition): Row {
  const accountId = String(100_000_000_000 + account * 7_907);
  const failed = condition === 'failed' || (account + pack) % FAILURE_EVERY === 0;
  return {
    AccountId: accountId,
    ConformancePackName: `OrgConformsPack-Operational-Best-Practices-${pack}-a1b2c3d4`,
    Status: failed ? 'CREATE_FAILED' : 'CREATE_SUCCESSFUL',
    LastUpdateTime: new Date(NOW - account * 1_000 - pack * 17),
    ...(failed && {
      ErrorCode: 'NoAvailableConfigurationRecorder',
      ErrorMessage: MESSAGES[condition](accountId),
    }),
  };
}
