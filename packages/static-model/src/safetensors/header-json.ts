/** The same limit as the reference's parser. */
const MAX_DEPTH = 128;

const WHITE_SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const COUNT = /^(?:0|[1-9][0-9]*)$/;
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** Why a header is not valid JSON, and where. */
export class HeaderSyntaxError extends SyntaxError {
  override readonly name: string = 'HeaderSyntaxError';
}

/** A header's object; a `Map`, because names come from the file and may be `__proto__`. */
export type HeaderObject = ReadonlyMap<string, unknown>;

/**
 * Parses JSON as the safetensors format requires, which is stricter than `JSON.parse` in two points: keys must be
 * unique, and numbers must be written as counts. Any other number (`1.0`, `-0`) becomes `NaN`, because the format has
 * no use for it. Objects become `Map`s.
 */
export function parseHeaderJson(text: string): unknown {
  let at = 0;

  const failure = (problem: string): HeaderSyntaxError =>
    new HeaderSyntaxError(`${problem} at character ${at}`);

  const skipWhiteSpace = (): void => {
    WHITE_SPACE.lastIndex = at;
    WHITE_SPACE.test(text);
    at = WHITE_SPACE.lastIndex;
  };

  const readString = (): string => {
    let end = at + 1;
    for (;;) {
      const code = text.charCodeAt(end);
      if (code === 0x22) break;
      if (end >= text.length) throw failure('a string does not end: it starts');
      end += code === 0x5c ? 2 : 1;
    }
    let value: string;
    try {
      value = JSON.parse(text.slice(at, end + 1)) as string;
    } catch {
      throw failure('a string with a wrong escape or a control character');
    }
    if (LONE_SURROGATE.test(value)) throw failure('a string with half a surrogate pair');
    at = end + 1;
    return value;
  };

  const readNumber = (): number => {
    NUMBER.lastIndex = at;
    const match = NUMBER.exec(text);
    if (match === null) throw failure('no JSON value');
    at = NUMBER.lastIndex;
    return COUNT.test(match[0]) ? Number(match[0]) : Number.NaN;
  };

  const readMembers = (close: string, readMember: () => void): void => {
    at++;
    skipWhiteSpace();
    if (text[at] === close) {
      at++;
      return;
    }
    for (;;) {
      readMember();
      skipWhiteSpace();
      const next = text[at];
      if (next !== ',' && next !== close) throw failure(`neither a comma nor "${close}"`);
      at++;
      if (next === close) return;
      skipWhiteSpace();
    }
  };

  const readObject = (depth: number): HeaderObject => {
    const members = new Map<string, unknown>();
    readMembers('}', () => {
      if (text[at] !== '"') throw failure('no key');
      const key = readString();
      if (members.has(key)) throw failure(`the key ${JSON.stringify(key).slice(0, 80)} for the second time`);
      skipWhiteSpace();
      if (text[at] !== ':') throw failure('no colon after a key');
      at++;
      members.set(key, readValue(depth));
    });
    return members;
  };

  const readArray = (depth: number): readonly unknown[] => {
    const items: unknown[] = [];
    readMembers(']', () => {
      items.push(readValue(depth));
    });
    return items;
  };

  const readWord = (word: string, value: unknown): unknown => {
    if (!text.startsWith(word, at)) throw failure('no JSON value');
    at += word.length;
    return value;
  };

  const readValue = (depth: number): unknown => {
    if (depth === MAX_DEPTH) throw failure(`more than ${MAX_DEPTH} objects and arrays inside each other`);
    skipWhiteSpace();
    switch (text[at]) {
      case '{':
        return readObject(depth + 1);
      case '[':
        return readArray(depth + 1);
      case '"':
        return readString();
      case 't':
        return readWord('true', true);
      case 'f':
        return readWord('false', false);
      case 'n':
        return readWord('null', null);
      default:
        return readNumber();
    }
  };

  const value = readValue(0);
  skipWhiteSpace();
  if (at < text.length) throw failure('something after the JSON value');
  return value;
}
