import { ENVIRONMENT_PREFIX } from '../../src/config/options.js';

/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [Keyword in string]?: unknown };

type Properties = Readonly<Record<string, JsonSchema>>;

export interface Sources {
  /** The schema of the exporter's configuration file. */
  readonly configuration: JsonSchema;
  /** Names of the alerts that there are. */
  readonly alerts: readonly string[];
  /** The flags that there are, and how they and their variables are written. */
  readonly options: readonly OptionForm[];
  /** What `--demo` can be told to simulate. */
  readonly scenarios: readonly string[];
}

interface OptionForm {
  /** As in `--refresh.interval`, without the dashes. */
  readonly flag: string;
  /** Whether it is a switch, `--flag` or `--no-flag`, instead of taking a value. */
  readonly isSwitch: boolean;
  /** Its environment variable. */
  readonly variable: string;
}

/**
 * What the values of the chart may be. Whatever is not named is refused. Of what is handed on to
 * Kubernetes the first level is named; the API server knows the rest. Patterns are in the syntax that
 * both JavaScript and Go have, and keywords are those of draft 7, which every Helm 3 knows as well.
 */
export function valuesSchema({ alerts, configuration, options, scenarios }: Sources): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the chart conformance-pack-exporter',
    ...object({
      // A chart that this one is a part of may set it.
      global: { type: 'object' },
      nameOverride: optional(NAME),
      fullnameOverride: optional(NAME),
      commonLabels: LABELS,
      config: forGo(ofTheChart(configuration)),
      configSecret: object({ name: optional(OBJECT_NAME), key: FILE_NAME }),
      restartOnConfigChange: BOOLEAN,
      extraArgs: list({ type: 'string', pattern: flagPattern(options, scenarios) }),
      image: object({
        repository: { type: 'string', pattern: '^[a-z0-9][a-z0-9._/:-]*$' },
        tag: optional({ type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$' }),
        digest: optional({ type: 'string', pattern: '^sha256:[0-9a-f]{64}$' }),
        pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
        pullSecrets: list(object({ name: OBJECT_NAME }, ['name'])),
      }),
      serviceAccount: object({
        create: BOOLEAN,
        name: optional(OBJECT_NAME),
        annotations: {
          ...STRINGS,
          properties: {
            'eks.amazonaws.com/role-arn': {
              type: 'string',
              pattern: '^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$',
            },
          },
        },
      }),
      shards: object({
        total: integer(1, 1000),
        maxUnavailable: integer(1),
      }),
      state: object({
        enabled: BOOLEAN,
        persistentVolumeClaim: object({
          enabled: BOOLEAN,
          existingClaim: optional(OBJECT_NAME),
          size: QUANTITY,
          storageClassName: optional(OBJECT_NAME),
          accessModes: list({ enum: ['ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany'] }, 1),
          annotations: STRINGS,
        }),
      }),
      web: object({
        port: integer(1024, 65_535),
        configSecret: optional(OBJECT_NAME),
        configKey: FILE_NAME,
        tls: BOOLEAN,
      }),
      probes: object({
        handler: { enum: ['httpGet', 'tcpSocket'] },
        startup: TIMES,
        liveness: TIMES,
        readiness: TIMES,
      }),
      service: object({ annotations: STRINGS }),
      monitor: object({
        kind: { enum: ['none', 'ServiceMonitor', 'PodMonitor'] },
        labels: LABELS,
        jobName: { type: 'string', pattern: '^[a-zA-Z0-9_./-]*conformance-pack[a-zA-Z0-9_./-]*$' },
        interval: DURATION,
        scrapeTimeout: DURATION,
        sampleLimit: integer(0),
        targetLabels: SERIES_LABELS,
        tlsConfig: object({
          ca: SECRET_OR_CONFIG_MAP,
          cert: SECRET_OR_CONFIG_MAP,
          keySecret: KEY,
          serverName: TEXT,
          insecureSkipVerify: BOOLEAN,
        }),
        basicAuth: object({ username: KEY, password: KEY }),
        relabelings: list(RELABELING),
        metricRelabelings: list(RELABELING),
      }),
      prometheusRule: object({
        enabled: BOOLEAN,
        labels: LABELS,
        disabledAlerts: { ...list({ enum: alerts }), uniqueItems: true },
        alertLabels: SERIES_LABELS,
        alertAnnotations: SERIES_LABELS,
        runbookBaseUrl: optional(URL),
        dashboardBaseUrl: optional(URL),
      }),
      dashboards: object({
        enabled: BOOLEAN,
        namespace: optional(NAME),
        labels: LABELS,
        annotations: STRINGS,
      }),
      networkPolicy: object({
        enabled: BOOLEAN,
        from: list(PEER),
        podIdentityAgent: BOOLEAN,
        extraEgress: list(
          object({ ports: list(fields('port', 'endPort', 'protocol')), to: list(PEER) }),
        ),
      }),
      resources: object({ requests: QUANTITIES, limits: QUANTITIES, claims: list(OBJECT) }),
      podSecurityContext: fields(
        ...SECURITY,
        'fsGroup',
        'fsGroupChangePolicy',
        'supplementalGroups',
        'supplementalGroupsPolicy',
        'sysctls',
      ),
      securityContext: fields(
        ...SECURITY,
        'allowPrivilegeEscalation',
        'capabilities',
        'privileged',
        'procMount',
        'readOnlyRootFilesystem',
      ),
      podAnnotations: STRINGS,
      podLabels: LABELS,
      priorityClassName: optional(OBJECT_NAME),
      nodeSelector: STRINGS,
      tolerations: list(fields('key', 'operator', 'value', 'effect', 'tolerationSeconds')),
      affinity: object({ nodeAffinity: OBJECT, podAffinity: OBJECT, podAntiAffinity: OBJECT }),
      topologySpreadConstraints: list({
        ...fields(
          'labelSelector',
          'matchLabelKeys',
          'maxSkew',
          'minDomains',
          'nodeAffinityPolicy',
          'nodeTaintsPolicy',
          'topologyKey',
          'whenUnsatisfiable',
        ),
        required: ['maxSkew', 'topologyKey', 'whenUnsatisfiable'],
      }),
      // The exporter itself may take ten seconds to drain scrapes in flight.
      terminationGracePeriodSeconds: integer(15),
      extraEnv: list(
        object({ name: variableName(options), value: { type: 'string' }, valueFrom: OBJECT }, [
          'name',
        ]),
      ),
      extraEnvFrom: list(
        object({ prefix: { type: 'string' }, configMapRef: OBJECT, secretRef: OBJECT }),
      ),
      extraVolumes: list({
        ...object({
          name: NAME,
          ...Object.fromEntries(VOLUMES.map((kind) => [kind, OBJECT])),
        }),
        required: ['name'],
        minProperties: 2,
        maxProperties: 2,
      }),
      extraVolumeMounts: list({
        ...fields(
          'name',
          'mountPath',
          'mountPropagation',
          'readOnly',
          'recursiveReadOnly',
          'subPath',
          'subPathExpr',
        ),
        required: ['name', 'mountPath'],
      }),
      extraContainers: list({ type: 'object', required: ['name', 'image'] }),
    }),
  };
}

