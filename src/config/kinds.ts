import { z } from 'zod';
import { formatDuration, parseDuration } from './duration.js';

/**
 * A kind of value: how its text is read, whether it comes from a flag, the environment or the file.
 * Every kind is strict, and says what would be right where a text is wrong.
 */
export interface Kind<Value> {
  /** What stands behind the flag in the help; none for a switch. */
  readonly placeholder?: string;
  /** From the text of one value. The issues of a failure are the messages to the user. */
  readonly schema: z.ZodType<Value, string>;
  /** One value in the file, as JSON Schema. */
  readonly json: Readonly<Record<string, unknown>>;
}

interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** In milliseconds. */
export function duration({
  min = 0,
  max = MAX_TIMER_MS,
  orZero = false,
}: Range & { orZero?: boolean } = {}): Kind<number> {
  return {
    placeholder: 'duration',
    schema: reader((text, refuse) => {
      const ms = parseDuration(text);
      if (ms === undefined) return refuse('is not a duration; write for example 30s, 5m or 1h30m');
      if (ms < min && !(orZero && ms === 0))
        return refuse(`is too short; the least is ${formatDuration(min)}`);
      if (ms > max) return refuse(`is too long; the most is ${formatDuration(max)}`);
      return ms;
    }),
    json: {
      type: ['string', 'integer'],
      pattern: '^(0|(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?)$',
    },
  };
}

/** Timers of Node.js hold no more than 2³¹ − 1 ms; longer ones fire at once. */
const MAX_TIMER_MS = 24 * 86_400_000;

export function integer(range: Range = {}): Kind<number> {
  return {
    placeholder: 'number',
    schema: reader((text, refuse) =>
      /^-?\d+$/.test(text) ? within(Number(text), range, refuse) : refuse('is not a whole number'),
    ),
    json: { type: 'integer', ...bounds(range) },
  };
}

/** A number from 0, or `auto`. */
export const ordinal: Kind<number | 'auto'> = {
  placeholder: 'number|auto',
  schema: reader((text, refuse) => {
    if (text === 'auto') return text;
    return /^\d+$/.test(text) ? Number(text) : refuse('is neither a whole number from 0 nor auto');
  }),
  json: { anyOf: [{ type: 'integer', minimum: 0 }, { const: 'auto' }] },
};

export function decimal(range: Range = {}): Kind<number> {
  return {
    placeholder: 'number',
    schema: reader((text, refuse) =>
      /^\d+(\.\d+)?$/.test(text) ? within(Number(text), range, refuse) : refuse('is not a number'),
    ),
    json: { type: 'number', ...bounds(range) },
  };
}

/** One of several texts. `unsupported` has the reasons why others that exist are refused. */
export function choice<const Value extends string>(
  values: readonly Value[],
  unsupported: Readonly<Record<string, string>> = {},
): Kind<Value> {
  return {
    placeholder: values.join('|'),
    schema: reader((text, refuse) => {
      const value = values.find((candidate) => candidate === text);
      if (value !== undefined) return value;
      return Object.hasOwn(unsupported, text)
        ? refuse(`is not supported: ${unsupported[text] ?? ''}`)
        : refuse(`is none of ${values.join(', ')}`);
    }),
    json: { enum: values },
  };
}

/** True or false; as a flag it stands alone. */
export const toggle: Kind<boolean> = {
  schema: reader(
    (text, refuse) =>
      text === 'true' || (text === 'false' ? false : refuse('is neither true nor false')),
  ),
  json: { type: 'boolean' },
};

/** Any text that matches; `rule` completes the sentence "… is not". */
export function text(placeholder: string, pattern: RegExp, rule: string): Kind<string> {
  return {
    placeholder,
    schema: reader((value, refuse) => (pattern.test(value) ? value : refuse(`is not ${rule}`))),
    json: { type: 'string', pattern: pattern.source },
  };
}

/** A text that never stands in a message. */
export function secret(placeholder: string, pattern: RegExp, rule: string): Kind<string> {
  return {
    placeholder,
    schema: z.string().regex(pattern, `the value is not ${rule}`),
    json: { type: 'string', pattern: pattern.source },
  };
}

/** A regular expression that has to match a whole name. */
export const wholeMatch: Kind<RegExp> = {
  placeholder: 'regex',
  schema: reader((source, refuse) => {
    try {
      return new RegExp(`^(?:${source})$`, 'u');
    } catch {
      return refuse('is not a regular expression');
    }
  }),
  json: { type: 'string', format: 'regex' },
};

/** Where to listen: without a host on all addresses, with port 0 on a free one. */
export interface Address {
  readonly host?: string;
  readonly port: number;
}

const ADDRESS = /^(?:\[(?<v6>[\da-f:.]+)\]|(?<name>[\w.-]*)):(?<port>\d{1,5})$/i;

export const address: Kind<Address> = {
  placeholder: 'address',
  schema: reader((value, refuse) => {
    const parts = ADDRESS.exec(value)?.groups;
    const port = Number(parts?.['port'] ?? NaN);
    if (parts === undefined || !(port <= 65_535)) {
      return refuse('is not an address; write for example :10117, 127.0.0.1:10117 or [::1]:10117');
    }
    const host = parts['v6'] ?? parts['name'] ?? '';
    return host === '' ? { port } : { host, port };
  }),
  json: { type: 'string', pattern: ':\\d{1,5}$' },
};

/** Says that a text is wrong; the message quotes it. */
type Refuse = (why: string) => never;

/** Makes a reading function a schema. */
function reader<Value>(read: (text: string, refuse: Refuse) => Value): z.ZodType<Value, string> {
  return z.string().transform((value, context) => {
    const refuse: Refuse = (why) => {
      throw new Refusal(`${JSON.stringify(value)} ${why}`);
    };
    try {
      return read(value, refuse);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      context.addIssue(error.message);
      return z.NEVER;
    }
  });
}

class Refusal extends Error {}

function within(value: number, { min, max }: Range, refuse: Refuse): number {
  if (min !== undefined && value < min) return refuse(`is too small; the least is ${min}`);
  if (max !== undefined && value > max) return refuse(`is too large; the most is ${max}`);
  return value;
}

function bounds({ min, max }: Range): Record<string, number> {
  return { ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) };
}
