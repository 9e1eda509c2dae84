import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { FailureError, UsageError } from '../terminal/cli-error.js';
import { fileError, systemErrorCode } from '../terminal/file-error.js';
import { type ContentKind, contentKind, DECIDING_BYTES } from './content-kind.js';
import { type InputFile, inputName, STANDARD_INPUT } from './input-file.js';
import type { InputFormat } from './input-format.js';
import { type PeekedBytes, peek } from './peeked-bytes.js';
import { canGuess, guessFormat } from './record-format.js';

/** How the bytes of an input are interpreted. */
export interface InputOptions {
  /** Field or column of the text; `undefined` for `text`. */
  readonly textField: string | undefined;
  /** Encoding named by the user; `undefined` for UTF-8 or recognised UTF-16. */
  readonly encoding: string | undefined;
  /** Whether `textField` is an error for plain text, because no other input can have fields. */
  readonly refusesPlainText: boolean;
  /** Called if the content decides the format. */
  readonly onNotice: ((line: string) => void) | undefined;
}

/** An opened input whose format is known. */
export type OpenInput =
  | { readonly format: 'parquet'; readonly path: string }
  | {
      readonly format: Exclude<InputFormat, 'parquet'>;
      readonly path: string;
      /** The text as UTF-8, unpacked and converted; bytes that are not UTF-8 pass through. */
      readonly bytes: AsyncGenerator<Uint8Array, void, undefined>;
      /** Bytes of the file that have been read. */
      position(): number;
    };

/** Bytes per read; smaller reads cost more calls, larger ones gain nothing. */
const READ_BYTES = 256 * 1024;

/** Bytes in which the first two lines are searched. */
const GUESSING_BYTES = 64 * 1024;

export const DEFAULT_TEXT_FIELD = 'text';

/**
 * Opens an input and recognises its content: gzip is unpacked, UTF-16 converted; Parquet is recognised whatever its
 * name, and records in a file or pipe whose name announces no format.
 *
 * @throws FailureError if it cannot be read or its content is unsupported
 */
export async function openInput(file: InputFile, options: InputOptions): Promise<OpenInput> {
  const name = inputName(file.path);
  let position = 0;
  const raw = rawBytes(file.path, (count) => {
    position += count;
  });
  let peeked = await peek(raw, DECIDING_BYTES, (head) => head.length >= 16 && head.includes(0x0a));
  let kind = contentKind(peeked.head);
  if (kind.kind === 'gzip') {
    peeked = await peek(
      unpacked(peeked, name),
      DECIDING_BYTES,
      (head) => head.length >= 16 && head.includes(0x0a),
    );
    kind = contentKind(peeked.head);
    if (kind.kind === 'gzip' || kind.kind === 'parquet') {
      await peeked.all().return();
      throw new FailureError(`${name} holds ${kind.kind} inside gzip; unpack it first: gunzip ${name}`);
    }
  }
  if (kind.kind === 'parquet' || file.format === 'parquet') {
    await peeked.all().return();
    return parquetInput(file, kind);
  }
  if (isRefused(kind, file, options)) {
    await peeked.all().return();
    throw new FailureError(`${name} is ${kind.name}; ${kind.advice.replace('FILE', name)}`);
  }
  const encoding = options.encoding ?? (kind.kind === 'encoded' ? kind.encoding : undefined);
  let bytes =
    encoding === undefined || encoding === 'utf-8' ? peeked.all() : converted(peeked.all(), encoding, name);
  let { format } = file;
  if (format === undefined || (format === 'text' && !file.isNamed)) {
    const textField = options.textField ?? DEFAULT_TEXT_FIELD;
    const start = await peek(bytes, GUESSING_BYTES, (head) => canGuess(head, textField));
    format = guessFormat(start.head, textField);
    bytes = start.all();
    if (format !== 'text') {
      const title = format === 'csv' ? 'CSV' : 'JSON Lines';
      options.onNotice?.(`${name} is read as ${title}; --input-format text reads its lines as texts`);
    }
  }
  if (format === 'text' && options.textField !== undefined && options.refusesPlainText) {
    await bytes.return();
    throw new UsageError(
      `--text-field is for JSON Lines, CSV and Parquet, and ${name} is plain text; if it is not, pass --input-format`,
    );
  }
  return { format, path: file.path, bytes, position: () => position };
}

function parquetInput(file: InputFile, kind: ContentKind): OpenInput {
  const name = inputName(file.path);
  if (file.isNamed && file.format !== 'parquet') {
    throw new FailureError(`${name} is Parquet, not ${file.format}; leave out --input-format`);
  }
  if (file.size === undefined) {
    throw new UsageError(`${name}: Parquet is read from its end; name a file, not a pipe`);
  }
  if (kind.kind !== 'parquet') {
    throw new FailureError(
      `cannot read ${name} as Parquet: it does not begin with PAR1; check --input-format`,
    );
  }
  return { format: 'parquet', path: file.path };
}

/** NUL characters are allowed if the user named a text format or an encoding. */
function isRefused(
  kind: ContentKind,
  file: InputFile,
  { encoding }: InputOptions,
): kind is Extract<ContentKind, { kind: 'other' }> {
  if (kind.kind !== 'other') return false;
  return kind.name !== 'a binary file' || !(file.isNamed || encoding !== undefined);
}

async function* rawBytes(
  path: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stream =
    path === STANDARD_INPUT ? process.stdin : createReadStream(path, { highWaterMark: READ_BYTES });
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      onRead(chunk.length);
      yield chunk;
    }
  } catch (cause) {
    throw fileError('read', inputName(path), cause);
  }
}

async function* unpacked(peeked: PeekedBytes, name: string): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip({ chunkSize: READ_BYTES });
  const source = Readable.from(peeked.all(), { objectMode: false });
  // Errors reach the loop through the stream that it reads.
  const done = pipeline(source, gunzip).catch(() => undefined);
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) yield chunk;
  } catch (cause) {
    if (cause instanceof FailureError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isDamaged = systemErrorCode(cause)?.startsWith('Z_') === true;
    throw new FailureError(
      `cannot unpack ${name}: ${isDamaged ? `${reason}; the gzip file is damaged or cut off` : reason}`,
      { cause },
    );
  } finally {
    gunzip.destroy();
    await done;
  }
}

async function* converted(
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
  encoding: string,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (chunk?: Uint8Array): Uint8Array => {
    try {
      return Buffer.from(chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true }));
    } catch (cause) {
      throw new FailureError(`${name} is not valid ${encoding.toUpperCase()}; check --encoding`, { cause });
    }
  };
  for await (const chunk of bytes) {
    const text = decode(chunk);
    if (text.length > 0) yield text;
  }
  const rest = decode();
  if (rest.length > 0) yield rest;
}
