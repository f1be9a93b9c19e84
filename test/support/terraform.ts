import { execFile, execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, it } from 'vitest';
import type { Environment } from './program.js';
import { pathOf } from './repository.js';
import { describeWith, isInstalled, isRequired, skipped } from './servers.js';

const execute = promisify(execFile);

/** What a plan would change, as far as the tests look. */
export interface Plan {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly type: string;
    readonly change: { readonly after: Readonly<Record<string, unknown>> };
  }[];
  readonly planned_values: {
    readonly outputs: Readonly<Record<string, { readonly value?: unknown }>>;
  };
}

/**
 * `describe` for tests that need Terraform and its provider for AWS, which is on this machine, in a
 * mirror or in the registry; where it cannot be had they are skipped, and loudly.
 */
export function describeTerraform(title: string, define: (terraform: Terraform) => void): void {
  describeWith('terraform')(title, () => {
    const terraform = open();
    if (terraform === undefined) {
      it.skip('needs its provider for AWS');
      return;
    }
    afterAll(() => terraform.remove());
    define(terraform);
  });
}

function open(): Terraform | undefined {
  if (!isInstalled('terraform')) return undefined;
  const terraform = new Terraform();
  const trouble = terraform.trouble();
  if (trouble === undefined) return terraform;
  terraform.remove();
  const why = `Terraform has no provider for AWS (${trouble.trim().split('\n').at(-1) ?? ''})`;
  if (isRequired('terraform')) throw new Error(why);
  skipped(why);
  return undefined;
}

/** Terraform on a copy of `deploy`, so that nothing is left in the repository. */
export class Terraform {
  readonly #root = mkdtempSync(join(tmpdir(), 'terraform-'));
  readonly #environment: Environment;

  constructor() {
    cpSync(pathOf('deploy'), join(this.#root, 'deploy'), {
      recursive: true,
      filter: (source) => !/\.terraform|\.tfstate/.test(source),
    });
    const config = join(this.#root, 'terraform.rc');
    const mirror = findMirror();
    if (mirror !== undefined) {
      writeFileSync(config, `provider_installation { filesystem_mirror { path = "${mirror}" } }\n`);
    }
    this.#environment = {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      ...(mirror !== undefined && { TF_CLI_CONFIG_FILE: config }),
    };
  }

  /** Why the module cannot be initialised; `undefined` where it can, and then it is. */
  trouble(): string | undefined {
    try {
      const options = { cwd: this.folder('deploy/terraform'), env: this.#environment };
      execFileSync('terraform', INIT, { ...options, stdio: 'pipe' });
      return undefined;
    } catch (error) {
      return String((error as { stderr?: unknown }).stderr ?? error);
    }
  }

  /** Where the copy of a folder of this repository is. */
  folder(name: string): string {
    return join(this.#root, name);
  }

  /** What a command prints; rejects with all that it said where it fails. */
  async run(folder: string, args: readonly string[], environment: Environment = {}) {
    const options = {
      cwd: this.folder(folder),
      env: { ...this.#environment, ...environment },
      maxBuffer: 2 ** 26,
    };
    const { stdout } = await execute('terraform', [...args, '-no-color'], options);
    return stdout;
  }

  /** What a configuration would make: one plan, since each start of the provider takes a second. */
  async plan(configuration: unknown, environment: Environment): Promise<Plan> {
    const folder = 'deploy/planned';
    mkdirSync(this.folder(folder));
    writeFileSync(join(this.folder(folder), 'main.tf.json'), JSON.stringify(configuration));
    await this.run(folder, INIT);
    await this.run(folder, ['plan', '-input=false', '-out=plan'], environment);
    return JSON.parse(await this.run(folder, ['show', '-json', 'plan'], environment)) as Plan;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true });
  }
}

const INIT = ['init', '-input=false', '-backend=false'];

/** A mirror of providers on this machine, in a place where Terraform itself does not look. */
function findMirror(): string | undefined {
  const folders = existsSync('/opt') ? readdirSync('/opt').map((name) => join('/opt', name)) : [];
  return folders.find((folder) => existsSync(join(folder, 'registry.terraform.io/hashicorp/aws')));
}
