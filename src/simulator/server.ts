import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { callConfig } from './config-service.js';
import { denial, FaultPlan, throttling, type FaultEffect } from './faults.js';
import { credentialsOf, IdentityService, type Credentials } from './identities.js';
import type { Organization } from './organization.js';
import { callOrganizations } from './organizations-service.js';
import { seededRandom } from './random.js';
import { RequestLog } from './request-log.js';
import {
  jsonBody,
  jsonError,
  parseAuthorization,
  parseJsonInput,
  parseTarget,
  ServiceError,
  xmlBody,
  xmlError,
  type Body,
  type Call,
  type Output,
} from './wire.js';

export interface SimulatorOptions {
  readonly organization: Organization;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly host?: string;
  /** 0, the default, for a free one. */
  readonly port?: number;
  /** How long each answer takes. */
  readonly latencyMs?: number;
}

/** A running simulator. */
export interface Simulator {
  readonly url: string;
  /** The truth, which may be changed at any time. */
  readonly organization: Organization;
  readonly identities: IdentityService;
  readonly faults: FaultPlan;
  readonly requests: RequestLog;
  /** Credentials of an account. */
  readonly credentials: (accountId: string) => Credentials;
  /** Ends it, and all requests that hang. */
  stop(): Promise<void>;
}

/** Starts a server that speaks as AWS Config, AWS Organizations and AWS STS do, in all Regions. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock, host = '127.0.0.1', latencyMs = 0, organization, port = 0 } = options;
  const identities = new IdentityService(clock);
  const faults = new FaultPlan(seededRandom(1), clock);
  const requests = new RequestLog();

  const perform = (call: Call): Output => {
    switch (call.service) {
      case 'config':
        return callConfig(organization, call);
      case 'organizations':
        return callOrganizations(organization, call);
      case 'sts':
        return identities.call(call);
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const requestId = randomUUID();
    const exchange = await Exchange.open(request, response, requestId);
    try {
      const call = exchange.call(identities);
      const logged = requests.begin(call);
      response.once('close', () => {
        logged.status = response.headersSent ? response.statusCode : 0;
        requests.end(logged);
      });
      if (latencyMs > 0) await delay(latencyMs);
      await exchange.answer(perform, call, faults.strike(call));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      exchange.refuse(error);
    }
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { address, family, port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`,
    organization,
    identities,
    faults,
    requests,
    credentials: credentialsOf,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** One request and its answer, in the protocol that the request speaks. */
class Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #body: string;
  readonly #requestId: string;
  readonly #form: URLSearchParams | undefined;

  private constructor(
    request: IncomingMessage,
    response: ServerResponse,
    body: string,
    id: string,
  ) {
    this.#request = request;
    this.#response = response;
    this.#body = body;
    this.#requestId = id;
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    this.#form = isForm === true ? new URLSearchParams(body) : undefined;
  }

  static async open(
    request: IncomingMessage,
    response: ServerResponse,
    id: string,
  ): Promise<Exchange> {
    return new Exchange(request, response, await text(request), id);
  }

  /** What is called, and by whom. */
  call(identities: IdentityService): Call {
    const { accessKeyId, region } = parseAuthorization(this.#request.headers.authorization);
    const caller = { ...identities.identify(accessKeyId), region };
    if (this.#form !== undefined) {
      const operation = this.#form.get('Action') ?? '';
      return { service: 'sts', operation, caller, input: Object.fromEntries(this.#form) };
    }
    const target = parseTarget(String(this.#request.headers['x-amz-target'] ?? ''));
    return { ...target, caller, input: parseJsonInput(this.#body) };
  }

  async answer(
    perform: (call: Call) => Output,
    call: Call,
    effects: readonly FaultEffect[],
  ): Promise<void> {
    let produce = perform;
    let share = 1;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'error':
          throw new ServiceError(effect.code, effect.message, effect.status);
        case 'denied':
          throw denial(call);
        case 'rate-limit':
          throw throttling(call);
        case 'html':
          this.#send(500, { type: 'text/html', text: '<html><body>Internal Error</body></html>' });
          return;
        case 'reset':
          this.#request.socket.resetAndDestroy();
          return;
        case 'hang':
          return;
        case 'slow':
          await delay(effect.ms);
          break;
        case 'truncated':
          share = 0.5;
          break;
        case 'alter':
          produce = (asked) => effect.alter(perform(withoutToken(asked)));
          break;
      }
    }
    this.#send(200, this.#encode(call, produce(call)), share);
  }

  refuse(error: ServiceError): void {
    this.#send(
      error.status,
      this.#form === undefined ? jsonError(error) : xmlError(error, this.#requestId),
    );
  }

  #encode({ operation }: Call, output: Output): Body {
    return this.#form === undefined
      ? jsonBody(output)
      : xmlBody(operation, output, this.#requestId);
  }

  #send(status: number, { text, type }: Body, share = 1): void {
    const bytes = Buffer.from(text).subarray(0, Math.ceil(Buffer.byteLength(text) * share));
    this.#response.writeHead(status, {
      'Content-Type': type,
      'Content-Length': bytes.length,
      'x-amzn-RequestId': this.#requestId,
    });
    this.#response.end(bytes);
  }
}

/** A server that lies does not check the tokens that it is given back. */
function withoutToken(call: Call): Call {
  return { ...call, input: { ...call.input, NextToken: undefined } };
}
