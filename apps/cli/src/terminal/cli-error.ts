import { type CliRemedy, cliRemedyWords } from './remedies/cli-remedy.js';

/** What a {@link CliError} holds besides its summary. */
export interface CliErrorDetails extends ErrorOptions {
  readonly remedy?: CliRemedy;
}

/** Ends the program with one line: what failed, where, and what to do about it. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  /** 2 for a wrong call, 1 for a failure. */
  readonly exitCode: 1 | 2;
  /** The message without the remedy. */
  readonly summary: string;
  /** What the user can do, as data. */
  readonly remedy: CliRemedy | undefined;

  constructor(exitCode: 1 | 2, summary: string, { remedy, ...options }: CliErrorDetails = {}) {
    super(remedy === undefined ? summary : `${summary}; ${cliRemedyWords(remedy)}`, options);
    this.exitCode = exitCode;
    this.summary = summary;
    this.remedy = remedy;
  }
}

/** The call itself is wrong, whatever the files contain. */
export class UsageError extends CliError {
  override readonly name: string = 'UsageError';

  constructor(summary: string, details?: CliErrorDetails) {
    super(2, summary, details);
  }
}

/** The call is right but failed. */
export class FailureError extends CliError {
  override readonly name: string = 'FailureError';

  constructor(summary: string, details?: CliErrorDetails) {
    super(1, summary, details);
  }
}