/** Keys of the configuration file, as paths, that follow from values of the chart. */
const OWN_KEYS = [
  ['web', 'listen_address'],
  ['web', 'config'],
  ['web', 'health_without_auth'],
  ['state'],
  ['shard'],
] as const;

function object(properties: Properties, required: readonly string[] = []): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties,
  };
}

/** An object of Kubernetes of which the names of the fields are known here. */
function fields(...names: readonly string[]): JsonSchema {
  return object(Object.fromEntries(names.map((name) => [name, {}])));
}

function list(items: JsonSchema, minItems = 0): JsonSchema {
  return { type: 'array', items, ...(minItems > 0 && { minItems }) };
}

function integer(minimum: number, maximum?: number): JsonSchema {
  return { type: 'integer', minimum, ...(maximum !== undefined && { maximum }) };
}

/** A text that may be empty, which is the same as none. */
function optional({ pattern, ...rest }: JsonSchema): JsonSchema {
  return { ...rest, pattern: `^$|${String(pattern)}` };
}

function map(values: JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: values };
}

/** What the program takes as a flag: one that does not exist would end it at each start. */
function flagPattern(options: readonly OptionForm[], scenarios: readonly string[]): string {
  const escaped = (flag: string) => flag.replaceAll('.', '[.]');
  const named = (isSwitch: boolean) =>
    options.flatMap((option) => (option.isSwitch === isSwitch ? escaped(option.flag) : []));
  const forms = [
    `demo(=(${scenarios.join('|')}))?`,
    'config[.]check',
    `(no-)?(${named(true).join('|')})`,
    `(${named(false).join('|')})=.+`,
  ];
  return `^--(${forms.join('|')})$`;
}

