/** Errors as they are seen in the field; AWS publishes no list. */
export interface KnownFailure {
  readonly errorCode: string;
  readonly errorMessage: string;
}

export const NO_RECORDER: KnownFailure = {
  errorCode: 'NoAvailableConfigurationRecorderException',
  errorMessage:
    'You must create a configuration recorder before creating or updating a conformance pack.',
};

/** AWS gives no code here. */
export const NO_ACCESS: Pick<KnownFailure, 'errorMessage'> = {
  errorMessage: 'AWS Config cannot assume its role in the account, which is suspended or closed.',
};

export const FAILURES: readonly [KnownFailure, ...KnownFailure[]] = [
  NO_RECORDER,
  {
    errorCode: 'InsufficientPermissionsException',
    errorMessage:
      'AWSServiceRoleForConfigConforms is not authorized to perform: config:PutConfigRule with an explicit deny in a service control policy.',
  },
  {
    errorCode: 'MaxNumberOfConfigRulesExceededException',
    errorMessage: 'The number of AWS Config rules in this account exceeds the limit of 1000.',
  },
  {
    errorCode: 'ResourceInUseException',
    errorMessage: 'The conformance pack is being updated by another operation. Try again later.',
  },
  {
    errorCode: 'InternalError',
    errorMessage:
      'AWS Config encountered an internal error. Look at the stack "awsconfigconforms" of the account.',
  },
];
