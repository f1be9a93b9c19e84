import {
  ConfigServiceClient,
  PutOrganizationConformancePackCommand,
} from '@aws-sdk/client-config-service';
import { CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { expect, it, onTestFinished } from 'vitest';
import { startMoto } from '../support/moto.js';
import { parseExposition, valuesBy } from '../support/parse-exposition.js';
import { run } from '../support/program.js';
import { describeWith } from '../support/servers.js';

const PREFIX = 'aws_config_org_conformance_pack';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** An independent second opinion on the wire format: moto was written by others. */
describeWith('moto_server')('against moto', () => {
  it('once reads statuses and accounts in two Regions', async () => {
    const { stop, url: endpoint } = await startMoto();
    onTestFinished(stop);
    const access = { endpoint, credentials: CREDENTIALS };
    const organizations = new OrganizationsClient({ ...access, region: 'us-east-1' });
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    organizations.destroy();
    const packs = { 'eu-west-1': ['Base'], 'us-east-1': ['Base', 'Extra'] };
    for (const [region, names] of Object.entries(packs)) {
      const config = new ConfigServiceClient({ ...access, region });
      for (const name of names) {
        await config.send(
          new PutOrganizationConformancePackCommand({
            OrganizationConformancePackName: name,
            TemplateS3Uri: 's3://bucket/template.yaml',
          }),
        );
      }
      config.destroy();
    }

    const { code, stdout } = await run(
      ['once', '--aws.region=eu-west-1', '--aws.region=us-east-1'],
      {
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      },
    );
    const metrics = parseExposition(stdout);
    const current = metrics.get(`${PREFIX}_status`)?.samples.filter(({ value }) => value === 1);
    const shown = current?.map(({ labels }) =>
      [labels['aws_region'], labels['conformance_pack'], labels['status']].join('/'),
    );
    expect(shown?.sort()).toEqual([
      'eu-west-1/Base/CREATE_SUCCESSFUL',
      'us-east-1/Base/CREATE_SUCCESSFUL',
      'us-east-1/Extra/CREATE_SUCCESSFUL',
    ]);
    const accounts = metrics
      .get(`${PREFIX}_account_status`)
      ?.samples.filter(({ value }) => value === 1);
    // Whatever the pack, moto names the caller's own account.
    expect(accounts?.map(({ labels }) => labels['account_id'])).toEqual(
      Array(3).fill('123456789012'),
    );
    expect(valuesBy(metrics, 'conformance_pack_exporter_refresh_success', 'aws_region')).toEqual({
      'eu-west-1': 1,
      'us-east-1': 1,
    });
    const names = valuesBy(metrics, 'aws_organizations_account_info', 'account_id', 'account_name');
    expect(names).toEqual({ '123456789012/master': 1 });
    // moto answers the listing of descriptions with an error page, which costs _info and the exit code.
    expect(metrics.has(`${PREFIX}_info`)).toBe(false);
    expect(code).toBe(1);
  });
});
