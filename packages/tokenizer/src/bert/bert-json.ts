import {
  isCount,
  isDictionary,
  isEither,
  isFlag,
  isList,
  isOne,
  isOptional,
  isRecord,
  isShort,
  isText,
  type JsonShape,
} from '../json/json-shape.js';
import { Vocabulary } from '../models/vocabulary.js';

/** The parts of BERT's `tokenizer.json` that affect ids. */
export interface BertJson {
  readonly added_tokens?: readonly { readonly content: string }[];
  readonly normalizer: {
    readonly clean_text: boolean;
    readonly handle_chinese_chars: boolean;
    readonly lowercase: boolean;
    readonly strip_accents?: boolean | null;
  };
  readonly model: {
    readonly vocab: Vocabulary;
    readonly unk_token: string;
    readonly continuing_subword_prefix: string;
    readonly max_input_chars_per_word: number;
  };
}

/**
 * Limit on the number of added tokens and on the characters of each, because all are compared at each place where one
 * could begin.
 */
const MOST = 64;

/** A function, so that a bundler can drop it if nothing calls it. */
function bertShape(): JsonShape {
  const isDirection = isOne('Left', 'Right');
  const isFalse = isOne(false);
  /** A part of a post-processor's template. */
  const isPart = (kind: string, id: JsonShape): JsonShape =>
    isRecord({ [kind]: isRecord({ id, type_id: isCount }) });
  const isSpecial = isPart('SpecialToken', isText);
  const isFirst = isPart('Sequence', isOne('A'));
  const isSecond = isPart('Sequence', isOne('B'));

  const isAddedToken = isRecord({
    id: isCount,
    content: isShort(isText, MOST),
    single_word: isFalse,
    lstrip: isFalse,
    rstrip: isFalse,
    normalized: isFalse,
    special: isFlag,
  });

  return isRecord({
    version: isOne('1.0', undefined),
    truncation: isOptional(
      isRecord({
        direction: isDirection,
        max_length: isCount,
        strategy: isOne('LongestFirst', 'OnlyFirst', 'OnlySecond'),
        stride: isCount,
      }),
    ),
    padding: isOptional(
      isRecord({
        strategy: isEither(isOne('BatchLongest'), isRecord({ Fixed: isCount })),
        direction: isDirection,
        pad_to_multiple_of: isOptional(isCount),
        pad_id: isCount,
        pad_type_id: isCount,
        pad_token: isText,
      }),
    ),
    added_tokens: isEither(isOne(undefined), isShort(isList(isAddedToken), MOST)),
    normalizer: isRecord({
      type: isOne('BertNormalizer'),
      clean_text: isFlag,
      handle_chinese_chars: isFlag,
      strip_accents: isOptional(isFlag),
      lowercase: isFlag,
    }),
    pre_tokenizer: isRecord({ type: isOne('BertPreTokenizer') }),
    post_processor: isOptional(
      isRecord({
        type: isOne('TemplateProcessing'),
        single: (value) =>
          isList(isEither(isSpecial, isFirst))(value) && (value as unknown[]).filter(isFirst).length === 1,
        pair: isList(isEither(isSpecial, isEither(isFirst, isSecond))),
        special_tokens: isDictionary(isRecord({ id: isText, ids: isList(isCount), tokens: isList(isText) })),
      }),
    ),
    decoder: isOptional(isRecord({ type: isOne('WordPiece'), prefix: isText, cleanup: isFlag })),
    model: isRecord({
      type: isOne('WordPiece'),
      unk_token: isText,
      continuing_subword_prefix: isText,
      max_input_chars_per_word: isCount,
      vocab: (value) => value instanceof Vocabulary,
    }),
  });
}

/**
 * Whether this is BERT's `tokenizer.json`, which most published static models have: it has these parts in their usual
 * form, and nothing that the full reader would refuse or apply.
 */
export function isBertJson(json: unknown): json is BertJson {
  return bertShape()(json);
}
