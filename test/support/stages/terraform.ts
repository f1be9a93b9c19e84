import { expect } from 'vitest';
import { linesOf } from '../repository.js';
import { describeTerraform } from '../terraform.js';
import type { Stage } from './stage.js';

/** The tests of the module, on a mocked provider. */
export const terraformModule: Stage = {
  pages: /^deploy\/terraform\/README\.md$/,
  describe: (title, define) =>
    describeTerraform(title, (terraform) => {
      define(() =>
        Promise.resolve(async (commands) => {
          const said: string[] = [];
          for (const line of linesOf(commands)) {
            const [program, ...words] = line.split(' ');
            expect(program).toBe('terraform');
            said.push(await terraform.run('.', words));
          }
          expect(said.join('')).toMatch(/Success! \d+ passed, 0 failed/);
        }));
    }),
};
