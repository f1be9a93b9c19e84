import { describeWith, type Server } from '../servers.js';

/** Runs a block of commands of a page; rejects unless they do what the page says of them. */
export type Play = (commands: string) => Promise<void>;

/** A place in which the commands of pages are run as they are written. */
export interface Stage {
  /** The pages whose commands it takes. */
  readonly pages: RegExp;
  /** Which blocks of these pages; without it all of them. */
  readonly takes?: RegExp;
  /**
   * Defines a test that runs them, one after the other, in a place that is made for it; it is skipped where
   * the machine has not what they need.
   */
  readonly describe: (title: string, define: (open: () => Promise<Play>) => void) => void;
}

/** `describe` of a stage that needs these programs. */
export function stageWith(
  servers: readonly Server[],
  open: () => Promise<Play>,
): Stage['describe'] {
  return (title, define) => describeWith(...servers)(title, () => define(open));
}
