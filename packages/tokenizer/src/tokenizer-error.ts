/** Marks the errors of every loaded copy of this package, which `instanceof` does not recognise. */
const MARKER = Symbol.for('@model2vec-ts/tokenizer/error');

/** What went wrong, for programs. */
export type TokenizerErrorCode =
  | 'malformed-tokenizer'
  | 'unsupported-tokenizer'
  | 'invalid-argument'
  | 'no-unknown-token';

/** Every error that this package throws on purpose. */
export class TokenizerError extends Error {
  override readonly name: string = 'TokenizerError';
  /** What went wrong, for programs. */
  readonly code: TokenizerErrorCode;

  constructor(code: TokenizerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Whether `value` is an error of this package, also when several copies of the package are loaded. */
  static isInstance(value: unknown): value is TokenizerError {
    return value instanceof Error && MARKER in value;
  }
}

/** `tokenizer.json` breaks the format's own rules: the reference refuses it as well. */
export class MalformedTokenizerError extends TokenizerError {
  override readonly name: string = 'MalformedTokenizerError';
  /** JSON path of the offending value, such as `$.model.vocab`. */
  readonly path: string;

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super('malformed-tokenizer', `tokenizer.json: ${path} ${problem}`, options);
    this.path = path;
  }
}

/** `tokenizer.json` asks for something that this package cannot do exactly, so it does not do it at all. */
export class UnsupportedTokenizerError extends TokenizerError {
  override readonly name: string = 'UnsupportedTokenizerError';
  /** JSON path of the component, such as `$.pre_tokenizer.pretokenizers[1]`. */
  readonly path: string;
  /** The component's type as the file names it. */
  readonly componentType: string;

  constructor(path: string, componentType: string, reason: string, options?: ErrorOptions) {
    super(
      'unsupported-tokenizer',
      `tokenizer.json: ${path} (${componentType}) is not supported: ${reason}`,
      options,
    );
    this.path = path;
    this.componentType = componentType;
  }
}
