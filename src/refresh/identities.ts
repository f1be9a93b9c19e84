import type { Identity, IdentityApi } from '../aws/port.js';

/** A source and the Regions it is read in, in the order of the configuration. */
export interface IdentifiedSource {
  readonly name: string;
  readonly regions: readonly string[];
  readonly api: IdentityApi;
}

/**
 * Whom each source turns out to be. Looked up once per source and kept; a look-up that failed is
 * tried again when somebody asks.
 */
export class Identities {
  readonly #sources: readonly IdentifiedSource[];
  readonly #known = new Map<string, Promise<Identity>>();

  constructor(sources: readonly IdentifiedSource[]) {
    this.#sources = sources;
  }

  /** Rejects with an `AwsError`. */
  of(source: IdentifiedSource, signal: AbortSignal): Promise<Identity> {
    const known = this.#known.get(source.name);
    if (known) return known;
    const lookup = source.api.callerIdentity(signal);
    this.#known.set(source.name, lookup);
    lookup.catch(() => this.#known.delete(source.name));
    return lookup;
  }

  /**
   * The earlier source that reads the same account in this Region already, or `undefined`. Where an
   * identity cannot be looked up nothing can be said, and nothing is: packs are worth more than the
   * certainty that they are not read twice.
   */
  async duplicateOf(
    name: string,
    region: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const position = this.#sources.findIndex((source) => source.name === name);
    const earlier = this.#sources
      .slice(0, position)
      .filter(({ regions }) => regions.includes(region));
    const self = this.#sources[position];
    if (self === undefined || earlier.length === 0) return undefined;
    const [own, ...others] = await Promise.all(
      [self, ...earlier].map((source) => this.of(source, signal).catch(() => undefined)),
    );
    const index = others.findIndex((other) => other && other.accountId === own?.accountId);
    return earlier[index]?.name;
  }
}
