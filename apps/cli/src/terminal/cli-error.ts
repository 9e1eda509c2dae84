/** An end of the program that the user is told of in one line: what, where, what to do. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  /** What the shell gets: 2 for a wrong call, 1 for a failure. */
  readonly exitCode: 1 | 2;

  constructor(exitCode: 1 | 2, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The call itself is wrong, whatever the files hold. */
export class UsageError extends CliError {
  override readonly name: string = 'UsageError';

  constructor(message: string, options?: ErrorOptions) {
    super(2, message, options);
  }
}

/** The call is right and could not be carried out. */
export class FailureError extends CliError {
  override readonly name: string = 'FailureError';

  constructor(message: string, options?: ErrorOptions) {
    super(1, message, options);
  }
}
