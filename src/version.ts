import { readFileSync } from 'node:fs';

/** From the package's own description, which stands one folder above the sources and the build. */
const description = readFileSync(new URL('../package.json', import.meta.url), 'utf8');

/** The version of this program, such as `1.2.3`. */
export const VERSION = (JSON.parse(description) as { version: string }).version;
