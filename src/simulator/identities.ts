import { ServiceError, type Call, type Output } from './wire.js';

/** Long-lived credentials of an account, as a user of the simulator configures them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
}

interface Session extends CallerIdentity {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const USER_KEY = /^AKIA(\d{12})SIMU$/;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/([\w+=,.@/-]+)$/;
const DEFAULT_SESSION_SECONDS = 3600;

/** The credentials of an account: the key names the account, so that nothing has to be stored. */
export function credentialsOf(accountId: string): Credentials {
  return { accessKeyId: `AKIA${accountId}SIMU`, secretAccessKey: 'simulated-secret' };
}

/** A role of an account that may be assumed. */
export function roleOf(accountId: string): string {
  return `arn:aws:iam::${accountId}:role/conformance-pack-reader`;
}

/** Who is who, and the operations of STS. */
export class IdentityService {
  /** What a role demands of those who assume it, by the role's ARN. */
  readonly externalIds = new Map<string, string>();
  /** How long sessions last, whatever the caller asks for; `undefined` to do as asked. */
  sessionSeconds: number | undefined;
  readonly #sessions = new Map<string, Session>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Whose key this is. */
  identify(accessKeyId: string): CallerIdentity {
    const session = this.#sessions.get(accessKeyId);
    if (session !== undefined) {
      if (session.expiresAt > this.#clock()) return session;
      throw new ServiceError(
        'ExpiredTokenException',
        'The security token included in the request is expired',
      );
    }
    const accountId = USER_KEY.exec(accessKeyId)?.[1];
    if (accountId === undefined) {
      throw new ServiceError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
    }
    return { accountId, arn: `arn:aws:iam::${accountId}:user/simulated` };
  }

  call({ caller, input, operation }: Call): Output {
    switch (operation) {
      case 'GetCallerIdentity':
        return { Arn: caller.arn, UserId: 'AIDASIMULATED', Account: caller.accountId };
      case 'AssumeRole':
        return this.#assumeRole(caller, input);
      default:
        throw new ServiceError('InvalidAction', `Could not find operation ${operation}`);
    }
  }

  #assumeRole(caller: CallerIdentity, input: Call['input']): Output {
    const roleArn = String(input['RoleArn']);
    const sessionName = String(input['RoleSessionName']);
    const [, accountId, roleName] = ROLE_ARN.exec(roleArn) ?? [];
    if (accountId === undefined || roleName === undefined) {
      throw new ServiceError('ValidationError', `${roleArn} is invalid`);
    }
    const demanded = this.externalIds.get(roleArn);
    if (demanded !== undefined && demanded !== input['ExternalId']) {
      throw new ServiceError(
        'AccessDenied',
        `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        403,
      );
    }
    const seconds =
      this.sessionSeconds ?? Number(input['DurationSeconds'] ?? DEFAULT_SESSION_SECONDS);
    const expiresAt = this.#clock() + seconds * 1000;
    const accessKeyId = `ASIA${String(this.#sessions.size).padStart(16, '0')}`;
    const arn = `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
    this.#sessions.set(accessKeyId, { accountId, arn, expiresAt });
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: 'simulated-secret',
        SessionToken: 'simulated-token',
        Expiration: new Date(expiresAt).toISOString(),
      },
      AssumedRoleUser: { AssumedRoleId: `AROASIMULATED:${sessionName}`, Arn: arn },
    };
  }
}