/** The name of a variable. Of the exporter's own it refuses those that it does not know. */
function variableName(options: readonly OptionForm[]): JsonSchema {
  return {
    ...TEXT,
    if: { pattern: `^${ENVIRONMENT_PREFIX}` },
    then: { enum: options.map(({ variable }) => variable) },
  };
}

const BOOLEAN: JsonSchema = { type: 'boolean' };
const OBJECT: JsonSchema = { type: 'object' };
const TEXT: JsonSchema = { type: 'string', minLength: 1 };
/** A DNS label, as names of Services have to be. */
const NAME: JsonSchema = { type: 'string', pattern: '^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$' };
const OBJECT_NAME: JsonSchema = {
  type: 'string',
  pattern: '^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$',
};
const FILE_NAME: JsonSchema = { type: 'string', pattern: '^[A-Za-z0-9._-]+$' };
const URL: JsonSchema = { type: 'string', pattern: '^https?://[^\\s?#]+$' };
/** Of Prometheus: the largest unit first, each once. */
const DURATION: JsonSchema = {
  type: 'string',
  pattern: `^${['y', 'w', 'd', 'h', 'm', 's', 'ms'].map((unit) => `([0-9]+${unit})?`).join('')}$`,
  minLength: 2,
};
const STRINGS = map({ type: 'string' });
const LABELS = map({
  type: 'string',
  pattern: '^$|^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$',
});
/** Labels of Prometheus. */
const SERIES_LABELS: JsonSchema = {
  ...STRINGS,
  propertyNames: { pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$' },
};
const QUANTITY: JsonSchema = {
  type: ['string', 'number'],
  pattern: '^[0-9]+([.][0-9]+)?(m|k|[KMGTPE]i?)?$',
};
const QUANTITIES = map(QUANTITY);
const TIMES = object({
  periodSeconds: integer(1),
  timeoutSeconds: integer(1),
  failureThreshold: integer(1),
});
const PEER = object({ podSelector: OBJECT, namespaceSelector: OBJECT, ipBlock: OBJECT });
const KEY = object({ name: OBJECT_NAME, key: FILE_NAME, optional: BOOLEAN }, ['name', 'key']);
const SECRET_OR_CONFIG_MAP: JsonSchema = {
  ...object({ secret: KEY, configMap: KEY }),
  minProperties: 1,
  maxProperties: 1,
};
const RELABELING = object({
  action: TEXT,
  modulus: integer(1),
  regex: { type: 'string' },
  replacement: { type: 'string' },
  separator: { type: 'string' },
  sourceLabels: list(TEXT),
  targetLabel: TEXT,
});
/** What a pod and a container have in common. */
const SECURITY = [
  'appArmorProfile',
  'runAsGroup',
  'runAsNonRoot',
  'runAsUser',
  'seLinuxOptions',
  'seccompProfile',
  'windowsOptions',
];
/** The kinds of volumes that the Pod Security Standard `restricted` allows. */
const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** The schema of the configuration file without what follows from values of the chart. */
function ofTheChart({ type, additionalProperties, properties }: JsonSchema): JsonSchema {
  const left = structuredClone(properties) as Record<string, { properties?: unknown }>;
  for (const [section, key] of OWN_KEYS) {
    const inner = left[section]?.properties as Record<string, unknown> | undefined;
    if (inner === undefined) throw new Error(`the configuration has no ${section}`);
    if (key === undefined) Reflect.deleteProperty(left, section);
    else Reflect.deleteProperty(inner, key);
  }
  return { type, additionalProperties, properties: left };
}

/**
 * Go repeats nothing more than a thousand times in a pattern, so that longer texts are measured by
 * keywords of their own. Its syntax of patterns is not that of the format `regex`.
 */
function forGo(schema: unknown): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const { format, ...rest } = value as { format?: unknown; pattern?: unknown };
    const kept = format === 'regex' ? rest : value;
    const { pattern } = rest;
    const bounds = typeof pattern === 'string' && /^(.+)\{(\d+),(\d{4,})\}\$$/.exec(pattern);
    if (!bounds) return kept;
    const [, repeated, minLength, maxLength] = bounds;
    return {
      ...kept,
      pattern: `${repeated ?? ''}*$`,
      minLength: Number(minLength),
      maxLength: Number(maxLength),
    };
  }) as JsonSchema;
}
