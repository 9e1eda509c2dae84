import { mergedToken, mergesOf } from './merge-closure.js';
import { isObject, type TokenVocabulary, unigramEntries } from './token-vocabulary.js';

/** A tokenizer with fewer tokens. */
export interface PrunedTokenizer {
  readonly json: Uint8Array;
  /** The previous id of each new id. */
  readonly oldIds: Uint32Array;
}

/**
 * Ids in the file outside its tokens and vocabulary: of special tokens that a post-processor adds, and of the padding
 * token. This package adds neither, but other readers of the file do.
 */
export function namedIds({ file }: TokenVocabulary): readonly number[] {
  const ids: number[] = [];
  renumbered(file, (id) => {
    ids.push(id);
    return id;
  });
  return ids;
}

/** Rewrites `tokenizer.json` for the kept tokens, in the same order. */
export function pruneTokenizer(vocabulary: TokenVocabulary, kept: ReadonlySet<string>): PrunedTokenizer {
  const { file, model, modelIds, ids, added } = vocabulary;
  const modelTokens = [...modelIds.keys()]
    .filter((token) => kept.has(token))
    .sort((a, b) => modelIds.get(a)! - modelIds.get(b)!);
  const newIds = new Map(modelTokens.map((token, id) => [token, id]));
  for (const content of added) {
    if (content !== '' && !newIds.has(content)) newIds.set(content, newIds.size);
  }
  const oldIds = Uint32Array.from(newIds.keys(), (token) => ids.get(token)!);
  const renumbering = new Map(Array.from(oldIds, (oldId, id) => [oldId, id]));
  const addedTokens = Array.isArray(file.added_tokens) && {
    added_tokens: file.added_tokens.map((token: unknown) =>
      isObject(token) ? { ...token, id: newIds.get(String(token.content)) ?? token.id } : token,
    ),
  };
  const changed = {
    ...renumbered(file, (id) => renumbering.get(id) ?? id),
    ...addedTokens,
    model: { ...model, ...prunedModel(vocabulary, modelTokens, newIds) },
  };
  return { json: new TextEncoder().encode(JSON.stringify(changed)), oldIds };
}

function prunedModel(
  vocabulary: TokenVocabulary,
  tokens: readonly string[],
  newIds: ReadonlyMap<string, number>,
): object {
  const { family, model, modelIds } = vocabulary;
  if (family === 'Unigram') {
    const entries = unigramEntries(model.vocab);
    const unknown = typeof model.unk_id === 'number' ? entries[model.unk_id]?.[0] : undefined;
    return {
      vocab: tokens.map((token) => entries[modelIds.get(token)!]),
      ...(unknown !== undefined && { unk_id: newIds.get(unknown) }),
    };
  }
  // Not by assignment, since a token may be `__proto__`.
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  if (family !== 'BPE') return { vocab };
  const merges = mergesOf(vocabulary)
    .map((merge, i) => ({ i, tokens: [...merge, mergedToken(merge, vocabulary)] }))
    .filter((merge) => merge.tokens.every((token) => Object.hasOwn(vocab, token)))
    .map(({ i }) => (model.merges as readonly unknown[])[i]);
  return { vocab, merges };
}

/** Replaces the ids in the parts of a file that contain them. */
function renumbered(
  file: Readonly<Record<string, unknown>>,
  newId: (id: number) => number,
): Readonly<Record<string, unknown>> {
  const { padding, post_processor: postProcessor } = file;
  return {
    ...file,
    ...(isObject(padding) &&
      typeof padding.pad_id === 'number' && { padding: { ...padding, pad_id: newId(padding.pad_id) } }),
    ...(isObject(postProcessor) && { post_processor: renumberedProcessor(postProcessor, newId) }),
  };
}

function renumberedProcessor(processor: unknown, newId: (id: number) => number): unknown {
  if (!isObject(processor)) return processor;
  const pair = (value: unknown): unknown =>
    Array.isArray(value) && typeof value[1] === 'number' ? [value[0], newId(value[1])] : value;
  switch (processor.type) {
    case 'Sequence':
      if (!Array.isArray(processor.processors)) return processor;
      return {
        ...processor,
        processors: processor.processors.map((each: unknown) => renumberedProcessor(each, newId)),
      };
    case 'BertProcessing':
    case 'RobertaProcessing':
      return { ...processor, sep: pair(processor.sep), cls: pair(processor.cls) };
    case 'TemplateProcessing':
      if (!isObject(processor.special_tokens)) return processor;
      return {
        ...processor,
        special_tokens: Object.fromEntries(
          Object.entries(processor.special_tokens).map(([name, special]) => [
            name,
            isObject(special) && Array.isArray(special.ids)
              ? {
                  ...special,
                  ids: special.ids.map((id: unknown) => (typeof id === 'number' ? newId(id) : id)),
                }
              : special,
          ]),
        ),
      };
    default:
      return processor;
  }
}
