import {
  ConfigServiceClient,
  DescribeOrganizationConformancePackStatusesCommand,
} from '@aws-sdk/client-config-service';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pace } from '../../src/aws/pace.js';
import { createPacer, type Pacer } from '../../src/aws/pacer.js';
import type { Fault } from '../../src/simulator/faults.js';
import { valuesBy } from '../support/parse-exposition.js';
import { collectorOf, organizationOf, REGION, simulated } from '../support/simulated.js';

const SELF = 'conformance_pack_exporter';

const THROTTLING: Fault = { kind: 'error', code: 'ThrottlingException', message: 'Rate exceeded' };

/** A pacer that keeps a record of its turns and of what came of them. */
function recorded(pacer: Pacer) {
  const record: string[] = [];
  const recorder: Pacer = {
    get perSecond() {
      return pacer.perSecond;
    },
    async turn(signal) {
      await pacer.turn(signal);
      const turn = record.push('lost') - 1;
      return {
        succeeded: () => (record[turn] = 'succeeded'),
        throttled: () => (record[turn] = 'throttled'),
      };
    },
  };
  return { recorder, record };
}

describe('every request', () => {
  async function call(fault: Fault, signal = new AbortController().signal) {
    const simulator = await simulated();
    simulator.faults.add(fault);
    const { record, recorder } = recorded(createPacer({ perSecond: 10_000 }));
    const client = new ConfigServiceClient({
      region: REGION,
      endpoint: simulator.url,
      credentials: simulator.credentials(simulator.organization.managementAccountId),
      maxAttempts: 2,
    });
    onTestFinished(() => client.destroy());
    client.middlewareStack.use(pace(recorder));
    const command = new DescribeOrganizationConformancePackStatusesCommand({});
    const outcome = await client.send(command, { abortSignal: signal }).then(
      () => 'done',
      (error: unknown) => error instanceof Error && error.name,
    );
    expect(record.length).toBe(simulator.requests.all.length);
    return { outcome, record };
  }

  it('waits for its turn, a retry of the SDK as well', async () => {
    expect(await call({ kind: 'reset', times: 1 })).toEqual({
      outcome: 'done',
      record: ['lost', 'succeeded'],
    });
  });

  it('that is throttled is sent again in its turn', async () => {
    expect(await call({ ...THROTTLING, times: 2 })).toEqual({
      outcome: 'done',
      record: ['throttled', 'throttled', 'succeeded'],
    });
  });

  it('that is throttled always fails in the end', async () => {
    expect(await call(THROTTLING)).toEqual({
      outcome: 'ThrottlingException',
      record: Array.from({ length: 8 }, () => 'throttled'),
    });
  });

  it('that waits for its turn is never sent where the call is aborted', async () => {
    expect(await call(THROTTLING, AbortSignal.abort())).toEqual({
      outcome: 'AbortError',
      record: [],
    });
  });
});

describe('the rate of a scope', () => {
  it('falls with throttling, is told, and is kept from one refresh to the next', async () => {
    const simulator = await simulated(organizationOf({ packs: 2 }));
    simulator.faults.add({ ...THROTTLING, times: 3 });
    const exporter = collectorOf(simulator, {
      flags: { 'refresh.requests-per-second': '1000', 'refresh.concurrency': '1' },
    });
    const told = async () =>
      valuesBy(await exporter.scrape(), `${SELF}_api_requests_per_second_limit`, 'aws_region');
    expect(await told()).toEqual({ [REGION]: 1000 });
    await exporter.refresh();
    expect(exporter.failures).toEqual({ [REGION]: [] });
    // The four calls that succeed after it make a slow start to 700; then they follow the curve.
    const curve = (succeeded: number) => 1000 * (1 + 0.3 * (succeeded / 40 - 1) ** 3);
    expect((await told())[REGION]).toBeCloseTo(curve(0));
    await exporter.refresh();
    expect((await told())[REGION]).toBeCloseTo(curve(4));
  });
});
