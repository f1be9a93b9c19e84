import type { ConfigApi } from '../../src/aws/port.js';
import { deadline } from '../../src/refresh/deadline.js';
import { readScope } from '../../src/refresh/read-scope.js';

/** What a refresh came to. */
export interface Refreshed {
  readonly wallMs: number;
  /** Packs whose accounts were read completely. */
  readonly packsRead: number;
}

const NO_DEADLINE_MS = 3_600_000;

/** Reads one scope whole, as the exporter does, and drops it. */
export async function refreshOnce(api: ConfigApi, pageSize: number): Promise<Refreshed> {
  const startedAt = performance.now();
  const { snapshot } = await readScope({
    api,
    pageSize,
    selects: () => true,
    sweep: { readSince: Infinity, isTurn: () => true },
    previous: undefined,
    accounts: () => undefined,
    clock: Date.now,
    signal: deadline(new AbortController().signal, NO_DEADLINE_MS),
    onProgress: () => undefined,
  });
  const wallMs = performance.now() - startedAt;
  const packsRead = snapshot?.packs.filter(({ detail }) => detail !== undefined).length ?? 0;
  return { wallMs, packsRead };
}
