import { whyUnreadable, type Problem } from './problem.js';
import { readTls, type TlsConfig } from './tls-config.js';
import { readValues } from './values.js';
import { USERS_KEY, WEB_KEY_ROWS, type WEB_KEYS, type WebKey, type WebValues } from './web-keys.js';
import { parseYaml, type Layout } from './yaml.js';

/** Who may speak to the exporter and how, as a web configuration file says. */
export interface WebConfig {
  /** `undefined` for plain HTTP. */
  readonly tls: TlsConfig | undefined;
  /** Headers of every response. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bcrypt hashes of passwords by name of user; empty where nobody has to give one. */
  readonly users: ReadonlyMap<string, string>;
  /** `undefined` for no limit. */
  readonly rateLimit: RateLimit | undefined;
}

/** A token bucket over all requests. */
export interface RateLimit {
  readonly intervalMs: number;
  readonly burst: number;
}

export type WebConfigResult =
  | { readonly config: WebConfig; readonly problems: readonly [] }
  | { readonly config?: undefined; readonly problems: readonly Problem[] };

const LAYOUT: Layout<WebKey> = {
  names: new Map(WEB_KEY_ROWS.map(([name]) => [name, name])),
  raw: USERS_KEY,
  // As exporter-toolkit has it, so that a template may leave a value empty.
  blankIsAbsent: true,
};

/**
 * Reads a web configuration file and all files that it names. Finds every problem, not just the first.
 * `readFile` throws the system's error where a file cannot be read.
 */
export function loadWebConfig(path: string, readFile: (path: string) => string): WebConfigResult {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    return { problems: [{ path, message: `cannot be read: ${whyUnreadable(error)}` }] };
  }
  const content = parseYaml(path, text, LAYOUT);
  const { given, locate } = content;
  const problems = [...content.problems];
  const values = readValues<typeof WEB_KEYS>(WEB_KEY_ROWS, (name) => given.get(name), problems);
  const tls = readTls({ path, given, values, locate, readFile }, problems);
  const users = readUsers(content.raw, locate, problems);
  const rateLimit = rateLimitOf(values);
  if (rateLimit?.burst === 0) {
    const message = 'lets no request through with a burst of 0; the least is 1';
    problems.push({ path: locate(['rate_limit', 'burst']), message });
  }
  if (problems.length > 0) return { problems };
  return { config: { tls, headers: headersOf(values), users, rateLimit }, problems: [] };
}

const BCRYPT_HASH = /^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

function readUsers(
  section: unknown,
  locate: (path: readonly PropertyKey[]) => string,
  problems: Problem[],
): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  if (section === undefined || section === null) return users;
  if (typeof section !== 'object' || Array.isArray(section)) {
    problems.push({ path: locate([USERS_KEY]), message: 'is not a map of names to hashes' });
    return users;
  }
  for (const [name, hash] of Object.entries(section)) {
    const path = locate([USERS_KEY, name]);
    // Basic authentication takes everything behind the first colon for the password.
    if (name.includes(':')) problems.push({ path, message: 'is no name; it holds a colon' });
    if (typeof hash === 'string' && BCRYPT_HASH.test(hash)) users.set(name, hash);
    else {
      const message =
        'the value is not a bcrypt hash; make one with htpasswd -nBC 10 "", or with Node.js as docs/web-configuration.md shows';
      problems.push({ path, message });
    }
  }
  return users;
}

const HEADERS = 'http_server_config.headers.';

function headersOf(values: WebValues): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      key.startsWith(HEADERS) && typeof value === 'string'
        ? [[key.slice(HEADERS.length), value]]
        : [],
    ),
  );
}

function rateLimitOf(values: WebValues): RateLimit | undefined {
  const intervalMs = values['rate_limit.interval'];
  return intervalMs > 0 ? { intervalMs, burst: values['rate_limit.burst'] } : undefined;
}
