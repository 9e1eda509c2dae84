import { DistillError } from '../distill-error.js';
import type { SpecialTokens } from '../teacher/teacher.js';
import { isObject, type JsonObject, parseObject } from '../teacher/teacher-files.js';
import { canonicalModel } from './canonical-model.js';
import { MergeList } from './merges.js';

/** An added token of a `tokenizer.json`, in the order that the tokenizers library writes its keys. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
}

type Family = 'WordPiece' | 'WordLevel' | 'BPE' | 'Unigram';

/**
 * A `tokenizer.json` with a changeable vocabulary. Ids are positions in {@link TokenizerFile.tokens}; after each
 * removal they are contiguous.
 */
export class TokenizerFile {
  readonly family: Family;
  /** In the order of their ids. */
  tokens: Set<string>;
  added: AddedToken[];
  padding: JsonObject | undefined;
  postProcessor: unknown;
  readonly #file: JsonObject;
  readonly #model: JsonObject;
  /** Of Unigram, by token. */
  readonly #scores: Map<string, number>;
  readonly #leastScore: number;
  #merges: MergeList;
  #unknown: string | undefined;
  /** For Unigram. The reference keeps the id of the unknown token, so removals before it change the token. */
  #unknownId: number | undefined;

  private constructor(file: JsonObject, model: JsonObject, family: Family) {
    this.#file = file;
    this.#model = model;
    this.family = family;
    this.#merges = MergeList.read(family === 'BPE' ? model.merges : []);
    this.padding = isObject(file.padding) ? file.padding : undefined;
    this.postProcessor = file.post_processor ?? null;
    this.added = Array.isArray(file.added_tokens) ? file.added_tokens.filter(isObject).map(addedToken) : [];
    if (family === 'Unigram') {
      const entries = (Array.isArray(model.vocab) ? model.vocab : []) as [string, number][];
      this.#scores = new Map(entries);
      this.#leastScore = entries.reduce(
        (least, [, score]) => Math.min(least, score),
        entries.length ? Infinity : -100,
      );
      this.tokens = new Set(this.#scores.keys());
      this.#unknownId = typeof model.unk_id === 'number' ? model.unk_id : undefined;
    } else {
      this.#scores = new Map();
      this.#leastScore = 0;
      const vocab = isObject(model.vocab) ? (model.vocab as Readonly<Record<string, number>>) : {};
      this.tokens = new Set(Object.keys(vocab).sort((a, b) => vocab[a]! - vocab[b]!));
      this.unknown = typeof model.unk_token === 'string' ? model.unk_token : undefined;
    }
    for (const { content } of [...this.added].sort((a, b) => a.id - b.id)) this.tokens.add(content);
  }

  /**
   * Reads a `tokenizer.json`.
   *
   * @param special - what `tokenizer_config.json` names, which has precedence
   */
  static parse(json: Uint8Array, special: SpecialTokens): TokenizerFile {
    const file = parseObject(json, 'tokenizer.json');
    const model = isObject(file.model) ? file.model : {};
    const { type } = model;
    if (type !== 'WordPiece' && type !== 'WordLevel' && type !== 'BPE' && type !== 'Unigram') {
      throw new DistillError(
        'unsupported-teacher',
        `tokenizer.json has a model of the type ${JSON.stringify(type)}; supported are WordPiece, WordLevel, BPE, Unigram`,
      );
    }
    const parsed = new TokenizerFile(file, model, type);
    const unknown = special.unknown ?? parsed.unknown;
    if (unknown !== undefined) {
      parsed.#markSpecial(unknown);
      parsed.unknown = unknown;
    }
    const padding = special.padding ?? parsed.padding?.pad_token;
    if (typeof padding === 'string') {
      parsed.padding = { ...(parsed.padding ?? plainPadding(padding)), pad_token: padding };
      parsed.#markSpecial(padding);
    }
    return parsed;
  }

  get unknown(): string | undefined {
    if (this.family !== 'Unigram') return this.#unknown;
    return this.#unknownId === undefined ? undefined : [...this.tokens][this.#unknownId];
  }

  set unknown(token: string | undefined) {
    this.#unknown = token;
    this.#unknownId = token === undefined ? undefined : [...this.tokens].indexOf(token);
  }

