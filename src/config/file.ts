import { filePath, OPTION_ROWS, type OptionName } from './options.js';
import { parseYaml, type Layout, type YamlContent } from './yaml.js';

/** What a configuration file holds, before any value is read. */
export type FileContent = YamlContent<OptionName>;

const LAYOUT: Layout<OptionName> = {
  names: new Map(
    OPTION_ROWS.filter(([, option]) => !option.notInFile).map(([name]) => [
      filePath(name).join('.'),
      name,
    ]),
  ),
  raw: 'sources',
};

/** Reads the text of a configuration file. `name` stands in messages. */
export function parseFile(name: string, text: string): FileContent {
  return parseYaml(name, text, LAYOUT);
}
