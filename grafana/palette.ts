/**
 * The colours of Okabe and Ito, which the colour-blind can tell apart too, by what they stand for
 * here. No panel leaves it to the colour: the text is always there as well.
 */
export const COLOURS = {
  good: '#009E73',
  busy: '#56B4E9',
  unsure: '#E69F00',
  bad: '#D55E00',
  absent: '#CC79A7',
  plain: '#0072B2',
  gone: '#999999',
} as const;

/** Of what nothing is known. */
export const NEUTRAL = COLOURS.gone;

/** Colours for series that stand beside each other, of which none is better than another. */
export const SERIES_COLOURS: readonly string[] = [
  COLOURS.plain,
  COLOURS.unsure,
  COLOURS.good,
  COLOURS.absent,
  COLOURS.busy,
  COLOURS.bad,
  '#F0E442',
];