  /** A copy that can change on its own. */
  copy(): TokenizerFile {
    const copy = new TokenizerFile(this.#file, this.#model, this.family);
    copy.tokens = new Set(this.tokens);
    copy.added = [...this.added];
    copy.#unknown = this.#unknown;
    copy.#unknownId = this.#unknownId;
    copy.padding = this.padding;
    copy.postProcessor = this.postProcessor;
    copy.#merges = this.#merges.without(new Set());
    return copy;
  }

  /** Leaves out tokens. A model that needs its unknown token keeps it. */
  remove(tokens: Iterable<string>): void {
    const removed = new Set(tokens);
    if (this.unknown !== undefined && removed.has(this.unknown)) {
      if (this.family === 'WordPiece' || this.family === 'WordLevel') removed.delete(this.unknown);
      else this.unknown = undefined;
    }
    if (removed.has(String(this.padding?.pad_token))) this.padding = undefined;
    for (const token of removed) this.tokens.delete(token);
    this.added = this.added.filter(({ content }) => !removed.has(content));
    this.#merges = this.#merges.without(removed);
  }

  /** Leaves out added tokens other than the unknown one, the padding and those that the post-processor adds. */
  pruneAdded(): void {
    const kept = new Set([...postProcessorTokens(this.postProcessor), this.unknown, this.padding?.pad_token]);
    this.remove(this.added.map(({ content }) => content).filter((content) => !kept.has(content)));
  }

  /** Appends a word, and for BPE the merges that lead to it. */
  addWord(word: string): void {
    this.#append(word);
    if (this.family !== 'BPE') return;
    const parts = this.#merges.addFor(word).filter((part) => !this.tokens.has(part));
    for (const part of parts.sort(byCodePoints)) this.tokens.add(part);
  }

  /** Appends a token that is found in the text before it is split. */
  addPhrase(content: string): void {
    this.#append(content);
    this.added.push({
      id: 0,
      content,
      single_word: false,
      lstrip: true,
      rstrip: true,
      normalized: true,
      special: false,
    });
  }

  /** Ids by token. */
  ids(): Map<string, number> {
    return new Map(Array.from(this.tokens, (token, id) => [token, id]));
  }

  /** Ids by token as the file has them, whatever has been removed since. */
  fileIds(): Map<string, number> {
    const { vocab } = this.#model;
    const entries: Iterable<[string, number]> = Array.isArray(vocab)
      ? vocab.map((entry: [string, number], id): [string, number] => [entry[0], id])
      : Object.entries((vocab ?? {}) as Record<string, number>);
    const ids = new Map(entries);
    const named = Array.isArray(this.#file.added_tokens) ? this.#file.added_tokens.filter(isObject) : [];
    for (const { content, id } of named) if (!ids.has(String(content))) ids.set(String(content), Number(id));
    return ids;
  }

  /** Writes the file as the tokenizers library does. */
  toJson(): Uint8Array {
    const ids = this.ids();
    const {
      normalizer = null,
      pre_tokenizer: preTokenizer = null,
      decoder = null,
      truncation = null,
    } = this.#file;
    const padding = this.padding && {
      strategy: this.padding.strategy,
      direction: this.padding.direction ?? 'Right',
      pad_to_multiple_of: this.padding.pad_to_multiple_of ?? null,
      pad_id: ids.get(String(this.padding.pad_token)) ?? 0,
      pad_type_id: this.padding.pad_type_id ?? 0,
      pad_token: this.padding.pad_token,
    };
    const file = {
      version: '1.0',
      truncation: this.truncation === undefined ? truncation : this.truncation,
      padding: padding ?? null,
      added_tokens: this.added
        .map((token) => ({ ...token, id: ids.get(token.content) ?? token.id }))
        .sort((a, b) => a.id - b.id),
      normalizer,
      pre_tokenizer: this.preTokenizer === undefined ? preTokenizer : this.preTokenizer,
      post_processor: renumbered(this.postProcessor, ids),
      decoder,
      model: canonicalModel(this.#model, this.family, {
        ids,
        merges: this.#merges.pairs,
        unknown: this.unknown,
        unknownId: this.#unknownId,
        entries: Array.from(this.tokens, (token) => [token, this.#scores.get(token) ?? this.#leastScore]),
      }),
    };
    return new TextEncoder().encode(JSON.stringify(file));
  }

  /** Replaces the file's own, if it is set. */
  truncation: JsonObject | null | undefined;
  /** Replaces the file's own, if it is set. */
  preTokenizer: unknown;

  /** The file's own normalizer. */
  get normalizer(): unknown {
    return this.#file.normalizer;
  }

  /** The pre-tokenizer of the file. */
  get originalPreTokenizer(): unknown {
    return this.#file.pre_tokenizer;
  }

  #append(token: string): void {
    if (this.tokens.has(token)) {
      throw new DistillError(
        'invalid-argument',
        `the vocabulary has the token ${JSON.stringify(token.slice(0, 80))} already`,
      );
    }
    this.tokens.add(token);
  }

  /** Appends the token if it is missing, and makes it a special one. */
  #markSpecial(content: string): void {
    this.tokens.add(content);
    const known = this.added.find((token) => token.content === content);
    if (known === undefined) {
      this.added.push({
        id: 0,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      });
    } else {
      this.added = this.added.map((token) => (token === known ? { ...token, special: true } : token));
    }
  }
}

/** Padding that only names its token. */
export function plainPadding(token: string): JsonObject {
  return {
    strategy: { Fixed: 0 },
    direction: 'Right',
    pad_to_multiple_of: null,
    pad_id: 0,
    pad_type_id: 0,
    pad_token: token,
  };
}

function addedToken(token: JsonObject): AddedToken {
  return {
    id: Number(token.id),
    content: String(token.content),
    single_word: token.single_word === true,
    lstrip: token.lstrip === true,
    rstrip: token.rstrip === true,
    normalized: token.normalized === true,
    special: token.special === true,
  };
}

/** Tokens that a post-processor puts first and last, as the reference finds them: none inside a sequence. */
export function boundaryTokens(processor: unknown): {
  readonly first: readonly string[];
  readonly last: readonly string[];
} {
  if (!isObject(processor)) return { first: [], last: [] };
  const name = (pair: unknown): readonly string[] => (Array.isArray(pair) ? [String(pair[0])] : []);
  if (processor.type === 'BertProcessing' || processor.type === 'RobertaProcessing') {
    return { first: name(processor.cls), last: name(processor.sep) };
  }
  if (processor.type !== 'TemplateProcessing' || !Array.isArray(processor.single))
    return { first: [], last: [] };
  const tokens = (piece: unknown): readonly string[] => {
    const special =
      isObject(piece) && isObject(piece.SpecialToken) ? String(piece.SpecialToken.id) : undefined;
    const info =
      special !== undefined && isObject(processor.special_tokens)
        ? processor.special_tokens[special]
        : undefined;
    return isObject(info) && Array.isArray(info.tokens) ? info.tokens.map(String) : [];
  };
  return { first: tokens(processor.single[0]), last: tokens(processor.single.at(-1)) };
}

function postProcessorTokens(processor: unknown): readonly string[] {
  const { first, last } = boundaryTokens(processor);
  return [...first, ...last];
}

/** A post-processor with the ids that its tokens have now. */
function renumbered(processor: unknown, ids: ReadonlyMap<string, number>): unknown {
  if (!isObject(processor)) return processor ?? null;
  const pair = (value: unknown): unknown =>
    Array.isArray(value) ? [value[0], ids.get(String(value[0])) ?? value[1]] : value;
  switch (processor.type) {
    case 'Sequence':
      return {
        ...processor,
        processors: Array.isArray(processor.processors)
          ? processor.processors.map((each) => renumbered(each, ids))
          : [],
      };
    case 'BertProcessing':
    case 'RobertaProcessing':
      return { ...processor, sep: pair(processor.sep), cls: pair(processor.cls) };
    case 'TemplateProcessing': {
      const special = isObject(processor.special_tokens) ? processor.special_tokens : {};
      const entries = Object.entries(special).map(([name, info]) => {
        if (!isObject(info) || !Array.isArray(info.tokens)) return [name, info];
        const old = Array.isArray(info.ids) ? info.ids : [];
        return [name, { ...info, ids: info.tokens.map((token, i) => ids.get(String(token)) ?? old[i]) }];
      });
      return { ...processor, special_tokens: Object.fromEntries(entries) };
    }
    default:
      return processor;
  }
}

/** Python's order of strings. */
function byCodePoints(a: string, b: string): number {
  const left = Array.from(a, (character) => character.codePointAt(0)!);
  const right = Array.from(b, (character) => character.codePointAt(0)!);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] !== right[i]) return left[i]! - right[i]!;
  }
  return left.length - right.length;
}
