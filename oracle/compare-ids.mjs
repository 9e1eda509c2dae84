/**
 * How one tokenizer is judged. The reference's answer to a text is its ids, `'error'` where it refuses the text and
 * `'panic'` where it breaks: a refusal must be a TokenizerError here too, and a panic is no answer to compare with.
 */
export const AGREED = { verdict: 'agreed' };

const same = (left, right) => {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
};

/** Ids as an array, `'error'` for an error of the package, or the error that should not have come. */
function answerOf(api, tokenizer, text, options) {
  try {
    return Array.from(tokenizer.encode(text, options));
  } catch (error) {
    return api.TokenizerError.isInstance(error) ? 'error' : error;
  }
}

function agrees(expected, got) {
  if (expected === 'panic') return !(got instanceof Error);
  if (typeof expected === 'string' || typeof got === 'string') return expected === got;
  return !(got instanceof Error) && same(expected, got);
}

/** The differing answer for one text, or `undefined`. */
export function differenceFor(api, tokenizer, text, expected, options) {
  const got = answerOf(api, tokenizer, text, options);
  if (agrees(expected, got)) return undefined;
  return { text, expected, got: got instanceof Error ? `${got.name}: ${got.message}` : got, options };
}

/**
 * A text that is the same to the reference: where U+FFFD stands, a JavaScript string may hold a lone surrogate.
 * High ones only, since a low one could complete a pair with what stands before it.
 */
const withLoneSurrogates = (text) => text.replaceAll('\ufffd', '\ud83d');

/** Loads the case's tokenizer, or says how loading ended. */
export function load(api, text) {
  try {
    return { tokenizer: api.loadTokenizer(text) };
  } catch (error) {
    if (error instanceof api.UnsupportedTokenizerError) return { unsupported: error };
    if (api.TokenizerError.isInstance(error)) return { refused: error };
    return { crashed: error };
  }
}

/** What is not supported, without what is peculiar to one tokenizer: the component and the reason. */
export const constructOf = (error) =>
  error.message
    .replace(/^[^(]*/, '')
    .replaceAll(/, in ".*"$/gs, '')
    .replaceAll(/"(?:[^"\\]|\\.)*"/gs, '…');

/** `{ verdict }` of one generated case, with what differs. */
export function compareIds(api, found) {
  const { tokenizer, unsupported, refused, crashed } = load(api, found.tokenizer);
  if (crashed) return { verdict: 'failed', problem: `loading threw ${crashed.name}: ${crashed.message}` };
  if (found.refused !== undefined) {
    if (!tokenizer) return AGREED;
    return { verdict: 'failed', problem: `accepted what the reference refuses: ${found.refused}` };
  }
  if (unsupported) return { verdict: 'unsupported', construct: constructOf(unsupported) };
  if (refused)
    return { verdict: 'failed', problem: `refused what the reference accepts: ${refused.message}` };

  for (const [name, value] of Object.entries(found.facts)) {
    if (tokenizer[name] !== value) {
      return { verdict: 'failed', problem: `${name} is ${tokenizer[name]}, expected ${value}` };
    }
  }
  const differences = [];
  const note = (difference) => {
    if (difference) differences.push(difference);
  };
  found.texts.forEach((text, i) => {
    const expected = found.ids[i];
    note(differenceFor(api, tokenizer, text, expected));
    if (text.includes('\ufffd')) note(differenceFor(api, tokenizer, withLoneSurrogates(text), expected));
  });
  found.cut.forEach((expected, i) => {
    note(
      differenceFor(api, tokenizer, found.texts[i], expected, { maxTokens: found.limit, dropUnknown: true }),
    );
  });
  if (differences.length === 0 && found.ids.every(Array.isArray)) {
    const { ids, offsets } = tokenizer.encodeBatch(found.texts);
    const whole = found.ids.flat();
    if (
      !same(ids, whole) ||
      found.ids.some((expected, i) => offsets[i + 1] - offsets[i] !== expected.length)
    ) {
      return { verdict: 'failed', problem: 'encodeBatch differs from encode' };
    }
  }
  if (differences.length === 0) return AGREED;
  return {
    verdict: 'failed',
    problem: `${differences.length} of ${found.texts.length} texts differ`,
    differences,
  };
}

/** The shortest text found by leaving out parts of a differing one, each step checked with the reference. */
export async function shrink(api, server, found, difference) {
  const { tokenizer } = load(api, found.tokenizer);
  let best = difference;
  let points = Array.from(
    difference.text.replaceAll('\ud83d', (unit, at, text) =>
      text.codePointAt(at) > 0xffff ? unit : '\ufffd',
    ),
  );
  if (difference.options) return best;
  for (let size = Math.ceil(points.length / 2); size >= 1; ) {
    const candidates = [];
    for (let from = 0; from < points.length && candidates.length < 200; from += size) {
      candidates.push([...points.slice(0, from), ...points.slice(from + size)]);
    }
    const texts = candidates.map((candidate) => candidate.join(''));
    const answers = await server.idsOf(found.tokenizer, texts);
    if (!answers) return best;
    const at = texts.findIndex((text, i) => differenceFor(api, tokenizer, text, answers[i]));
    if (at >= 0) {
      points = candidates[at];
      best = differenceFor(api, tokenizer, texts[at], answers[at]);
      size = Math.min(size, Math.max(1, Math.ceil(points.length / 2)));
      if (points.length === 0) return best;
    } else if (size === 1) {
      return best;
    } else {
      size = Math.ceil(size / 2);
    }
  }
  return best;
}
