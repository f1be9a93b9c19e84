import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { authority, certify } from './certificates.js';
import { temporaryFolder } from './files.js';
import { podOf, type Container, type KubernetesObject, type PodTemplate } from './kubernetes.js';
import { Daemon, type Environment } from './program.js';
import { freePort } from './prometheus.js';

/** The exporter among objects, and its pod. Throws where there is none. */
export function exporterOf(objects: readonly KubernetesObject[]): {
  readonly pod: PodTemplate;
  readonly container: Container;
} {
  const object = objects.find(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
  const pod = object && podOf(object);
  const container = pod?.spec.containers.find(({ name }) => name === 'exporter');
  if (pod === undefined || container === undefined) throw new Error('no exporter');
  return { pod, container };
}

const WEB_CONFIG = `tls_server_config: { cert_file: tls.crt, key_file: tls.key }
basic_auth_users:
  prometheus: $2y$10$91pGP76RkDk2dbcqBICANe7hleN9F7JSFMShcyxGrNLUv9EIjwXyC
`;

/**
 * Flags and environment with which the program runs here as it would in the pod of this name: its
 * files are in a folder that lives as long as the test. What objects only name, such as a Secret, has
 * something that will do in it, and `web` is the web configuration; the cluster has a Region.
 */
export async function laidOut(
  objects: readonly KubernetesObject[],
  pod = 'conformance-pack-exporter-2',
  web = WEB_CONFIG,
): Promise<{ readonly args: readonly string[]; readonly environment: Environment }> {
  const folder = await temporaryFolder();
  const { container } = exporterOf(objects);
  const config = objects.find(({ data }) => data?.['exporter.yaml'] !== undefined);
  const { cert, key } = await certify();
  const files = {
    'config/exporter.yaml': config?.data?.['exporter.yaml'] ?? 'aws: { region: eu-west-1 }\n',
    'web/web-config.yml': web,
    'web/ca.crt': (await authority('Clients')).cert,
    'web/tls.crt': cert,
    'web/tls.key': key,
  };
  for (const path of ['config', 'web']) await mkdir(join(folder, path));
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  const args = (container.args ?? []).map((arg) =>
    arg.replace(/\/(etc|var\/lib)\/conformance-pack-exporter/, folder),
  );
  const environment = (container.env ?? []).map(({ name, value, valueFrom }) => {
    if (typeof value === 'string') return [name, value] as const;
    const { fieldPath } = (valueFrom as { fieldRef?: { fieldPath?: string } }).fieldRef ?? {};
    if (fieldPath !== 'metadata.name') throw new Error(`${name} comes from elsewhere`);
    return [name, pod] as const;
  });
  return { args, environment: { AWS_REGION: 'eu-west-1', ...Object.fromEntries(environment) } };
}

/** The program running here as in the pod, on an organization that it cannot read. Its address, without a path. */
export async function startBlind(
  objects: readonly KubernetesObject[],
  web?: string,
): Promise<string> {
  const { args, environment } = await laidOut(objects, undefined, web);
  const daemon = new Daemon(
    [
      ...args.filter((arg) => !/^--(web\.listen-address|demo)/.test(arg)),
      `--web.listen-address=127.0.0.1:${await freePort()}`,
      '--demo=expired-credentials',
    ],
    environment,
  );
  return new URL(await daemon.url()).origin;
}
