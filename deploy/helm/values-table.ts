import { isMap, isScalar, parseDocument, type Pair, type YAMLMap } from 'yaml';
import { code } from '../../docs/markdown.js';

/**
 * Rows about all values of a `values.yaml`: key, default, and the comment above it. A map that has
 * entries is no row, unless it has a comment. Throws where a value has none.
 */
export function valueRows(values: string): readonly (readonly string[])[] {
  const { contents } = parseDocument(values);
  if (!isMap(contents)) throw new Error('values are no map');
  return rowsOf(contents, '');
}

function rowsOf(map: YAMLMap, above: string): readonly (readonly string[])[] {
  return map.items.flatMap((pair, index) => {
    const key = `${above}${keyOf(pair)}`;
    // The comment of the first entry of a map is kept with the map.
    const comment = commentOf(isScalar(pair.key) ? pair.key.commentBefore : undefined);
    const first = index === 0 ? commentOf(map.commentBefore) : '';
    const help = comment === '' ? first : comment;
    const { value } = pair;
    if (isMap(value) && value.items.length > 0) {
      return [...(help === '' ? [] : [[code(key), '', help]]), ...rowsOf(value, `${key}.`)];
    }
    if (help === '') throw new Error(`${key} has no comment`);
    const preset: unknown = JSON.stringify((value as { toJSON(): unknown }).toJSON());
    return [[code(key), code(String(preset)), help]];
  });
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

/** The last paragraph of a comment: what stands before it is about the file. */
function commentOf(comment: string | null | undefined): string {
  const paragraph = (comment ?? '').split(/\n\s*\n/).at(-1) ?? '';
  return paragraph.replace(/\n/g, ' ').trim();
}
