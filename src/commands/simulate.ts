import { once } from 'node:events';
import { address, duration, integer, text } from '../config/kinds.js';
import { one, oneOr, several } from '../config/option.js';
import { REGION } from '../config/patterns.js';
import type { Problem } from '../config/problem.js';
import { SCENARIOS } from '../simulator/scenarios.js';
import type { Organization } from '../simulator/organization.js';
import type { Simulator } from '../simulator/server.js';
import { deployersOf, startSimulation } from '../simulator/simulation.js';
import { EXIT, type CommandModule } from './command.js';
import { ConfigurationError } from './configuration.js';
import { DEMO_REGIONS, SCENARIO } from './demo.js';
import { addOwnFlags, unclaimedArguments } from './flags.js';

const OPTIONS = {
  scenario: SCENARIO,
  'listen-address': oneOr(address, '127.0.0.1:10118', 'Address to listen on.'),
  region: several(
    text('region', REGION, 'a Region; write for example eu-west-1'),
    `Region that has packs. Repeatable; without it ${DEMO_REGIONS.join(' and ')}.`,
  ),
  accounts: one(integer({ min: 2, max: 50_000 }), 'Accounts of the organization.'),
  packs: one(integer({ min: 0, max: 50 }), 'Packs in each Region.'),
  seed: oneOr(
    // The generator has no more, and takes a larger one for one of these.
    integer({ min: 0, max: 2 ** 32 - 1 }),
    '1',
    'The same seed makes the same organization, with the same life.',
  ),
  step: oneOr(
    duration(),
    '10s',
    "From one step of the organization's life to the next; 0 for none.",
  ),
  latency: oneOr(duration(), '30ms', 'How long each answer takes.'),
} as const;

/** A simulated AWS as a server, for any client. */
export const simulate: CommandModule = {
  name: 'simulate',
  summary: 'Serve a simulated AWS, to try this program or any other client of AWS Config.',
  configure(command) {
    const own = addOwnFlags(command, OPTIONS);
    command.addHelpText('after', () => `\nScenarios:\n${scenarioTable()}`);
    return async (io) => {
      const problems: Problem[] = [...unclaimedArguments(command)];
      const options = own(problems);
      if (problems.length > 0) throw new ConfigurationError(problems, 'command line');
      const { host, port } = options['listen-address'];
      const regions = options.region.length > 0 ? options.region : DEMO_REGIONS;
      const simulator = await startSimulation({
        scenario: options.scenario,
        regions,
        accounts: options.accounts,
        packs: options.packs,
        seed: options.seed,
        stepMs: options.step,
        latencyMs: options.latency,
        host,
        port,
        clock: Date.now,
      });
      io.stdout.write(instructions(simulator, regions));
      if (!io.stop.aborted) await once(io.stop, 'abort');
      await simulator.stop();
      return EXIT.ok;
    };
  },
};

function scenarioTable(): string {
  const width = Math.max(...Object.keys(SCENARIOS).map(({ length }) => length));
  return Object.entries(SCENARIOS)
    .map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
    .join('\n');
}

/** What to set, so that a client takes the simulator for AWS. */
function instructions(
  { credentials, organization, url }: Simulator,
  regions: readonly string[],
): string {
  const { accessKeyId, secretAccessKey } = credentials(organization.managementAccountId);
  const withPacks = [...new Set(organization.packs.map(({ region }) => region))].join(', ');
  return [
    `# A simulated AWS listens on ${url}. To use it:`,
    `export AWS_ENDPOINT_URL=${url}`,
    `export AWS_ACCESS_KEY_ID=${accessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
    ...sourcesFile(organization, regions.join(', ')),
    withPacks === '' ? '# There are no packs.' : `# There are packs in ${withPacks}.`,
    '',
  ].join('\n');
}

/** Several accounts that deploy packs are several sources, and those stand in a file. */
function sourcesFile(organization: Organization, regions: string): readonly string[] {
  const deployers = deployersOf(organization);
  if (deployers.length === 1) return [];
  return [
    '# Several accounts have deployed packs. To read them all, write to a file for --config.file:',
    '# sources:',
    ...deployers.flatMap(({ name, roleArn }) => [
      `#   - name: ${name}`,
      ...(roleArn === undefined ? [] : [`#     role_arn: ${roleArn}`]),
      `#     regions: [${regions}]`,
    ]),
  ];
}
