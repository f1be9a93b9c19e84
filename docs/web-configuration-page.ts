import { CLIENT_AUTH_TYPES } from '../src/config/tls-names.js';
import { USERS_KEY, WEB_KEY_ROWS } from '../src/config/web-keys.js';
import { code, table } from './markdown.js';

const SELF = 'conformance_pack_exporter';

function clientRows(): readonly (readonly string[])[] {
  return Object.entries(CLIENT_AUTH_TYPES).map(([type, { required, verified }]) => [
    code(type),
    required ? 'refused' : 'accepted',
    verified ? 'refused' : 'accepted',
  ]);
}

/** Who may speak to the exporter and how: the page about the file that says so. */
export function webConfigurationPage(): string {
  const rows = WEB_KEY_ROWS.map(([name, { default: fallback, help }]) => [
    code(name),
    fallback === undefined ? '' : code(fallback),
    help,
  ]);
  const users = [code(USERS_KEY), '', 'Bcrypt hashes of passwords, by user name.'];
  return `# Web configuration

\`--web.config.file\` names a YAML file that configures TLS and authentication. The format is that of
Prometheus' own [exporter-toolkit](https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md),
so a file that serves other exporters serves this one.

With this file the exporter serves TLS on every \`--web.listen-address\`, and answers only to clients that
have a certificate from the CA and a valid password:

\`\`\`yaml
tls_server_config:
  cert_file: tls.crt
  key_file: tls.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.crt
basic_auth_users:
  prometheus: $2y$10$91pGP76RkDk2dbcqBICANe7hleN9F7JSFMShcyxGrNLUv9EIjwXyC
\`\`\`

Prometheus then scrapes it with:

\`\`\`yaml
scrape_configs:
  - job_name: conformance-pack-exporter
    scrape_interval: 1m
    scrape_timeout: 30s
    sample_limit: 300000
    body_size_limit: 100MB
    scheme: https
    tls_config:
      ca_file: /etc/prometheus/ca.crt
      cert_file: /etc/prometheus/client.crt
      key_file: /etc/prometheus/client.key
    basic_auth:
      username: prometheus
      password_file: /etc/prometheus/password
    static_configs:
      - targets: ['exporter.example.com:10117']
\`\`\`

Each part can be used alone. Without \`tls_server_config\` passwords are sent in clear text.

## Keys

Paths are relative to the folder of the file. A key without a value counts as if it were not there.

${table(['Key', 'Default', 'What it does'], [...rows, users])}
An unknown key is an error with its location, and never ignored; so is a setting without effect, such as a
client CA if no certificate is requested. \`--config.check\` also checks this file and all files that it
names.

## Client certificates

${table(['Type', 'A client without a certificate', 'With one that no client CA has signed'], clientRows())}
Only \`RequireAndVerifyClientCert\` keeps strangers out: anybody can create a certificate of their own.

## Differences

Some things differ from exporters that are written in Go:

- A \`tls_server_config\` without certificate and key is refused, also where nothing else in it asks for
  them, such as \`min_version\` alone; those exporters then serve plain HTTP.
- HTTP/2 is not supported, so \`http2: true\` is refused. Prometheus and browsers support HTTP/1.1.
- \`TLS10\` and \`TLS11\` are refused.
- A client CA has to include its root. OpenSSL trusts no chain that ends below one.
- \`RequireAndVerifyClientCert\` and \`VerifyClientCertIfGiven\` need a client CA. Without one, a
  certificate of any public authority would do.
- \`rate_limit\` can be changed while the exporter runs.

## Passwords

Any tool that makes bcrypt hashes will do, such as \`htpasswd\` of the Apache HTTP server (Debian:
\`apache2-utils\`), which asks for the password:

<!-- not run: it asks at a terminal -->

\`\`\`sh
htpasswd -nBC 10 "" | tr -d ':\\n'
\`\`\`

Without it, the image can make them. So can a checkout: there, write \`node\` for everything before \`-e\`, and
\`bcrypt\` for its path.

<!-- not run: it asks at a terminal, and there is no Docker -->

\`\`\`sh
read -rs password && printf %s "$password" |
  docker run --rm --interactive --entrypoint=node conformance-pack-exporter -e \\
    'require("/app/node_modules/bcrypt").hash(require("fs").readFileSync(0, "utf8"), 10).then(console.log)'
\`\`\`

The number is the cost: each increment doubles the time of a comparison, which is some 60 ms at 10. It is
paid once per password, not per scrape, off the event loop, and by one client at a time.
Give all users the same cost. A wrong password, or a name that does not exist, then takes as long as the
right one; with different costs everything takes as long as the highest.

## Changes

The exporter checks the files every second, and applies a change as soon as it has settled: certificates,
keys and CAs, users, headers, the rate limit, and the policy for client certificates. No connection is
dropped. Users, headers and the limit apply from the next request on; certificates and the policy apply to
new connections, so a client whose certificate is no longer accepted is refused once it reconnects. SIGHUP
and \`POST /-/reload\` reload everything at once.

Turning TLS on or off needs a restart. Such a change, and any invalid file, is not applied: the
previous content stays in effect, a line in the log with the event \`web_config_refused\` says what is wrong,
once for each change, and a metric shows it:

\`\`\`promql
${SELF}_web_config_last_reload_successful == 0
\`\`\`

To find a certificate that is about to expire:

\`\`\`promql
${SELF}_tls_certificate_not_after_timestamp_seconds - time() < 7 * 86400
\`\`\`

At startup, an invalid file ends the program with exit code 2 and a list of all problems.

## Health checks

Load balancers and Kubernetes send no password. \`--web.health-without-auth\` lets \`/-/healthy\` and
\`/-/ready\`, and nothing else, be requested without one. A Kubernetes probe needs \`scheme: HTTPS\`, and
accepts any server certificate.

Client certificates cannot be waived like that: the server requests one before it knows the path. If probes
have none, use \`VerifyClientCertIfGiven\` together with \`basic_auth_users\`, or probe
the port alone. The rate limit counts probes, too.
`;
}
