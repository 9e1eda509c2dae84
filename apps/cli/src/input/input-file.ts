import type { InputFormat } from './input-format.js';

/** Name of standard input, as in most programs. */
export const STANDARD_INPUT = '-';

/** A file to read. */
export interface InputFile {
  /** As named by the user, or below the folder named by the user; `-` for standard input. */
  readonly path: string;
  /** From `--input-format`, else from the suffix; `undefined` if the content decides. */
  readonly format: InputFormat | undefined;
  /** Whether `--input-format` named the format. */
  readonly isNamed: boolean;
  /** Bytes; `undefined` for a pipe. */
  readonly size: number | undefined;
  /** Time of the last change in milliseconds, to recognise a file of an earlier run. */
  readonly changed: number;
}

/** The name of an input in messages. */
export function inputName(path: string): string {
  return path === STANDARD_INPUT ? 'standard input' : path;
}

/** Total bytes of the files; `undefined` if one of them is a pipe. */
export function totalSize(files: readonly InputFile[]): number | undefined {
  return files.reduce<number | undefined>(
    (sum, { size }) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
}
