import { expect } from 'vitest';
import { parseObjects, problemsOf } from '../kubernetes.js';
import { linesOf, pathOf } from '../repository.js';
import { openShell } from '../shell.js';
import { stageWith, type Stage } from './stage.js';

const PAGES = /^docs\/kubernetes\.md$/;

/** Manifests of Kustomize, as kubectl makes them without a cluster. */
export const kustomize: Stage = {
  pages: PAGES,
  takes: /^kubectl /,
  describe: stageWith(['kubectl'], async () => {
    const { run } = await openShell(pathOf('.'));
    return async (commands) => {
      for (const line of linesOf(commands)) {
        const objects = parseObjects(await run(line));
        expect(objects.map(({ kind }) => kind)).toContain('ServiceAccount');
        expect(problemsOf(objects)).toEqual([]);
      }
    };
  }),
};

/** The rules as an object, which Helm makes without a cluster. */
export const helmTemplate: Stage = {
  pages: PAGES,
  takes: /^helm /,
  describe: stageWith(['helm'], async () => {
    const { run } = await openShell(pathOf('.'));
    return async (commands) => {
      const [rule, ...others] = parseObjects(await run(commands));
      expect(rule?.kind).toBe('PrometheusRule');
      expect(rule?.metadata.labels).toMatchObject({ release: 'prometheus' });
      expect(problemsOf([rule].flatMap((object) => object ?? []))).toEqual([]);
      expect(others).toEqual([]);
    };
  }),
};
