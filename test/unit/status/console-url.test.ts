import { expect, it } from 'vitest';
import { consoleUrl } from '../../../src/status/console-url.js';

it.each([
  ['aws', 'eu-west-1', 'https://eu-west-1.console.aws.amazon.com'],
  ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com'],
  ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn'],
])('the console of %s is where it is', (partition, region, origin) => {
  expect(consoleUrl(partition, region)).toBe(
    `${origin}/config/home?region=${region}#/conformance-packs`,
  );
});

it('a partition whose console is not known, or that is not known itself, has no link', () => {
  expect(consoleUrl('aws-iso', 'us-iso-east-1')).toBeUndefined();
  expect(consoleUrl(undefined, 'eu-west-1')).toBeUndefined();
});
