import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './files.js';

const execute = promisify(execFile);

type Labels = Readonly<Record<string, string>>;

/** A relabeling as a ServiceMonitor and a PodMonitor have it. */
export type Relabeling = Readonly<Record<string, unknown>>;

/** What the Prometheus operator does before the relabelings of a monitor, the labels of pods alone. */
const OPERATOR: readonly Relabeling[] = [
  { sourceLabels: ['__meta_kubernetes_namespace'], targetLabel: 'namespace' },
  { sourceLabels: ['__meta_kubernetes_pod_container_name'], targetLabel: 'container' },
  { sourceLabels: ['__meta_kubernetes_pod_name'], targetLabel: 'pod' },
  { targetLabel: 'job', replacement: 'monitoring/conformance-pack-exporter' },
  { targetLabel: 'endpoint', replacement: 'metrics' },
];

/** The labels that the series of pods have, by the names of the pods, under a monitor with these relabelings. */
export async function labelsOfPods(
  relabelings: readonly Relabeling[],
  pods: readonly string[],
): Promise<readonly Labels[]> {
  const job = {
    job_name: 'monitor',
    relabel_configs: [...OPERATOR, ...relabelings].map(inPrometheus),
    // promtool tells the same target once only.
    static_configs: pods.map((pod, index) => ({
      targets: [`10.0.0.${index}:10117`],
      labels: {
        __meta_kubernetes_namespace: 'monitoring',
        __meta_kubernetes_pod_container_name: 'exporter',
        __meta_kubernetes_pod_name: pod,
      },
    })),
  };
  const file = join(await temporaryFolder(), 'prometheus.yml');
  // YAML takes JSON.
  await writeFile(file, JSON.stringify({ scrape_configs: [job] }));
  const command = ['check', 'service-discovery', '--timeout=1s', file, job.job_name];
  const found = JSON.parse((await execute('promtool', command)).stdout) as {
    readonly labels: Labels;
  }[];
  const address = ({ labels }: { readonly labels: Labels }) => labels['__address__'] ?? '';
  return found
    .sort((a, b) => address(a).localeCompare(address(b)))
    .map(({ labels }) =>
      Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith('__'))),
    );
}

/** `sourceLabels` is `source_labels` in a configuration of Prometheus. */
function inPrometheus(relabeling: Relabeling): Relabeling {
  return Object.fromEntries(
    Object.entries(relabeling).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
