export interface LandingPageOptions {
  readonly version: string;
  /** Paths as a browser reaches them. */
  readonly links: readonly { readonly path: string; readonly text: string }[];
}

const HTML_ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML_ESCAPES[character] ?? character);
}

/** The page at the root: what this is, and where everything else is. */
export function landingPage({ version, links }: LandingPageOptions): string {
  const items = links.map(
    ({ path, text }) => `      <li><a href="${escapeHtml(path)}">${escapeHtml(text)}</a></li>`,
  );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>conformance-pack-exporter</title>
  </head>
  <body>
    <h1>conformance-pack-exporter</h1>
    <p>Deployment status of AWS Config organization conformance packs, for Prometheus.</p>
    <ul>
${items.join('\n')}
    </ul>
    <p>Version ${escapeHtml(version)}</p>
  </body>
</html>
`;
}
