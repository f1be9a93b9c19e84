import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { certify } from '../certificates.js';
import { temporaryFolder } from '../files.js';
import { Daemon, startSimulate } from '../program.js';
import { pathOf } from '../repository.js';
import { openShell } from '../shell.js';
import { stageWith, type Stage } from './stage.js';

const PAGES = /^docs\/runbooks\//;

/** What runbooks ask AWS, by the AWS CLI on the simulator. */
export const runbookAws: Stage = {
  pages: PAGES,
  takes: /^aws /,
  describe: stageWith(['aws'], async () => {
    const simulated = await startSimulate(['--scenario=healthy', '--step=0s']);
    const place = { ...simulated, AWS_DEFAULT_REGION: 'eu-west-1', AWS_PAGER: '' };
    const whoami = await openShell(pathOf('.'), place);
    const account = await whoami.run('aws sts get-caller-identity --query Account --output text');
    const role = `arn:aws:iam::${account.trim()}:role/reader`;
    const { run } = await openShell(await temporaryFolder(), {
      ...place,
      ROLE_ARN: role,
      EXTERNAL_ID: 'an-external-id',
    });
    return async (commands) => {
      const said = await run(commands.replaceAll(ACCOUNT, account.trim()));
      // Nothing has failed there, so that of failures there are no rows; and what goes to files is not said.
      if (!/--filters Status=|> \w+\.json/.test(commands)) expect(said).not.toBe('');
    };
  }),
};

/** Stands for an account of the organization. */
const ACCOUNT = '111122223333';

const URL = 'http://localhost:10117';
const HOST = 'exporter.example.com:10117';

/** What runbooks, and who upgrades, look at beside an exporter that has lived through everything that they are about. */
export const runbookExporter: Stage = {
  pages: /^docs\/(?:runbooks\/|upgrading\.md$)/,
  takes: /^(?!aws )/,
  describe: stageWith(['curl', 'openssl'], async () => {
    const folder = await temporaryFolder();
    const { cert, key } = await certify();
    const files = {
      'exporter.yaml': 'aws: { region: eu-west-1 }\n',
      'web.yaml': 'tls_server_config: { cert_file: tls.crt, key_file: tls.key }\n',
      'tls.crt': cert,
      'tls.key': key,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const at = (name: string) => join(folder, name);
    const web = `--web.config.file=${at('web.yaml')}`;
    const secured = await new Daemon(['--demo=healthy', LISTEN, web]).url();
    const plain = await new Daemon(['--demo=healthy', LISTEN]).url();
    await writeFile(at('exporter.log'), await eventfulLog(await temporaryFolder()));
    const { run } = await openShell(folder, {
      ...(await startSimulate(['--scenario=healthy'])),
      STATE_FILE: at('state'),
    });
    const metrics = await run('conformance-pack-exporter once --aws.region=eu-west-1');
    const [, account = ''] = /account_id="(\d+)"/.exec(metrics) ?? [];
    return async (commands) => {
      const here = commands
        .replaceAll(ACCOUNT, account)
        .replaceAll(URL, plain)
        .replaceAll(HOST, new globalThis.URL(secured).host);
      const said = await run(here);
      // A reload that has worked has nothing to say.
      if (!/^curl .*reload$/m.test(commands)) expect(said).toMatch(/\w/);
    };
  }),
};

const LISTEN = '--web.listen-address=127.0.0.1:0';

/** The log of exporters to which all has happened that runbooks look for in it. */
async function eventfulLog(folder: string): Promise<string> {
  const config = join(folder, 'exporter.yaml');
  const web = join(folder, 'web.yaml');
  for (const file of [config, web]) await writeFile(file, '');
  const flapping = new Daemon([
    '--demo=flapping',
    '--refresh.interval=5s',
    LISTEN,
    `--config.file=${config}`,
    `--web.config.file=${web}`,
  ]);
  const blind = new Daemon([
    '--demo=expired-credentials',
    LISTEN,
    `--state.file=${join(folder, 'missing', 'state')}`,
  ]);
  await flapping.logged('started');
  for (const file of [config, web]) await writeFile(file, 'nonsense: true\n');
  flapping.signal('SIGHUP');
  await Promise.all([
    flapping.logged('reload_failed'),
    flapping.logged('web_config_refused'),
    flapping.logged('account_transition', 12),
    blind.logged('read_failed'),
    blind.logged('state_failed'),
  ]);
  return [...flapping.log, ...blind.log].map((line) => `${JSON.stringify(line)}\n`).join('');
}
