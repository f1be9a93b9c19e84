import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  PanelBuilder as HeatmapBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type DynamicConfigValue,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataLink } from './links.js';
import { NEUTRAL, SERIES_COLOURS } from './palette.js';
import type { State } from './states.js';

/** What every panel has to say of itself. */
export interface PanelText {
  readonly title: string;
  /** What is shown and what to do about it, in Markdown. */
  readonly description: string;
  /** What is shown where there is no data. Never a zero: that is for the exporter to say. */
  readonly empty: string;
}

/** A panel's size, in columns of 24 and in rows of 30 pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Query {
  readonly expr: string;
  /** The name of each series, by its labels: `{{label}}`. */
  readonly legend?: string;
}

/** What the SDK's builders of panels have in common. */
interface AnyPanelBuilder {
  title(title: string): this;
  description(description: string): this;
  noValue(text: string): this;
  span(columns: number): this;
  height(rows: number): this;
}

export function dressed<B extends AnyPanelBuilder>(
  builder: B,
  { title, description, empty, width, height }: PanelText & Size,
): B {
  return builder.title(title).description(description).noValue(empty).span(width).height(height);
}

/** A query whose present value is wanted. */
export function now({ expr, legend }: Query): DataqueryBuilder {
  return legended(new DataqueryBuilder().expr(expr).instant(), legend);
}

/** A query whose values over the dashboard's time are wanted. */
export function overTime({ expr, legend }: Query): DataqueryBuilder {
  return legended(new DataqueryBuilder().expr(expr).range(), legend);
}

function legended(query: DataqueryBuilder, legend: string | undefined): DataqueryBuilder {
  return legend === undefined ? query : query.legendFormat(legend);
}

/** Each step is a value and the colour from there on; below the first it is {@link NEUTRAL}. */
export type Steps = readonly (readonly [from: number, colour: string])[];

export function thresholds(steps: Steps = []): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: NEUTRAL }, ...steps.map(([value, color]) => ({ value, color }))]);
}

export function stateMapping(states: readonly State[]): ValueMapping {
  return {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      states.map(({ code, text, colour }, index) => [code, { text, color: colour, index }]),
    ),
  };
}

/** Text for what is no number: nothing, or zero divided by zero. */
export function emptyMapping(text: string, color: string = NEUTRAL): ValueMapping {
  return {
    type: MappingType.SpecialValue,
    options: { match: SpecialValueMatch.NullAndNan, result: { text, color } },
  };
}

function fixed(colour: string): DynamicConfigValue {
  return { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: colour } };
}

interface StatOptions extends PanelText {
  readonly queries: readonly Query[];
  readonly width: number;
  readonly unit?: string;
  readonly decimals?: number;
  readonly steps?: Steps;
  readonly states?: readonly State[];
  /** What is shown from its code on, however much more it is. */
  readonly over?: State;
  /** Colours of series by their legend. */
  readonly colours?: Readonly<Record<string, string>>;
  readonly link?: DataLink;
  /** Whether the legend stands beside the value; otherwise it does where there are several. */
  readonly withLegend?: boolean;
  /** Whether the legend is what is wanted, and the value means nothing. */
  readonly legendOnly?: boolean;
}

export const STAT_HEIGHT = 4;

/** One number, or a few. */
export function stat(options: StatOptions): StatBuilder {
  const { colours = {}, decimals, link, queries, states, steps, unit = 'none' } = options;
  const isColoured = steps !== undefined || states !== undefined || options.colours !== undefined;
  const panel = dressed(new StatBuilder(), { ...options, height: STAT_HEIGHT })
    .targets(queries.map(now))
    .unit(unit)
    .thresholds(thresholds(steps))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .mappings(statMappings(options))
    .graphMode(BigValueGraphMode.None)
    .colorMode(isColoured ? BigValueColorMode.BackgroundSolid : BigValueColorMode.None)
    .textMode(textMode(options))
    .reduceOptions(new ReduceDataOptionsBuilder().values(false));
  if (decimals !== undefined) panel.decimals(decimals);
  if (link !== undefined) panel.overrideByFieldType('number', [{ id: 'links', value: [link] }]);
  for (const [name, colour] of Object.entries(colours)) panel.overrideByName(name, [fixed(colour)]);
  return panel;
}

function statMappings({ empty, over, states }: StatOptions): ValueMapping[] {
  const mappings = [emptyMapping(empty)];
  if (states !== undefined) mappings.unshift(stateMapping(states));
  if (over !== undefined) {
    const result = { text: over.text, color: over.colour };
    mappings.push({
      type: MappingType.RangeToText,
      options: { from: over.code, to: null, result },
    });
  }
  return mappings;
}

