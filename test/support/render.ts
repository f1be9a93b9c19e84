import { renderLive, renderStatic } from '../../src/metrics/render.js';
import type { Format } from '../../src/metrics/format.js';
import { Views, type View, type ViewOptions } from '../../src/metrics/view.js';
import type { Snapshot } from '../../src/conformance/snapshot.js';
import { Store } from '../../src/refresh/store.js';
import { collect } from './collect.js';

export const VIEW_DEFAULTS: ViewOptions = {
  series: 'auto',
  age: 'auto',
  samplesLimit: 250_000,
  maxStalenessMs: 0,
  accountsMaxStalenessMs: 0,
  tellsAccounts: true,
  live: true,
};

/** A store of one scope per snapshot, each tried; `undefined` for a scope that could not be read. */
export function storeOf(
  snapshots: readonly (Snapshot | undefined)[],
  expectedPacks: readonly string[] = [],
): Store {
  const store = new Store(
    snapshots.map((_, i) => ({
      scope: { source: 'default', region: `eu-west-${i + 1}` },
      expectedPacks,
    })),
  );
  store.learn('default', { tried: true });
  snapshots.forEach((snapshot, index) => {
    completeWith(store, snapshot, index);
  });
  return store;
}

/** Makes known which accounts the organization of the store's source has, all of them active. */
export function learnAccounts(store: Store, ids: readonly string[], joinedAt = 0): void {
  const accounts = ids.map((id) => {
    const account = {
      id,
      name: `n${id}`,
      state: 'ACTIVE',
      joinedAt,
      unitId: 'r-1',
      unitPath: 'Root',
    };
    return [id, account] as const;
  });
  store.learn('default', {
    organization: {
      readAt: 0,
      managementAccountId: undefined,
      accounts: new Map(accounts),
      unitNames: new Map(),
    },
  });
}

/** Ends a refresh of a scope, well where it brings a snapshot. */
export function completeWith(store: Store, snapshot: Snapshot | undefined, index = 0): void {
  const successful = snapshot !== undefined;
  store.complete(index, { endedAt: 0, durationMs: 0, successful, failures: [] }, snapshot);
}

export function snapshotOf(
  packs: Snapshot['packs'],
  more: Partial<Omit<Snapshot, 'packs'>> = {},
): Snapshot {
  return { listedAt: 0, listed: new Set(packs.map(({ name }) => name)), packs, ...more };
}

/** What the store shows at a time. */
export function viewOf(store: Store, options: Partial<ViewOptions> = {}, now = 0): Promise<View> {
  return new Views(store, { ...VIEW_DEFAULTS, ...options }).at(now);
}

/** The families of packs and accounts, as a scrape at `now` finds them. */
export async function* renderAll(view: View, format: Format, now = 0): AsyncGenerator<Buffer> {
  yield* renderStatic(view, format);
  yield* renderLive(view, { format, now });
}

/** The same as a text. */
export async function render(
  store: Store,
  options: Partial<ViewOptions> = {},
  now = 0,
  format: Format = 'text',
): Promise<string> {
  const view = await viewOf(store, options, now);
  return (await collect(renderAll(view, format, now))).toString();
}

/** Only the samples of some families, without the prefix that all have. */
export function linesOf(text: string, ...families: readonly string[]): string[] {
  const prefix = 'aws_config_org_conformance_pack_';
  return text
    .split('\n')
    .filter((line) => families.some((family) => line.startsWith(`${prefix}${family}{`)))
    .map((line) => line.slice(prefix.length));
}
