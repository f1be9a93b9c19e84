import { readFile } from 'node:fs/promises';

/** Things on a heap, and their bytes. */
export interface HeapShare {
  readonly things: number;
  readonly bytes: number;
}

/** What is on a heap, by who has put it there. */
export interface HeapShares {
  /** Objects, arrays, strings and functions. */
  readonly program: HeapShare;
  /** Compiled code, what is noted down for the compilers, and the shapes of objects. */
  readonly engine: HeapShare;
}

const OF_THE_ENGINE: ReadonlySet<string> = new Set(['code', 'hidden', 'object shape', 'synthetic']);

/** Is held by what is on the heap, and is not on it: the memory of buffers, for one. */
const ELSEWHERE = 'native';

/** V8's file format, as far as it is read: each node is a row of as many numbers as there are fields. */
interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      /** The names that the field `type` is an index into, then the types of the other fields. */
      readonly node_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
}

/** Counts what is in a snapshot that V8 has written, which is what can be reached and no garbage. */
export async function readHeapShares(path: string): Promise<HeapShares> {
  const { nodes, snapshot } = JSON.parse(await readFile(path, 'utf8')) as HeapSnapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const type = fields.indexOf('type');
  const size = fields.indexOf('self_size');
  if (type < 0 || size < 0) throw new Error('V8 has another format for its heap snapshots by now');
  const program = { things: 0, bytes: 0 };
  const engine = { things: 0, bytes: 0 };
  for (let row = 0; row < nodes.length; row += fields.length) {
    const name = types[0][nodes[row + type] ?? NaN] ?? '';
    if (name === ELSEWHERE) continue;
    const share = OF_THE_ENGINE.has(name) ? engine : program;
    share.things++;
    share.bytes += nodes[row + size] ?? 0;
  }
  return { program, engine };
}
