import { AlertmanagerConfig } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/AlertmanagerConfig';
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Pod } from 'kubernetes-models/v1/Pod';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import { pathOf } from './repository.js';

/** An object as `helm template` and `kubectl kustomize` print it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** What the tests read of a container, and of the pod around it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly [key: string]: unknown }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string; readonly scheme: string };
  readonly tcpSocket?: { readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly volumes?: readonly { readonly name: string; readonly [kind: string]: unknown }[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly serviceAccountName?: string;
  readonly [key: string]: unknown;
}

export interface PodTemplate {
  readonly metadata: KubernetesObject['metadata'];
  readonly spec: PodSpec;
}

/** Throws where the text is no YAML. */
export function parseObjects(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    const object = document.toJS() as KubernetesObject | null;
    return object === null ? [] : [object];
  });
}

/** The pods that an object makes, if it makes any. */
export function podOf({ kind, metadata, spec }: KubernetesObject): PodTemplate | undefined {
  if (kind === 'Pod') return { metadata, spec: spec as unknown as PodSpec };
  return spec?.['template'] as PodTemplate | undefined;
}

const CORE = 'kubernetes-models';
const OPERATOR = '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
const OPERATOR_ALPHA = '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1';

/** The model of each kind, and the module that has its type. */
const MODELS = {
  'apps/v1 Deployment': [Deployment, `${CORE}/apps/v1`],
  'apps/v1 StatefulSet': [StatefulSet, `${CORE}/apps/v1`],
  'monitoring.coreos.com/v1alpha1 AlertmanagerConfig': [AlertmanagerConfig, OPERATOR_ALPHA],
  'monitoring.coreos.com/v1 PodMonitor': [PodMonitor, OPERATOR],
  'monitoring.coreos.com/v1 PrometheusRule': [PrometheusRule, OPERATOR],
  'monitoring.coreos.com/v1 ServiceMonitor': [ServiceMonitor, OPERATOR],
  'networking.k8s.io/v1 NetworkPolicy': [NetworkPolicy, `${CORE}/networking.k8s.io/v1`],
  'policy/v1 PodDisruptionBudget': [PodDisruptionBudget, `${CORE}/policy/v1`],
  'v1 ConfigMap': [ConfigMap, `${CORE}/v1`],
  'v1 PersistentVolumeClaim': [PersistentVolumeClaim, `${CORE}/v1`],
  'v1 Pod': [Pod, `${CORE}/v1`],
  'v1 Service': [Service, `${CORE}/v1`],
  'v1 ServiceAccount': [ServiceAccount, `${CORE}/v1`],
} as const;

const modelOf = ({ apiVersion, kind }: KubernetesObject) => {
  const name = `${apiVersion} ${kind}`;
  if (!(name in MODELS)) throw new Error(`no model of ${name}`);
  return MODELS[name as keyof typeof MODELS];
};

/**
 * What is wrong with objects, by the models of Kubernetes and of the Prometheus operator. A model
 * finds what is missing and what has the wrong form, but knows no field that it does not know; the
 * compiler finds those, where an object is written as a value of the model's type.
 */
export function problemsOf(objects: readonly KubernetesObject[]): readonly string[] {
  const invalid = objects.flatMap((object) => {
    const [Model] = modelOf(object);
    try {
      new Model(object as never).validate();
      return [];
    } catch (error) {
      return [`${nameOf(object)}: ${String(error)}`];
    }
  });
  return [...invalid, ...misfits(objects)];
}

const nameOf = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.name}`;

function misfits(objects: readonly KubernetesObject[]): readonly string[] {
  const sources = new Map(
    objects.map((object, index) => {
      const [, module] = modelOf(object);
      const text = `import type { I${object.kind} } from '${module}';
        export const object: I${object.kind} = ${JSON.stringify(object)};`;
      return [pathOf(`test/object-${index}.ts`), { object, text }] as const;
    }),
  );
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...sources.keys()], options, {
    ...host,
    fileExists: (path) => sources.has(path) || host.fileExists(path),
    readFile: (path) => sources.get(path)?.text ?? host.readFile(path),
    getSourceFile: (path, language, ...rest) => {
      const text = sources.get(path)?.text;
      return text === undefined
        ? host.getSourceFile(path, language, ...rest)
        : ts.createSourceFile(path, text, language);
    },
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const source = sources.get(file?.fileName ?? '');
    const where = source === undefined ? 'compiler' : nameOf(source.object);
    return `${where}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

/** What the Pod Security Standard `restricted` finds wrong with pods. */
export function beyondRestricted({ spec }: PodTemplate): readonly string[] {
  const problems: string[] = [];
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) {
    if (spec[field] === true) problems.push(field);
  }
  for (const { name, ...kinds } of spec.volumes ?? []) {
    for (const kind of Object.keys(kinds)) {
      if (!RESTRICTED_VOLUMES.includes(kind)) problems.push(`volume ${name}: ${kind}`);
    }
  }
  for (const { name, securityContext = {} } of spec.containers) {
    const context = { ...spec.securityContext, ...securityContext } as Readonly<
      Record<string, unknown>
    >;
    const { add = [], drop = [] } = (context['capabilities'] ?? {}) as {
      add?: readonly string[];
      drop?: readonly string[];
    };
    const { type } = (context['seccompProfile'] ?? {}) as { type?: string };
    const demands: Readonly<Record<string, boolean>> = {
      privileged: context['privileged'] !== true,
      allowPrivilegeEscalation: context['allowPrivilegeEscalation'] === false,
      runAsNonRoot: context['runAsNonRoot'] === true,
      runAsUser: context['runAsUser'] !== 0,
      capabilities: drop.includes('ALL') && add.every((name) => name === 'NET_BIND_SERVICE'),
      seccompProfile: type === 'RuntimeDefault' || type === 'Localhost',
    };
    for (const [demand, met] of Object.entries(demands)) {
      if (!met) problems.push(`container ${name}: ${demand}`);
    }
  }
  return problems;
}

const RESTRICTED_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
