import { expect, onTestFinished } from 'vitest';
import { startMoto } from '../moto.js';
import { startSimulate } from '../program.js';
import { pathOf } from '../repository.js';
import { openShell } from '../shell.js';
import { stageWith, type Stage } from './stage.js';

/** The delegated administrator of the page, in whose place there is one that moto knows. */
const DELEGATE = '444455556666';

/** The AWS CLI on an AWS that others have written. */
export const awsSetup: Stage = {
  pages: /^docs\/aws\.md$/,
  takes: /^aws /,
  describe: stageWith(['aws', 'moto_server'], async () => {
    const moto = await startMoto();
    onTestFinished(moto.stop);
    const { run } = await openShell(pathOf('.'), moto.environment);
    await run('aws organizations create-organization');
    const created = await run(
      'aws organizations create-account --account-name security --email security@example.com',
    );
    const { CreateAccountStatus: member } = JSON.parse(created) as {
      CreateAccountStatus: { AccountId: string };
    };
    return async (commands) => {
      const said = await run(commands.replaceAll(DELEGATE, member.AccountId));
      expect(said).toContain(
        commands.includes('cloudformation deploy')
          ? 'Successfully created/updated stack'
          : member.AccountId,
      );
    };
  }),
};

/** The look with the credentials of the role, which the simulator has. */
export const awsLook: Stage = {
  pages: /^docs\/aws\.md$/,
  takes: /^conformance-pack-exporter /,
  describe: stageWith([], async () => {
    const { run } = await openShell(pathOf('.'), await startSimulate(['--scenario=healthy']));
    return async (commands) => {
      expect(await run(commands)).toContain('✓ accounts of a pack');
    };
  }),
};

/** AWS CloudFormation Guard on the template. */
export const guard: Stage = {
  pages: /^deploy\/cloudformation\/README\.md$/,
  describe: stageWith(['cfn-guard'], async () => {
    const { run } = await openShell(pathOf('.'));
    return async (commands) => expect(await run(commands)).not.toContain('FAIL');
  }),
};
