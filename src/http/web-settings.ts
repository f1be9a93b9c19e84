import type { SecureContextOptions } from 'node:tls';

/** Who may speak to the exporter and how. Swapped as a whole, never changed. */
export interface WebSettings {
  /** `undefined` for plain HTTP. */
  readonly tls: TlsSettings | undefined;
  /** Headers of every response. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bcrypt hashes of passwords by name of user; empty where nobody has to give one. */
  readonly users: Users;
  /** `undefined` for no limit. */
  readonly rateLimit: RateLimit | undefined;
}

export type Users = ReadonlyMap<string, string>;

export interface TlsSettings {
  readonly context: SecureContextOptions;
  readonly clients: ClientPolicy;
  /** When the certificate stops being valid, in milliseconds since the epoch. */
  readonly notAfter: number;
}

/** What is asked of the certificate of a client. */
export interface ClientPolicy {
  /** Whether the client is asked for one at all. */
  readonly asked: boolean;
  /** Whether a client without one is refused. */
  readonly required: boolean;
  /** Whether one that is given has to be signed by a client CA. */
  readonly verified: boolean;
  /** Subject alternative names of which it has to have one. */
  readonly allowedSans?: readonly string[];
}

/** A token bucket over all requests. */
export interface RateLimit {
  /** Time after which there is one more token. */
  readonly intervalMs: number;
  /** Tokens that it holds at most. */
  readonly burst: number;
}
