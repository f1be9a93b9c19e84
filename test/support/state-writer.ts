import { writeStateFile } from '../../src/refresh/state-file.js';
import { detailOf, packOf } from './columns.js';
import { snapshotOf, storeOf } from './render.js';

/** Writes a state file again and again, and tells its parent of each time, until it is ended. */
const [path = ''] = process.argv.slice(2);
const reports = Array.from({ length: 5_000 }, (_, n) => ({
  accountId: String(n).padStart(12, '0'),
  status: 'CREATE_FAILED',
  errorMessage: `message ${n}`,
}));
for (let round = 0; ; round++) {
  const packs = [packOf(`Round-${round}`, { detail: detailOf(reports, round) })];
  const store = storeOf([snapshotOf(packs)]);
  await writeStateFile(path, { scopes: store.states, sources: store.sources });
  process.send?.(round);
}
