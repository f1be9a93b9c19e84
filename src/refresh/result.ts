import type { Operation } from '../aws/port.js';
import type { Reason } from '../aws/errors.js';
import type { Snapshot } from '../conformance/snapshot.js';
import type { PackChange } from './changes.js';

/** A part of a refresh that could not be read. */
export interface Failure {
  readonly reason: Reason;
  readonly operation: Operation;
  /** The pack whose accounts could not be read; absent where the failure is not about one pack. */
  readonly pack?: string | undefined;
  /** What went wrong. */
  readonly message: string;
  /** What a person can do about it, where that is known. */
  readonly advice?: string | undefined;
}

/** What a refresh of one scope came to. */
export interface RefreshResult {
  /** Absent where the packs could not even be listed: the last snapshot then stays. */
  readonly snapshot?: Snapshot | undefined;
  /** Everything that could not be read. */
  readonly failures: readonly Failure[];
  /** What has become of each pack of the snapshot. */
  readonly changes: readonly PackChange[];
}

/**
 * The failures that make a refresh unsuccessful. A failing description of the packs costs what it
 * would have said and nothing else.
 */
export function graveFailures(failures: readonly Failure[]): readonly Failure[] {
  return failures.filter(({ operation }) => operation !== 'DescribeOrganizationConformancePacks');
}

/** Failures for the same reason at the same operation. */
export interface FailureGroup extends Omit<Failure, 'pack'> {
  /** Names of the packs that could not be read; empty where the failure is not about packs. */
  readonly packs: readonly string[];
}

/** Each kind of failure once, as the first of its kind has it: all packs are mostly denied alike. */
export function groupFailures(failures: readonly Failure[]): readonly FailureGroup[] {
  const groups = new Map<string, FailureGroup & { readonly packs: string[] }>();
  for (const { pack, ...failure } of failures) {
    const kind = `${failure.reason} ${failure.operation}`;
    const group = groups.get(kind) ?? { ...failure, packs: [] };
    if (pack !== undefined) group.packs.push(pack);
    groups.set(kind, group);
  }
  return [...groups.values()];
}
