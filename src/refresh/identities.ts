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
  #sources: readonly IdentifiedSource[];
  /** By the credentials: others under the same name belong to somebody else. */
  readonly #known = new WeakMap<IdentityApi, Promise<Identity>>();

  constructor(sources: readonly IdentifiedSource[] = []) {
    this.#sources = sources;
  }

  /** Goes on with other sources. */
  reconfigure(sources: readonly IdentifiedSource[]): void {
    this.#sources = sources;
  }

  /** Rejects with an `AwsError`. */
  of(source: Pick<IdentifiedSource, 'api'>, signal: AbortSignal): Promise<Identity> {
    const known = this.#known.get(source.api);
    if (known) return known;
    const lookup = source.api.callerIdentity(signal);
    this.#known.set(source.api, lookup);
    lookup.catch(() => this.#known.delete(source.api));
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
