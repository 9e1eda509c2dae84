import { type ChunkRule, contentsOf, leavesOf, type PipelineJson } from '../fast/chunk-rule.js';
import type { PipelineText } from '../pipeline-text.js';
import type { TokenizerParts } from '../tokenizer-pipeline.js';

/** How the pieces of a chunk of visible ASCII begin: with one UTF-16 unit before their characters, or with nothing. */
interface PieceLeads {
  /** First piece of a chunk with a space. `undefined` leaves such chunks to the pipeline, here and below. */
  readonly afterSpace: string | undefined;
  /** First piece of a chunk without a space. */
  readonly atStart: string | undefined;
  /** Every other piece. */
  readonly inside: string;
}

/** How a pipeline turns a chunk of visible ASCII, with or without a space before it, into pieces for the model. */
export interface PlainWords {
  readonly lowercases: boolean;
  /** For each ASCII code its kind, from 1 on, or 0 if chunks with it are left to the pipeline. */
  readonly kinds: Uint8Array;
  /** Bit `4 × (a − 1) + b − 1` is set if a piece ends between characters of kinds `a` and `b`. */
  readonly cuts: number;
  readonly leads: PieceLeads;
}

const VISIBLE = String.fromCharCode(...Array.from({ length: 94 }, (_, i) => 0x21 + i));

/** From 1 on: a letter, a digit, a mark, and the mark that some pre-tokenizers take for a letter. */
function kindOf(character: string): number {
  if (/[A-Za-z]/.test(character)) return 1;
  if (/\d/.test(character)) return 2;
  return character === '_' ? 4 : 3;
}

/** Normalizers that treat each ASCII character alone, if another one follows. */
const READ_ASCII_ALONE: ReadonlySet<unknown> = new Set([
  'Bert',
  'BertNormalizer',
  'Lowercase',
  'NFC',
  'NFD',
  'NFKC',
  'NFKD',
  'Nmt',
  'Precompiled',
  'Strip',
  'StripAccents',
]);

/** Pre-tokenizers that cut between two visible ASCII characters by their kinds alone. ByteLevel also knows `'s`. */
const CUT_BY_KIND: ReadonlySet<unknown> = new Set([
  'BertPreTokenizer',
  'ByteLevel',
  'Digits',
  'Metaspace',
  'Punctuation',
  'Whitespace',
  'WhitespaceSplit',
]);

/**
 * Returns how a pipeline that has a chunk rule reads visible ASCII, or `undefined` if this cannot be said of all of it.
 * The types of its steps say that characters of a kind are treated alike; samples then show how.
 */
export function plainWordsOf<Text extends PipelineText<Text>>(
  file: PipelineJson,
  { textOf, addedTokens, preTokenizer }: TokenizerParts<Text>,
  rule: ChunkRule<Text>,
): PlainWords | undefined {
  const normalizers = leavesOf(file.normalizer, 'normalizers');
  const preTokenizers = leavesOf(file.pre_tokenizer, 'pretokenizers');
  if (preTokenizer === undefined || rule.tokenRests.length > 0) return undefined;
  if (!normalizers.every(({ type }) => READ_ASCII_ALONE.has(type) || type === 'Replace')) return undefined;
  if (!preTokenizers.every(({ type }) => CUT_BY_KIND.has(type))) return undefined;

  // Texts that are searched for. A chunk without their marks contains none of them.
  const searched = [
    ...contentsOf(addedTokens),
    ...normalizers.flatMap(patternOf),
    // Metaspace also cuts at characters that were in the text.
    ...preTokenizers.flatMap(({ type, replacement }) => (type === 'Metaspace' ? [String(replacement)] : [])),
  ];
  if (searched.some((text) => /^ ?[\dA-Za-z]*$/.test(text))) return undefined;
  const left = new Set(searched.join(''));
  if (preTokenizers.some(({ type }) => type === 'ByteLevel')) left.add("'");

  const all = ` ${VISIBLE}`;
  const text = textOf(all);
  for (const step of rule.normalizers) {
    step.normalize(text);
    if (text.text !== all && text.text !== all.toLowerCase()) return undefined;
  }
  const lowercases = text.text !== all;
  // The samples below are as normalizing leaves them.
  const piecesOf = (raw: string): readonly string[] => {
    const pieces: Text[] = [];
    preTokenizer.split(textOf(raw), pieces);
    return pieces.map((piece) => piece.text);
  };

  const kinds = new Uint8Array(128);
  const samples = new Map<number, string>();
  for (const character of VISIBLE) {
    const kind = kindOf(character);
    if (kind > 2 && left.has(character)) continue;
    kinds[character.charCodeAt(0)] = kind;
    samples.set(kind, character.toLowerCase());
  }
  let cuts = 0;
  const inside = new Set<string | undefined>();
  for (const [a, first] of samples) {
    for (const [b, second] of samples) {
      const [, piece] = piecesOf(first + second);
      if (piece === undefined) continue;
      cuts |= 1 << (4 * a + b - 5);
      inside.add(leadOf(piece, second));
    }
  }
  const leadAfter = (space: string): string | undefined => {
    const leads = [...samples.values()].map((sample) => {
      const pieces = piecesOf(space + sample);
      return pieces.length === 1 ? leadOf(pieces[0]!, sample) : undefined;
    });
    return leads.every((lead) => lead === leads[0]) ? leads[0] : undefined;
  };
  const [insideLead = '', ...others] = inside;
  if (inside.has(undefined) || others.length > 0) return undefined;
  const leads = { afterSpace: leadAfter(' '), atStart: leadAfter(''), inside: insideLead };
  return { lowercases, kinds, cuts, leads };
}

function leadOf(piece: string, sample: string): string | undefined {
  return piece.length <= 2 && piece.endsWith(sample) ? piece.slice(0, -1) : undefined;
}

interface Pattern {
  readonly String?: string;
  readonly Regex?: string;
}

/** What a Replace searches for, and nothing for other normalizers. Of expressions only one is known, for XLM-R. */
function patternOf({ type, pattern }: Readonly<Record<string, unknown>>): readonly string[] {
  if (type !== 'Replace') return [];
  const { String: literal, Regex: regex } = pattern as Pattern;
  // A chunk has one space at most.
  if (literal === undefined) return regex === ' {2,}' ? [] : [''];
  return / {2}/.test(literal) ? [] : [literal];
}