function textMode({ legendOnly, withLegend }: StatOptions): BigValueTextMode {
  if (legendOnly) return BigValueTextMode.Name;
  return withLegend ? BigValueTextMode.ValueAndName : BigValueTextMode.Auto;
}

interface BarsOptions extends PanelText, Size {
  readonly query: Query;
  readonly colour: string;
  readonly unit?: string;
}

/** A bar for each series, longest first if the query sorts them. */
export function bars(options: BarsOptions): BarGaugeBuilder {
  return dressed(new BarGaugeBuilder(), options)
    .targets([now(options.query)])
    .unit(options.unit ?? 'none')
    .min(0)
    .thresholds(thresholds())
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(options.colour))
    .displayMode(BarGaugeDisplayMode.Basic)
    .orientation(VizOrientation.Horizontal)
    .reduceOptions(new ReduceDataOptionsBuilder().values(false));
}

interface TimelineOptions extends PanelText, Size {
  readonly query: Query;
  readonly states: readonly State[];
  readonly link?: DataLink;
}

/** A row for each series, coloured by its state; where there is no data there is a gap. */
export function timeline(options: TimelineOptions): StateTimelineBuilder {
  const { link, query, states } = options;
  const panel = dressed(new StateTimelineBuilder(), options)
    .targets([overTime(query)])
    .thresholds(thresholds())
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .mappings([stateMapping(states)])
    .showValue(VisibilityMode.Auto)
    .mergeValues(true)
    .spanNulls(false)
    .fillOpacity(85)
    .rowHeight(0.85)
    .legend(legendBelow())
    .tooltip(tooltipOfAll());
  if (link !== undefined) panel.overrideByFieldType('number', [{ id: 'links', value: [link] }]);
  return panel;
}

interface SeriesOptions extends PanelText, Size {
  readonly queries: readonly Query[];
  readonly unit: string;
  readonly drawn?: 'lines' | 'stacked' | 'stacked bars';
  /** Colours of series by their legend. */
  readonly colours?: Readonly<Record<string, string>>;
  /** Names that the series can have, where none is better than another: each gets its own look. */
  readonly names?: readonly string[];
  readonly range?: readonly [min: number, max: number | undefined];
  /** The least step between points, as a Prometheus duration. */
  readonly minStep?: string;
}

/** Values over time. */
export function series(options: SeriesOptions): TimeSeriesBuilder {
  const {
    colours = {},
    drawn = 'lines',
    minStep,
    names = [],
    queries,
    range = [0, undefined],
  } = options;
  const panel = dressed(new TimeSeriesBuilder(), options)
    .targets(queries.map(overTime))
    .unit(options.unit)
    .min(range[0])
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .drawStyle(drawn === 'stacked bars' ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .lineWidth(drawn === 'lines' ? 2 : 1)
    .fillOpacity(drawn === 'lines' ? 0 : 70)
    .showPoints(VisibilityMode.Auto)
    .spanNulls(false)
    .legend(legendBelow())
    .tooltip(tooltipOfAll());
  if (range[1] !== undefined) panel.max(range[1]);
  if (minStep !== undefined) panel.interval(minStep);
  if (drawn !== 'lines') panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  for (const [name, colour] of Object.entries(colours)) panel.overrideByName(name, [fixed(colour)]);
  names.forEach((name, index) => panel.overrideByName(name, look(index)));
  return panel;
}

/** Colours come round again after a while; the lines are then dashed, then dotted. */
function look(index: number): DynamicConfigValue[] {
  const dashes = [[], [10, 6], [2, 6]][Math.floor(index / SERIES_COLOURS.length) % 3] ?? [];
  const colour = fixed(SERIES_COLOURS[index % SERIES_COLOURS.length] ?? NEUTRAL);
  if (dashes.length === 0) return [colour];
  return [colour, { id: 'custom.lineStyle', value: { fill: 'dash', dash: dashes } }];
}

interface HeatmapOptions extends PanelText, Size {
  /** Cumulative counts with a label `le`, as of a histogram. */
  readonly expr: string;
  /** The unit of `le`. */
  readonly unit: string;
  readonly minStep?: string;
}

/** How many values lie in which range, over time. */
export function heatmap(options: HeatmapOptions): HeatmapBuilder {
  const panel = dressed(new HeatmapBuilder(), options)
    .targets([overTime({ expr: options.expr, legend: '{{le}}' }).format(PromQueryFormat.Heatmap)])
    .yAxis(new YAxisConfigBuilder().unit(options.unit))
    // Light to dark in one direction, in whatever way one sees colours.
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Cividis'))
    .showValue(VisibilityMode.Never);
  return options.minStep === undefined ? panel : panel.interval(options.minStep);
}

function legendBelow(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom);
}

function tooltipOfAll(): VizTooltipOptionsBuilder {
  return new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);
}
