import { FailureError } from '../terminal/cli-error.js';

/** Field of an object that holds its text, where none is named. */
const DEFAULT_FIELD = 'text';

/**
 * Takes the text out of each line of JSON Lines: the line's string, or the string in a field of its object.
 *
 * Lines of nothing but white space are passed over, as the format's readers do.
 *
 * @param name what to call the input in an error
 * @param field the field to read; where it is absent, `text`, and a line that is a string is taken as well
 * @throws FailureError for a line that holds anything else, with its number and what was found
 */
export async function* readJsonLines(
  lines: AsyncIterable<readonly string[]>,
  name: string,
  field?: string,
): AsyncGenerator<string[], void, undefined> {
  let number = 0;
  for await (const some of lines) {
    const texts: string[] = [];
    for (const line of some) {
      number++;
      if (line.trim() === '') continue;
      texts.push(textOf(line, `${name}:${number}`, field));
    }
    yield texts;
  }
}

function textOf(line: string, place: string, field: string | undefined): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new FailureError(
      `${place}: not JSON: found ${excerpt(line)}; use --input-format text for plain lines`,
      { cause },
    );
  }
  if (typeof value === 'string' && field === undefined) return value;
  const key = field ?? DEFAULT_FIELD;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const wanted = field === undefined ? 'a string or an object' : 'an object';
    throw new FailureError(`${place}: expected ${wanted}, found ${kindOf(value)} ${excerpt(line)}`);
  }
  if (!Object.hasOwn(value, key)) {
    const keys = Object.keys(value);
    const found = keys.length === 0 ? 'no field at all' : `the fields ${excerpt(keys.join(', '))}`;
    throw new FailureError(
      `${place}: no field ${JSON.stringify(key)}, found ${found}; name the text's field with --field`,
    );
  }
  const text: unknown = (value as Record<string, unknown>)[key];
  if (typeof text !== 'string') {
    throw new FailureError(
      `${place}: field ${JSON.stringify(key)} must be a string, found ${kindOf(text)} ${excerpt(JSON.stringify(text))}`,
    );
  }
  return text;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a${typeof value === 'object' ? 'n' : ''} ${typeof value}`;
}

/** Enough of what was found to recognise it, in one line and harmless to a terminal. */
function excerpt(text: string): string {
  const start = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return start.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd');
}
