import type { ConfigApi } from '../../src/aws/port.js';
import { withDeadline } from '../../src/deadline.js';
import { readScope } from '../../src/refresh/read-scope.js';

/** What a refresh came to. */
export interface Refreshed {
  readonly wallMs: number;
  /** Packs whose accounts were read completely. */
  readonly packsRead: number;
}

const { signal: never } = new AbortController();
const NO_DEADLINE_MS = 3_600_000;

/** Reads one scope whole, as the exporter does, and drops it. */
export async function refreshOnce(
  api: ConfigApi,
  pageSize: number,
  packsAtOnce: number,
): Promise<Refreshed> {
  const startedAt = performance.now();
  const { snapshot } = await withDeadline(never, NO_DEADLINE_MS, (signal) =>
    readScope({
      api,
      pageSize,
      selects: () => true,
      sweep: { every: 1, turn: 0, readSince: 0 },
      previous: undefined,
      packsAtOnce,
      accounts: () => undefined,
      clock: Date.now,
      signal,
      onProgress: () => undefined,
    }),
  );
  const wallMs = performance.now() - startedAt;
  const packsRead = snapshot?.packs.filter(({ detail }) => detail !== undefined).length ?? 0;
  return { wallMs, packsRead };
}
