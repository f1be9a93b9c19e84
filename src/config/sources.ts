import { z } from 'zod';
import type { Options } from './options.js';
import { EXTERNAL_ID, PACK_NAME, REGION, ROLE_ARN, SOURCE_NAME } from './patterns.js';
import { unknown, type Locate, type Problem } from './problem.js';

/** One AWS identity whose packs are read. */
export interface SourceConfig {
  /** Value of the `source` label. */
  readonly name: string;
  /** Profile of the AWS configuration files. */
  readonly profile?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  /** Empty for the Region that the AWS SDK finds in its environment. */
  readonly regions: readonly string[];
  /** Packs that ought to be deployed in each of its Regions. */
  readonly expectedPacks: readonly string[];
}

const DEFAULT_NAME = 'default';

/** The list under `sources` in the file. */
export const sourcesSchema = z
  .array(
    z.strictObject({
      name: z
        .string()
        .regex(SOURCE_NAME, 'is no name; it has up to 64 letters, digits and any of _ . -')
        .describe('Value of the source label.'),
      profile: z
        .string()
        .min(1, 'is empty')
        .optional()
        .describe('Profile of the AWS configuration files.'),
      role_arn: z
        .string()
        .regex(
          ROLE_ARN,
          'is not the ARN of a role; write for example arn:aws:iam::123456789012:role/reader',
        )
        .optional()
        .describe('Role to assume.'),
      external_id: z
        .string()
        .regex(EXTERNAL_ID, 'is not an external id')
        .optional()
        .describe('External ID that the role requires.'),
      regions: z
        .array(z.string().regex(REGION, 'is not a Region; write for example eu-west-1'))
        .min(1, 'names no Region')
        .describe('Regions to read.'),
      expected_packs: z
        .array(z.string().regex(PACK_NAME, 'is not the name of a pack'))
        .optional()
        .describe('Packs that should be deployed in each Region, instead of packs.expected.'),
    }),
  )
  .min(1, 'is empty; leave it out to read one source');

export interface Sources {
  readonly sources: readonly SourceConfig[];
  readonly problems: readonly Problem[];
}

/** The one source that the options describe. */
export function sourceOfOptions(options: Options): SourceConfig {
  return {
    name: DEFAULT_NAME,
    roleArn: options['aws.role-arn'],
    externalId: options['aws.external-id'],
    regions: options['aws.region'],
    expectedPacks: options['packs.expected'],
  };
}

/** Reads the list of sources. `locate` tells where a path of keys stands. */
export function parseSources(
  list: unknown,
  expectedPacks: readonly string[],
  locate: Locate,
): Sources {
  const parsed = sourcesSchema.safeParse(list, { reportInput: true });
  if (!parsed.success) {
    return {
      sources: [],
      problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, locate)),
    };
  }
  const sources = parsed.data.map((source) => ({
    name: source.name,
    profile: source.profile,
    roleArn: source.role_arn,
    externalId: source.external_id,
    regions: source.regions,
    expectedPacks: source.expected_packs ?? expectedPacks,
  }));
  return { sources, problems: findTwins(sources, (...path) => locate(['sources', ...path])) };
}

const SOURCE_KEYS = Object.keys(sourcesSchema.element.shape);

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text; put it in quotes',
  array: 'a list',
  object: 'a map of keys',
};

/** What is wrong, in the words that all other problems have, with the value that is. */
function problemsOf(issue: z.core.$ZodIssue, locate: Locate): readonly Problem[] {
  const place = ['sources', ...issue.path];
  const problem = (message: string) => [{ path: locate(place), message }];
  const value = JSON.stringify(issue.input);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: locate([...place, key], 'key'),
      message: unknown('key', key, SOURCE_KEYS),
    }));
  }
  if (issue.code === 'invalid_type') {
    const wanted = TYPES[issue.expected] ?? issue.expected;
    return problem(issue.input === undefined ? 'is missing' : `${value} is not ${wanted}`);
  }
  return problem(issue.code === 'invalid_format' ? `${value} ${issue.message}` : issue.message);
}

/**
 * Names and scopes that occur twice. The same profile, role and Region read the same packs, and
 * would count every account double.
 */
export function findTwins(
  sources: readonly SourceConfig[],
  locate: (...path: PropertyKey[]) => string,
): readonly Problem[] {
  const problems: Problem[] = [];
  const names = new Set<string>();
  const readers = new Map<string, string>();
  sources.forEach((source, index) => {
    if (names.has(source.name)) {
      problems.push({
        path: locate(index, 'name'),
        message: `another source is named ${JSON.stringify(source.name)} already`,
      });
    }
    names.add(source.name);
    source.regions.forEach((region, position) => {
      const key = JSON.stringify([source.profile, source.roleArn, region]);
      const reader = readers.get(key);
      if (reader !== undefined) {
        problems.push({
          path: locate(index, 'regions', position),
          message: `source ${JSON.stringify(reader)} reads ${region} with the same profile and role already`,
        });
      }
      readers.set(key, reader ?? source.name);
    });
  });
  return problems;
}
