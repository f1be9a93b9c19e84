import type { ComponentChildren, JSX } from 'preact';
import { render } from 'preact-render-to-string';
import { BarPatterns } from './rollout-bar.js';
import { linkTo, type Site } from './site.js';

/** The part of the site that a page belongs to. */
type Section = 'packs' | 'accounts';

interface PageProps {
  readonly site: Site;
  readonly title: string;
  readonly section?: Section | undefined;
  /** After how many seconds the page is to look again. */
  readonly refreshSeconds: number;
  readonly children: ComponentChildren;
}

/** Seconds from one look to the next: while something happens every moment, and otherwise. */
export const LOOK_OFTEN_SECONDS = 2;
export const LOOK_SECONDS = 15;

/** A page as a whole. */
export function renderPage(page: JSX.Element): string {
  return `<!doctype html>\n${render(page)}\n`;
}

export function Page({ children, refreshSeconds, section, site, title }: PageProps): JSX.Element {
  const { assets, runbooksUrl, telemetryPath, version } = site;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · conformance-pack-exporter`}</title>
        <link rel="icon" type="image/svg+xml" href={linkTo(site, assets.icon.path)} />
        <link rel="stylesheet" href={linkTo(site, assets.style.path)} />
        <script type="module" src={linkTo(site, assets.script.path)} />
        {refreshSeconds <= LOOK_OFTEN_SECONDS && (
          <noscript>
            <meta httpEquiv="refresh" content={String(refreshSeconds)} />
          </noscript>
        )}
      </head>
      <body data-refresh-seconds={refreshSeconds} data-version={version}>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header class="top">
          <a class="name" href={linkTo(site, '/')}>
            <svg class="logo" viewBox="0 0 16 16" aria-hidden="true">
              <path d="M8 1l6 2.2v4.3c0 3.6-2.5 6.2-6 7.5-3.5-1.3-6-3.9-6-7.5V3.2z" />
              <path class="tick" d="M5 8l2.2 2.2L11.2 6" />
            </svg>
            conformance-pack-exporter
          </a>
          <nav aria-label="Pages">
            <NavLink site={site} path="/" text="Packs" current={section === 'packs'} />
            <NavLink
              site={site}
              path="/accounts"
              text="Accounts"
              current={section === 'accounts'}
            />
          </nav>
        </header>
        <p id="offline" class="notice tone-failed" role="alert" hidden />
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <footer class="bottom">
          <span>Version {version}</span>
          <nav aria-label="More">
            <a href={linkTo(site, telemetryPath)}>Metrics</a>
            <a href={linkTo(site, '/-/healthy')}>Health</a>
            <a href={linkTo(site, '/-/ready')}>Readiness</a>
            <a href={linkTo(site, '/api/v1/status')}>JSON</a>
            <a href={linkTo(site, '/api/v1/openapi.yaml')}>OpenAPI</a>
            {runbooksUrl !== undefined && <a href={runbooksUrl}>Runbooks</a>}
          </nav>
        </footer>
        <BarPatterns />
      </body>
    </html>
  );
}

function NavLink({
  current,
  path,
  site,
  text,
}: {
  readonly site: Site;
  readonly path: string;
  readonly text: string;
  readonly current: boolean;
}): JSX.Element {
  return (
    <a href={linkTo(site, path)} aria-current={current ? 'page' : undefined}>
      {text}
    </a>
  );
}
