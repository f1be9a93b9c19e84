import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFile } from '../support/files.js';
import { parseExposition, valuesBy } from '../support/parse-exposition.js';
import { Daemon, startSimulate } from '../support/program.js';

const SELF = 'conformance_pack_exporter';

/** A daemon that reads a file, on a simulated AWS. */
async function start(content: string) {
  const file = await temporaryFile('exporter.yaml', content);
  const write = (text: string) => writeFile(file, text);
  const environment = await startSimulate(['--scenario=healthy']);
  const daemon = new Daemon(
    [`--config.file=${file}`, '--web.listen-address=127.0.0.1:0', '--web.telemetry-path=/metrics'],
    environment,
  );
  const url = await daemon.url();
  const scrape = async () => parseExposition(await (await fetch(`${url}/metrics`)).text());
  const reload = async () => {
    const response = await fetch(`${url}/-/reload`, { method: 'POST' });
    return { status: response.status, text: await response.text() };
  };
  return { daemon, write, scrape, reload };
}

const regions = (...names: string[]) => `
aws: { region: [${names.join(', ')}] }
refresh: { interval: 1h, requests_per_second: 1000 }
`;

describe('a reload', () => {
  it('by SIGHUP reads what is new, and keeps what it knows', async () => {
    const { daemon, scrape, write } = await start(regions('eu-west-1'));
    await daemon.logged('refreshed', 1);
    const before = valuesBy(
      await scrape(),
      `${SELF}_refresh_last_success_timestamp_seconds`,
      'aws_region',
    );
    await write(regions('us-east-1', 'eu-west-1'));
    daemon.signal('SIGHUP');
    const [line] = await daemon.logged('reloaded');
    expect(line).toMatchObject({ changed: true, needRestart: [] });
    await daemon.logged('refreshed', 2);
    const metrics = await scrape();
    const packs = valuesBy(metrics, `${SELF}_packs`, 'aws_region');
    expect(packs).toEqual({ 'us-east-1': 6, 'eu-west-1': 6 });
    expect(valuesBy(metrics, `${SELF}_refreshes_total`, 'aws_region')).toEqual({
      'us-east-1': 1,
      'eu-west-1': 1,
    });
    expect(before['eu-west-1']).toBeGreaterThan(0);
  });

  it('of a bad file answers 500 with all that is wrong, shows it, and changes nothing', async () => {
    const { daemon, reload, scrape, write } = await start(regions('eu-west-1'));
    await daemon.logged('refreshed', 1);
    const at = `${SELF}_config_last_reload_success_timestamp_seconds`;
    const startedAt = valuesBy(await scrape(), at)[''];
    await write('refresh: { interval: soon }\nawss: {}\n');
    const { status, text } = await reload();
    expect(status).toBe(500);
    expect(text).toMatch(/exporter\.yaml:\d+:\d+ refresh\.interval: "soon" is not a duration/);
    expect(text).toMatch(/exporter\.yaml:2:1 awss: unknown key; did you mean aws\?/);
    const failed = await scrape();
    expect(valuesBy(failed, `${SELF}_config_last_reload_successful`)).toEqual({ '': 0 });
    expect(valuesBy(failed, at)).toEqual({ '': startedAt });
    expect(valuesBy(failed, `${SELF}_packs`, 'aws_region')).toEqual({ 'eu-west-1': 6 });
    const [line] = await daemon.logged('reload_failed');
    expect(line?.['reason']).toContain('did you mean aws?');

    await write(regions('eu-west-1'));
    expect(await reload()).toEqual({
      status: 200,
      text: 'Read, and nothing is to be changed.\n',
    });
    const mended = await scrape();
    expect(valuesBy(mended, `${SELF}_config_last_reload_successful`)).toEqual({ '': 1 });
    expect(valuesBy(mended, at)['']).toBeGreaterThan(startedAt ?? Infinity);
    // Nothing was begun anew.
    expect(valuesBy(mended, `${SELF}_refreshes_total`, 'aws_region')).toEqual({ 'eu-west-1': 1 });
  });

  it('says what takes effect with a restart only', async () => {
    const { daemon, reload, write } = await start(regions('eu-west-1'));
    await daemon.logged('refreshed', 1);
    await write(`${regions('eu-west-1')}web: { max_requests: 3 }\nlog: { level: warn }\n`);
    expect(await reload()).toEqual({
      status: 200,
      text: 'Reloaded.\n--web.max-requests takes effect with a restart only.\n',
    });
  });

  describe('while a first refresh is under way', () => {
    const slow = (more: string) => `
aws: { region: [eu-west-1] }
refresh: { interval: 1h, requests_per_second: 2 }
${more}
`;
    const underWay = async (more = '') => {
      const exporter = await start(slow(more));
      const isUnderWay = async () => {
        const name = `${SELF}_refresh_progress_ratio`;
        const ratio = valuesBy(await exporter.scrape(), name, 'aws_region')['eu-west-1'] ?? 0;
        return ratio > 0 && ratio < 1;
      };
      for (let look = 0; look < 1_000; look++) if (await isUnderWay()) return exporter;
      throw new Error('no refresh was seen');
    };
    const begun = (metrics: Awaited<ReturnType<Awaited<ReturnType<typeof start>>['scrape']>>) =>
      valuesBy(metrics, `${SELF}_api_requests_total`, 'aws_region', 'operation');
    const LISTING = 'eu-west-1/DescribeOrganizationConformancePackStatuses';

    it('goes on with it where nothing has changed about how AWS is read', async () => {
      const { daemon, reload, scrape, write } = await underWay();
      await write(
        slow('log: { level: debug }\naccounts: { series: none }\npacks: { expected: [Absent] }'),
      );
      expect(await reload()).toEqual({ status: 200, text: 'Reloaded.\n' });
      const expected = 'aws_config_org_conformance_pack_present';
      await daemon.logged('refreshed', 1);
      const metrics = await scrape();
      expect(begun(metrics)[LISTING]).toBe(1);
      expect(valuesBy(metrics, expected, 'conformance_pack')).toEqual({ Absent: 0 });
      expect(metrics.has('aws_config_org_conformance_pack_account_status')).toBe(false);
      expect(daemon.log.filter(({ event }) => event === 'refresh_abandoned')).toEqual([]);
    });

    it('goes on with it where a Region is added before it', async () => {
      const { daemon, reload, scrape, write } = await underWay();
      await write(slow('').replace('[eu-west-1]', '[us-east-1, eu-west-1]'));
      expect((await reload()).status).toBe(200);
      await daemon.logged('refreshed', 2);
      const metrics = await scrape();
      expect(begun(metrics)[LISTING]).toBe(1);
      expect(valuesBy(metrics, `${SELF}_packs`, 'aws_region')).toEqual({
        'eu-west-1': 6,
        'us-east-1': 6,
      });
    });

    it('abandons it where it is to be read otherwise, and tells so', async () => {
      const { daemon, reload, scrape, write } = await underWay();
      await write(slow('').replace('second: 2', 'second: 1000'));
      expect((await reload()).status).toBe(200);
      const [line] = await daemon.logged('refresh_abandoned');
      expect(line).toMatchObject({ source: 'default', region: 'eu-west-1' });
      await daemon.logged('refreshed', 1);
      expect(begun(await scrape())[LISTING]).toBe(2);
    });
  });
});
