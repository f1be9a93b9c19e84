/** The time now, in milliseconds since the epoch. Passed in wherever time matters. */
export type Clock = () => number;

/** A number in [0, 1). Passed in wherever chance matters. */
export type Random = () => number;
