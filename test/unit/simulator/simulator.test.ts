import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKnownStatus } from '../../../src/conformance/status.js';
import { evolve } from '../../../src/simulator/evolve.js';
import { seededRandom } from '../../../src/simulator/random.js';
import { createOrganization } from '../../../src/simulator/seed.js';

const SIZE = { accounts: 30, packs: 4, regions: ['eu-west-1', 'us-east-1'], now: 1e12 };

describe('the simulated organization', () => {
  it('is the same for the same seed, and lives the same life', () => {
    const lives = [1, 1, 2].map((seed) => {
      const organization = createOrganization({ ...SIZE, seed });
      const random = seededRandom(seed);
      for (let step = 1; step <= 20; step++) evolve(organization, random, 1e12 + step);
      return JSON.stringify(organization.packs);
    });
    expect(lives[0]).toBe(lives[1]);
    expect(lives[0]).not.toBe(lives[2]);
  });

  it('has account ids of twelve digits, each once', () => {
    const { accounts } = createOrganization({ ...SIZE, accounts: 20_000, packs: 0, seed: 1 });
    expect(accounts.size).toBe(20_000);
    for (const id of accounts.keys()) expect(id).toMatch(/^\d{12}$/);
  });

  it('goes through roll-outs, failures, recoveries and new accounts, and keeps its roll-ups right', () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const organization = createOrganization({ ...SIZE, seed });
        const random = seededRandom(seed);
        const seen = new Set<string>();
        for (let step = 1; step <= 300; step++) {
          evolve(organization, random, 1e12 + step);
          for (const { members, rollUp } of organization.packs) {
            for (const { status } of members) seen.add(status);
            const statuses = members.map(({ status }) => status);
            const busy = statuses.some((status) => status.endsWith('IN_PROGRESS'));
            const failed = statuses.some((status) => status.endsWith('FAILED'));
            expect(rollUp.status.endsWith('IN_PROGRESS')).toBe(busy);
            if (!busy) expect(rollUp.status.endsWith('FAILED')).toBe(failed);
          }
        }
        expect([...seen].every(isKnownStatus)).toBe(true);
        expect([...seen]).toEqual(
          expect.arrayContaining(['UPDATE_IN_PROGRESS', 'UPDATE_SUCCESSFUL', 'UPDATE_FAILED']),
        );
        expect(organization.accounts.size).toBeGreaterThan(SIZE.accounts);
      }),
      { numRuns: 10 },
    );
  });
});
