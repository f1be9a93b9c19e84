import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Router } from 'express';
import { SECTIONS } from '../paths.js';

/** A file that the pages need. */
export interface Asset {
  /** Path below the prefix, which changes with what the file holds. */
  readonly path: string;
  readonly route: string;
  readonly contentType: string;
  readonly content: Buffer;
}

export interface Assets {
  readonly style: Asset;
  readonly script: Asset;
  readonly icon: Asset;
}

/** Reads the files, which stand beside this one, in the sources and in the build. */
export function loadAssets(): Assets {
  return {
    style: load('status.css', 'text/css; charset=utf-8'),
    script: load('status.js', 'text/javascript; charset=utf-8'),
    icon: load('icon.svg', 'image/svg+xml'),
  };
}

function load(name: string, contentType: string): Asset {
  const content = readFileSync(new URL(`./assets/${name}`, import.meta.url));
  const digest = createHash('sha256').update(content).digest('base64url').slice(0, 16);
  const route = `${SECTIONS.assets}/${name}`;
  return { path: `${route}?${digest}`, route, contentType, content };
}

export function assetRoutes(assets: Assets): Router {
  const router = Router();
  for (const { content, contentType, route } of Object.values(assets) as Asset[]) {
    router.get(route, (_request, response) => {
      response
        .set({
          'Content-Type': contentType,
          'Cache-Control': 'public, max-age=31536000, immutable',
        })
        .send(content);
    });
  }
  return router;
}
