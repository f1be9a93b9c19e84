/** Who calls, from where: read off the signature of the request. */
export interface Caller {
  readonly accountId: string;
  readonly arn: string;
  readonly region: string;
}

/** A call of one operation. */
export interface Call {
  readonly service: Service;
  readonly operation: string;
  readonly caller: Caller;
  readonly input: Readonly<Record<string, unknown>>;
}

export type Service = 'config' | 'organizations' | 'sts';

/** What an operation answers; times are epoch seconds, as on the wire. */
export type Output = Readonly<Record<string, unknown>>;

/** An error as the service declares it, or as the front of AWS makes it. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const TARGETS: Readonly<Record<string, Service>> = {
  StarlingDoveService: 'config',
  AWSOrganizationsV20161128: 'organizations',
};

/** Service and operation of an awsJson1.1 request, from its `X-Amz-Target`. */
export function parseTarget(target: string): { service: Service; operation: string } {
  const [prefix = '', operation = ''] = target.split('.');
  const service = TARGETS[prefix];
  if (service === undefined) throw new ServiceError('UnknownOperationException', '');
  return { service, operation };
}

/** Input of an awsJson1.1 request. */
export function parseJsonInput(body: string): Readonly<Record<string, unknown>> {
  try {
    const input: unknown = JSON.parse(body === '' ? '{}' : body);
    if (typeof input === 'object' && input !== null) return input as Record<string, unknown>;
  } catch {
    // Falls through to the same refusal.
  }
  throw new ServiceError(
    'SerializationException',
    'Start of structure or map found where not expected.',
  );
}

/** Access key and Region of a request, from its signature, which is not checked. */
export function parseAuthorization(header: string | undefined): {
  accessKeyId: string;
  region: string;
} {
  const scope = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/[^/]+\/aws4_request/.exec(header ?? '');
  const [, accessKeyId, region] = scope ?? [];
  if (accessKeyId === undefined || region === undefined) {
    throw new ServiceError(
      'MissingAuthenticationTokenException',
      'Missing Authentication Token',
      403,
    );
  }
  return { accessKeyId, region };
}

/** A body and its type. */
export interface Body {
  readonly type: string;
  readonly text: string;
}

export function jsonBody(output: Output): Body {
  return { type: 'application/x-amz-json-1.1', text: JSON.stringify(output) };
}

export function jsonError({ code, message }: ServiceError): Body {
  return jsonBody(message === '' ? { __type: code } : { __type: code, message });
}

const XML_ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function xml(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, child]) => `<${name}>${xml(child)}</${name}>`)
      .join('');
  }
  return String(value).replace(/[&<>]/g, (character) => XML_ESCAPES[character] ?? character);
}

const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** An answer of the query protocol, which STS speaks. */
export function xmlBody(operation: string, output: Output, requestId: string): Body {
  const content = xml({
    [`${operation}Result`]: output,
    ResponseMetadata: { RequestId: requestId },
  });
  return {
    type: 'text/xml',
    text: `<${operation}Response xmlns="${STS_NAMESPACE}">${content}</${operation}Response>`,
  };
}

export function xmlError({ code, message }: ServiceError, requestId: string): Body {
  const content = xml({
    Error: { Type: 'Sender', Code: code, Message: message },
    RequestId: requestId,
  });
  return {
    type: 'text/xml',
    text: `<ErrorResponse xmlns="${STS_NAMESPACE}">${content}</ErrorResponse>`,
  };
}
