/** Where the consoles of the partitions are; one that is not here has no link. */
const CONSOLES: ReadonlyMap<string, string> = new Map([
  ['aws', 'console.aws.amazon.com'],
  ['aws-us-gov', 'console.amazonaws-us-gov.com'],
  ['aws-cn', 'console.amazonaws.cn'],
]);

/**
 * The conformance packs of a Region in the console of AWS Config; `undefined` for a partition whose
 * console is not known. The console has no page for an organization conformance pack of its own.
 */
export function consoleUrl(partition: string | undefined, region: string): string | undefined {
  const domain = CONSOLES.get(partition ?? '');
  if (domain === undefined) return undefined;
  const place = encodeURIComponent(region);
  return `https://${place}.${domain}/config/home?region=${place}#/conformance-packs`;
}
