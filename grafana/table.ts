import {
  TableCellBackgroundDisplayMode,
  TableCellDisplayMode,
} from '@grafana/grafana-foundation-sdk/common';
import { MappingType, type DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { refId } from './finish.js';
import type { DataLink } from './links.js';
import {
  dressed,
  emptyMapping,
  now,
  stateMapping,
  thresholds,
  type PanelText,
  type Size,
} from './panels.js';
import type { State } from './states.js';

/**
 * A column of a table. It shows a label, or the value of a query of its own; with both it shows a
 * label that its query brings along, and the value means nothing.
 */
export interface Column {
  readonly title: string;
  readonly label?: string;
  readonly query?: string;
  readonly unit?: string;
  readonly states?: readonly State[];
  readonly width?: number;
  readonly link?: DataLink;
  /** What every cell that has a value shows instead of it. */
  readonly text?: string;
}

interface TableOptions extends PanelText, Size {
  readonly columns: readonly Column[];
  /** Titles of the columns that it is sorted by, each from its highest value down. */
  readonly highestFirst?: readonly string[];
}

/** A row for each set of labels that the queries have in common. */
export function table(options: TableOptions): TableBuilder {
  const { columns, highestFirst = [] } = options;
  const queried = columns.filter(({ query }) => query !== undefined);
  const fieldOf = (column: Column) => {
    const index = queried.indexOf(column);
    const value = queried.length === 1 ? 'Value' : `Value #${refId(index)}`;
    return { field: column.label ?? value, unwanted: column.label && index >= 0 ? [value] : [] };
  };
  const fields = columns.map((column) => ({ column, ...fieldOf(column) }));
  const unwanted = ['Time', ...fields.flatMap((each) => each.unwanted)];
  const panel = dressed(new TableBuilder(), options)
    .targets(queried.map(({ query = '' }) => now({ expr: query }).format(PromQueryFormat.Table)))
    .unit('none')
    .thresholds(thresholds())
    .transformations([
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: Object.fromEntries(unwanted.map((name) => [name, true])),
          indexByName: Object.fromEntries(fields.map(({ field }, index) => [field, index])),
          renameByName: Object.fromEntries(
            fields.map(({ field, column }) => [field, column.title]),
          ),
        },
      },
    ])
    .sortBy(highestFirst.map((displayName) => ({ build: () => ({ displayName, desc: true }) })));
  for (const column of columns) panel.overrideByName(column.title, propertiesOf(column));
  return panel;
}

function propertiesOf({ link, states, text, unit, width }: Column): DynamicConfigValue[] {
  // Otherwise what is said of a table without rows would stand in each cell without a value.
  const properties: DynamicConfigValue[] = [{ id: 'noValue', value: '–' }];
  const add = (id: string, value: unknown) => properties.push({ id, value });
  if (unit !== undefined) add('unit', unit);
  if (width !== undefined) add('custom.width', width);
  if (link !== undefined) add('links', [link]);
  if (states !== undefined) {
    add('mappings', [stateMapping(states)]);
    add('custom.cellOptions', COLOURED);
  }
  if (text !== undefined) {
    const result = { text };
    add('mappings', [{ type: MappingType.RegexToText, options: { pattern: '.+', result } }]);
  }
  return properties;
}

const COLOURED = {
  type: TableCellDisplayMode.ColorBackground,
  mode: TableCellBackgroundDisplayMode.Basic,
} as const;

interface MatrixOptions extends PanelText, Size {
  readonly expr: string;
  readonly rows: { readonly label: string; readonly title: string };
  readonly columnLabel: string;
  readonly states: readonly State[];
  /** What a cell shows for which there is no series, though its row and its column have some. */
  readonly absent: { readonly text: string; readonly colour: string };
  readonly link: DataLink;
}

/** A cell for each pair of two labels' values. */
export function matrix(options: MatrixOptions): TableBuilder {
  const { absent, columnLabel, expr, link, rows, states } = options;
  // So the transformation names the column of the rows.
  const corner = `${rows.label}\\${columnLabel}`;
  return dressed(new TableBuilder(), options)
    .targets([now({ expr }).format(PromQueryFormat.Table)])
    .unit('none')
    .thresholds(thresholds())
    .mappings([stateMapping(states), emptyMapping(absent.text, absent.colour)])
    .cellOptions(COLOURED)
    .overrideByFieldType('number', [{ id: 'links', value: [link] }])
    .transformations([
      {
        id: 'groupingToMatrix',
        options: {
          rowField: rows.label,
          columnField: columnLabel,
          valueField: 'Value',
          emptyValue: 'null',
        },
      },
      { id: 'organize', options: { renameByName: { [corner]: rows.title } } },
    ])
    .overrideByName(rows.title, [
      { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.Auto } },
    ])
    .sortBy([{ build: () => ({ displayName: rows.title, desc: false }) }]);
}
