import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/aws/errors.js';
import { Identities, type IdentifiedSource } from '../../../src/refresh/identities.js';

const { signal } = new AbortController();

function source(name: string, accountId: string, regions: string[], failures = 0) {
  let left = failures;
  const lookups = { count: 0 };
  const identified: IdentifiedSource = {
    name,
    regions,
    api: {
      callerIdentity: () => {
        lookups.count++;
        return left-- > 0
          ? Promise.reject(
              new AwsError({ operation: 'GetCallerIdentity', reason: 'network', message: '' }),
            )
          : Promise.resolve({ accountId, partition: 'aws' });
      },
    },
  };
  return { identified, lookups };
}

describe('Identities', () => {
  it('finds the earlier source with the same account in the same Region', async () => {
    const first = source('first', '1', ['eu-west-1']);
    const second = source('second', '1', ['eu-west-1', 'us-east-1']);
    const identities = new Identities([first.identified, second.identified]);
    expect(await identities.duplicateOf('second', 'eu-west-1', signal)).toBe('first');
    expect(await identities.duplicateOf('second', 'us-east-1', signal)).toBeUndefined();
    expect(await identities.duplicateOf('first', 'eu-west-1', signal)).toBeUndefined();
  });

  it('looks nobody up twice, and nobody who has no rival', async () => {
    const first = source('first', '1', ['eu-west-1']);
    const second = source('second', '2', ['eu-west-1']);
    const third = source('third', '3', ['ap-south-1']);
    const identities = new Identities([first, second, third].map(({ identified }) => identified));
    for (let round = 0; round < 2; round++) {
      expect(await identities.duplicateOf('second', 'eu-west-1', signal)).toBeUndefined();
      expect(await identities.duplicateOf('third', 'ap-south-1', signal)).toBeUndefined();
    }
    expect([first, second, third].map(({ lookups }) => lookups.count)).toEqual([1, 1, 0]);
  });

  it('says nothing where a look-up fails, and tries again', async () => {
    const first = source('first', '1', ['eu-west-1'], 1);
    const second = source('second', '1', ['eu-west-1']);
    const identities = new Identities([first.identified, second.identified]);
    expect(await identities.duplicateOf('second', 'eu-west-1', signal)).toBeUndefined();
    expect(await identities.duplicateOf('second', 'eu-west-1', signal)).toBe('first');
  });
});
