import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readStateFile } from '../../../src/refresh/state-file.js';
import { STATE_FORMAT } from '../../../src/refresh/state-records.js';
import { KEPT_STATE } from '../../support/kept-state.js';

/**
 * Written once, by a version that had the error codes in the opposite order. Where it is not read any
 * more, the shape of a record has changed: raise the number of the format, and write another.
 */
const FIXTURE = fileURLToPath(new URL(`../../fixtures/state-${STATE_FORMAT}`, import.meta.url));

it('what an earlier version wrote means the same today', async () => {
  expect(await readStateFile(FIXTURE)).toEqual(KEPT_STATE);
});
