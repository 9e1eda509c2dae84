"""Random tokenizers as `tokenizer.json` objects: published recipes with trained vocabularies, and adversarial ones."""

import json
from collections import Counter
from random import Random
from typing import Any

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

import charsmap
from corpus import BLOCKS, LETTERS, SENTENCES, code_point, pseudo_word, training_corpus
from patterns import PUBLISHED, random_pattern
from texts import COMPOSED, SPECIALS, random_text

Json = dict[str, Any]

BYTE_TOKENS = [f"<0x{value:02X}>" for value in range(256)]
BYTE_ALPHABET = sorted(pre_tokenizers.ByteLevel.alphabet())


def _added(content: str, **flags: bool) -> Json:
    token = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    return {"id": 0, "content": content, **token, **flags}


def special_tokens(contents: list[str]) -> list[Json]:
    return [_added(content, special=True) for content in contents]


def assemble(model: Json, normalizer: Json | None, pre_tokenizer: Json | None, added: list[Json]) -> Json:
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": normalizer,
        "pre_tokenizer": pre_tokenizer, "post_processor": None, "decoder": None, "model": model,
    }


# Recipes: the shapes of published tokenizers, with vocabularies trained by the library itself.


def _train(rng: Random, tokenizer: Tokenizer, trainer: Any) -> Json:
    tokenizer.train_from_iterator(training_corpus(rng, rng.choice([150, 400, 900])), trainer)
    return json.loads(tokenizer.to_str())


def _size(rng: Random) -> int:
    return rng.choice([300, 700, 1500, 3000])


def bpe_bytelevel_gpt2(rng: Random) -> Json:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=rng.random() < 0.4, use_regex=True)
    trainer = trainers.BpeTrainer(vocab_size=_size(rng), special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    return _train(rng, tokenizer, trainer)


def bpe_bytelevel_split(rng: Random) -> Json:
    tokenizer = Tokenizer(models.BPE(ignore_merges=rng.random() < 0.4))
    tokenizer.normalizer = rng.choice([None, normalizers.NFC(), normalizers.NFKC()])
    pattern = rng.choice(PUBLISHED) if rng.random() < 0.2 else rng.choice(_SPLIT_PATTERNS)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), rng.choice(["isolated", "isolated", "removed"]), invert=False),
        pre_tokenizers.ByteLevel(add_prefix_space=rng.random() < 0.2, use_regex=False),
    ])
    trainer = trainers.BpeTrainer(vocab_size=_size(rng), special_tokens=["<|endoftext|>", "<|im_start|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    return _train(rng, tokenizer, trainer)


def bpe_byte_fallback(rng: Random) -> Json:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=rng.random() < 0.7, byte_fallback=True, ignore_merges=rng.random() < 0.3))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    specials = ["<unk>", "<s>", "</s>"]
    trainer = trainers.BpeTrainer(vocab_size=_size(rng), special_tokens=specials + BYTE_TOKENS, show_progress=False, max_token_length=rng.choice([None, 8]))
    data = _train(rng, tokenizer, trainer)
    if rng.random() < 0.5:
        data["added_tokens"] = data["added_tokens"][:3]
    return data


def bpe_word_ends(rng: Random) -> Json:
    suffix = rng.choice(["</w>", "@", "ø"])
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix=suffix, fuse_unk=rng.random() < 0.5))
    tokenizer.normalizer = rng.choice([None, normalizers.BertNormalizer(), normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])])
    tokenizer.pre_tokenizer = rng.choice([pre_tokenizers.Whitespace(), pre_tokenizers.WhitespaceSplit(), pre_tokenizers.BertPreTokenizer()])
    trainer = trainers.BpeTrainer(vocab_size=_size(rng), special_tokens=["<unk>", "<pad>"], end_of_word_suffix=suffix, show_progress=False)
    return _train(rng, tokenizer, trainer)


def bpe_prefixes(rng: Random) -> Json:
    prefix = rng.choice(["##", "@@", "ø"])
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", continuing_subword_prefix=prefix, fuse_unk=rng.random() < 0.5))
    tokenizer.pre_tokenizer = rng.choice([pre_tokenizers.Whitespace(), pre_tokenizers.WhitespaceSplit()])
    trainer = trainers.BpeTrainer(vocab_size=_size(rng), special_tokens=["<unk>"], continuing_subword_prefix=prefix, show_progress=False)
    return _train(rng, tokenizer, trainer)


def _train_unigram(rng: Random, tokenizer: Tokenizer) -> Json:
    # Every character of the corpus takes a place, so a small vocabulary cannot hold this many scripts.
    trainer = trainers.UnigramTrainer(vocab_size=_size(rng) + 4000, special_tokens=["<unk>", "<s>", "</s>"], unk_token="<unk>", show_progress=False, n_sub_iterations=1)
    return _train(rng, tokenizer, trainer)


def unigram_byte_fallback(rng: Random) -> Json:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = rng.choice([None, normalizers.NFC(), normalizers.NFKC()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=rng.choice(["first", "always", "never"]), split=rng.random() < 0.7)
    data = _train_unigram(rng, tokenizer)
    score = rng.choice([0.0, 0.0, -5.5])
    vocab = data["model"]["vocab"]
    kept = BYTE_TOKENS if rng.random() < 0.8 else rng.sample(BYTE_TOKENS, 200)
    taken = {piece for piece, _ in vocab}
    data["model"]["vocab"] = vocab[:3] + [[token, score] for token in kept if token not in taken] + vocab[3:]
    data["model"]["byte_fallback"] = True
    if rng.random() < 0.6:
        data["added_tokens"] = []
    return data


def unigram_precompiled(rng: Random, charsmaps: list[str]) -> Json:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=rng.choice(["always", "first", "never"]), split=rng.random() < 0.8)
    data = _train_unigram(rng, tokenizer)
    parts = [precompiled(rng, charsmaps)]
    if rng.random() < 0.8:
        parts.append({"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": rng.choice([" ", "▁"])})
    if rng.random() < 0.6:
        parts.append({"type": "Strip", "strip_left": rng.random() < 0.3, "strip_right": True})
    data["normalizer"] = {"type": "Sequence", "normalizers": parts}
    if rng.random() < 0.3:
        first = {"type": "WhitespaceSplit"}
        data["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [first, data["pre_tokenizer"]]}
    return data


def unigram_spaced_punctuation(rng: Random) -> Json:
    """As Model2Vec writes a quantised vocabulary: a Bert normalizer, then spaces around each punctuation mark."""
    steps: list[Json] = [{"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}]
    steps += [{"type": "Replace", "pattern": {"String": mark}, "content": f" {mark} "} for mark in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"]
    steps += [{"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "}, {"type": "Strip", "strip_left": True, "strip_right": True}]
    words = Counter(word for line in training_corpus(rng, 300) for word in line.lower().split())
    pieces = [["[PAD]", -10.7], ["[UNK]", -10.7]]
    seen = {"[PAD]", "[UNK]"}
    for word in list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") + [word for word, _ in words.most_common(_size(rng))]:
        for piece in (f"▁{word}", word[rng.randrange(len(word)):]):
            if piece not in seen:
                seen.add(piece)
                pieces.append([piece, -rng.uniform(4, 14)])
    model = {"type": "Unigram", "unk_id": 1, "vocab": pieces, "byte_fallback": False}
    pre_tokenizer = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": rng.random() < 0.4}
    return assemble(model, {"type": "Sequence", "normalizers": steps}, pre_tokenizer, special_tokens(["[PAD]", "[UNK]"]))


def word_level(rng: Random) -> Json:
    tokenizer = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    tokenizer.normalizer = rng.choice([normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]), normalizers.BertNormalizer(), None])
    tokenizer.pre_tokenizer = rng.choice([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Whitespace(), pre_tokenizers.BertPreTokenizer()])
    trainer = trainers.WordLevelTrainer(vocab_size=_size(rng), special_tokens=["[UNK]", "[PAD]"], show_progress=False)
    return _train(rng, tokenizer, trainer)


def _train_word_piece(rng: Random, tokenizer: Tokenizer, specials: list[str]) -> Json:
    trainer = trainers.WordPieceTrainer(vocab_size=_size(rng), special_tokens=specials, show_progress=False, limit_alphabet=rng.choice([200, 1000]))
    return _train(rng, tokenizer, trainer)


def word_piece_bert(rng: Random) -> Json:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=rng.choice([100, 100, 50, 10])))
    tokenizer.normalizer = normalizers.BertNormalizer(
        clean_text=rng.random() < 0.8, handle_chinese_chars=rng.random() < 0.6, strip_accents=rng.choice([None, True, False]), lowercase=rng.random() < 0.5
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    data = _train_word_piece(rng, tokenizer, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    data["post_processor"] = {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}
    data["decoder"] = {"type": "WordPiece", "prefix": "##", "cleanup": True}
    return data


def word_piece_sequence(rng: Random) -> Json:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase(), normalizers.StripAccents()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Digits(individual_digits=rng.random() < 0.7)])
    return _train_word_piece(rng, tokenizer, ["[PAD]", "[UNK]"])


def with_added_tokens(rng: Random) -> Json:
    data = rng.choice([word_piece_sequence, word_piece_bert, bpe_bytelevel_gpt2, bpe_byte_fallback, unigram_byte_fallback, word_level])(rng)
    vocab = vocabulary(data)
    size = len(set(vocab))
    for token in added_tokens(rng, vocab):
        token["id"] = size + len(data["added_tokens"])
        data["added_tokens"].append(token)
    return data


RECIPES = [
    bpe_bytelevel_gpt2, bpe_bytelevel_split, bpe_byte_fallback, bpe_word_ends, bpe_prefixes, unigram_byte_fallback, unigram_spaced_punctuation,
    word_level, word_piece_bert, word_piece_sequence, with_added_tokens,
]

_SPLIT_PATTERNS = [
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
]


def vocabulary(data: Json) -> list[str]:
    vocab = data["model"]["vocab"]
    return list(vocab) if isinstance(vocab, dict) else [piece for piece, _ in vocab]


# Components, each drawn with every option it has.


def precompiled(rng: Random, charsmaps: list[str]) -> Json:
    draw = rng.random()
    if draw < 0.25 and charsmaps:
        encoded = rng.choice(charsmaps)
    elif draw < 0.45:
        encoded = charsmap.nfkc_charsmap()
    else:
        encoded = charsmap.build_charsmap(charsmap.random_mapping(rng))
    return {"type": "Precompiled", "precompiled_charsmap": encoded}


def _short(rng: Random) -> str:
    return rng.choice([" ", "▁", "", "a", "A", "é", "e\u0301", "\u0301", "ab", "  ", "_", "漢", "🙂", ".", "Ġ", "\n", "''", "\\", "$1", "ß", "\u00a0", code_point(rng), pseudo_word(rng)])


def pattern_of(rng: Random) -> Json:
    if rng.random() < 0.5:
        return {"Regex": random_pattern(rng)}
    return {"String": rng.choice([_short(rng), rng.choice(" .,-'\"!()[]")])}


def random_normalizer(rng: Random, charsmaps: list[str], depth: int = 0) -> Json | None:
    kinds = ["BertNormalizer", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip", "StripAccents", "Nmt", "Replace", "Replace", "Prepend", "ByteLevel", "Precompiled"]
    draw = rng.random()
    if depth == 0 and draw < 0.12:
        return None
    if depth < 2 and draw < (0.5 if depth == 0 else 0.08):
        return {"type": "Sequence", "normalizers": [random_normalizer(rng, charsmaps, depth + 1) for _ in range(rng.randint(0 if depth else 1, 4))]}
    kind = rng.choice(kinds)
    flag = lambda: rng.random() < 0.5  # noqa: E731
    if kind == "BertNormalizer":
        return {"type": kind, "clean_text": flag(), "handle_chinese_chars": flag(), "strip_accents": rng.choice([None, True, False]), "lowercase": flag()}
    if kind == "Strip":
        return {"type": kind, "strip_left": flag(), "strip_right": flag()}
    if kind == "Replace":
        return {"type": kind, "pattern": pattern_of(rng), "content": _short(rng)}
    if kind == "Prepend":
        return {"type": kind, "prepend": _short(rng)}
    if kind == "Precompiled":
        return precompiled(rng, charsmaps)
    return {"type": kind}


BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]


def random_pre_tokenizer(rng: Random, depth: int = 0) -> Json | None:
    kinds = [
        "BertPreTokenizer", "ByteLevel", "CharDelimiterSplit", "Metaspace", "Metaspace", "Whitespace", "Split", "Split", "Punctuation",
        "WhitespaceSplit", "Digits", "UnicodeScripts", "FixedLength",
    ]
    draw = rng.random()
    if depth == 0 and draw < 0.1:
        return None
    if depth < 2 and draw < (0.45 if depth == 0 else 0.08):
        return {"type": "Sequence", "pretokenizers": [random_pre_tokenizer(rng, depth + 1) for _ in range(rng.randint(0 if depth else 1, 3))]}
    kind = rng.choice(kinds)
    flag = lambda: rng.random() < 0.5  # noqa: E731
    if kind == "ByteLevel":
        return {"type": kind, "add_prefix_space": flag(), "trim_offsets": True, "use_regex": flag()}
    if kind == "CharDelimiterSplit":
        return {"type": kind, "delimiter": rng.choice([" ", "-", "|", "é", "漢", "a", code_point(rng)])}
    if kind == "Metaspace":
        scheme = rng.choice(["always", "first", "never"])
        return {"type": kind, "replacement": rng.choice(["▁", "▁", "▁", "_", "Ġ", "a", "🙂"]), "prepend_scheme": scheme, "split": flag()}
    if kind == "Split":
        return {"type": kind, "pattern": pattern_of(rng), "behavior": rng.choice(BEHAVIORS), "invert": rng.random() < 0.3}
    if kind == "Punctuation":
        return {"type": kind, "behavior": rng.choice(BEHAVIORS)}
    if kind == "Digits":
        return {"type": kind, "individual_digits": flag()}
    if kind == "FixedLength":
        return {"type": kind, "length": rng.choice([1, 2, 3, 5, 17])}
    return {"type": kind}


def added_tokens(rng: Random, vocab: list[str]) -> list[Json]:
    """Contents that overlap, hold spaces, change under normalisation, repeat, or stand in the vocabulary already."""
    def content() -> str:
        draw = rng.random()
        if draw < 0.2 and vocab:
            return rng.choice(vocab)
        if draw < 0.35:
            return " ".join(pseudo_word(rng, LETTERS[0]) for _ in range(rng.randint(1, 3)))
        if draw < 0.5:
            return rng.choice(SPECIALS)
        if draw < 0.6:
            return rng.choice(COMPOSED + ["Naïve", "CAFÉ", "İ", "Straße", "ΟΔΟΣ", "ﬁx", "Ａ"])
        if draw < 0.7:
            return rng.choice(["a", "ab", "abc", "bc", "b", "aa", "aaa", "ba"])
        if draw < 0.8:
            return rng.choice([" ", "  ", "\n", "\t", " a", "a ", " a b ", ".", "'s", "-", "漢", "漢字", "🙂", "👩‍👩", "\u0301", "9", "²", "_", "x_y", "\u200d"])
        if draw < 0.9:
            return rng.choice(rng.choice(SENTENCES).split(" "))
        return "".join(code_point(rng) for _ in range(rng.randint(1, 4)))

    tokens = []
    for _ in range(rng.randint(1, 10)):
        flag = lambda: rng.random() < 0.35  # noqa: E731
        text = tokens[-1]["content"][: rng.randint(1, 4)] if tokens and rng.random() < 0.15 else content()
        tokens.append(_added(text, single_word=flag(), lstrip=flag(), rstrip=flag(), normalized=rng.random() < 0.5, special=rng.random() < 0.3))
    return tokens


# Adversarial models: small vocabularies over small alphabets, so that ties, overlaps and gaps are common.


def _alphabet(rng: Random, byte_level: bool) -> list[str]:
    if byte_level:
        letters = "".join(rng.choices("aebcĠĠÃ©ĊłåŃĹð1.", k=6))
        return list(dict.fromkeys(letters)) if rng.random() < 0.5 else BYTE_ALPHABET
    pools = ["ab", "abc", "aeiost", "abé", "▁ab", "▁aeiost", "漢字かな", "ab1.,", "aA bB", "🙂👍a", "a\u0301\u0308e", rng.choice(LETTERS)[:8], "한국어가"]
    letters = list(dict.fromkeys(rng.choice(pools)))
    return letters + [code_point(rng) for _ in range(rng.choice([0, 0, 2]))]


def _strings(rng: Random, alphabet: list[str], count: int, longest: int) -> list[str]:
    out = ["".join(rng.choices(alphabet, k=min(1 + int(rng.expovariate(0.6)), longest))) for _ in range(count)]
    return list(dict.fromkeys(out))


def _ids(rng: Random, tokens: list[str]) -> dict[str, int]:
    """Ids in order, in no order, or with gaps."""
    tokens = list(dict.fromkeys(tokens))
    ids = list(range(len(tokens)))
    draw = rng.random()
    if draw < 0.3:
        rng.shuffle(ids)
    elif draw < 0.36:
        ids = sorted(rng.sample(range(len(tokens) * 3), len(tokens)))
    return dict(zip(tokens, ids))


def random_bpe(rng: Random, byte_level: bool) -> Json:
    alphabet = _alphabet(rng, byte_level)
    prefix = rng.choice([None, None, None, "##", "@", "", "ab"])
    suffix = rng.choice([None, None, None, "</w>", "@", "", "b"])
    tokens = list(alphabet)
    if prefix:
        tokens += [prefix + letter for letter in alphabet]
    if suffix:
        tokens += [letter + suffix for letter in alphabet]
    if prefix and suffix:
        tokens += [prefix + letter + suffix for letter in alphabet]
    if rng.random() < 0.4:
        tokens = rng.sample(tokens, max(1, int(len(tokens) * 0.8)))
    tokens = list(dict.fromkeys(tokens))
    merges: list[tuple[str, str]] = []
    cut = len(prefix) if prefix else 0
    for _ in range(rng.choice([0, 5, 20, 60, 150])):
        left, right = rng.choice(tokens), rng.choice(tokens)
        # The reference cuts the prefix off whatever stands right, and may abort where it is not there.
        if prefix and not right.startswith(prefix):
            continue
        merged = left + right[cut:]
        if len(merged) <= 12:
            merges.append((left, right))
            if merged not in tokens:
                tokens.append(merged)
    if rng.random() < 0.15:
        rng.shuffle(merges)
    unk = rng.choice([None, "<unk>", "<unk>", "[UNK]", alphabet[0]])
    byte_fallback = rng.random() < 0.35
    extra = []
    if byte_fallback:
        extra += BYTE_TOKENS if rng.random() < 0.6 else rng.sample(BYTE_TOKENS, rng.randint(1, 255))
    if unk and rng.random() < 0.9:
        extra.insert(0, unk)
    extra += _strings(rng, alphabet, rng.choice([0, 0, 10]), 5)
    model: Json = {
        "type": "BPE", "dropout": rng.choice([None, None, None, 0.0]), "unk_token": unk, "continuing_subword_prefix": prefix, "end_of_word_suffix": suffix,
        "fuse_unk": rng.random() < 0.5, "byte_fallback": byte_fallback, "ignore_merges": rng.random() < 0.35,
        "vocab": _ids(rng, extra + tokens),
        "merges": [list(pair) for pair in merges] if rng.random() < 0.7 else [" ".join(pair) for pair in merges],
    }
    return model


def random_unigram(rng: Random, byte_level: bool) -> Json:
    alphabet = _alphabet(rng, byte_level)
    pieces = _strings(rng, alphabet, rng.choice([3, 15, 60, 200]), rng.choice([2, 4, 8]))
    if rng.random() < 0.6:
        pieces = list(dict.fromkeys(alphabet + pieces))
    ladder = rng.choice([[-1.0], [-1.0, -2.0], [-1.0, -2.0, -3.0, -4.0], [0.0], [-0.5, 0.25], [1.5, -20.0], [-1, -2, -3], [-1e-7, -1e7], None, None])
    score = (lambda: rng.choice(ladder)) if ladder else (lambda: -rng.uniform(0, 15))
    vocab = [[piece, score()] for piece in pieces]
    byte_fallback = rng.random() < 0.4
    if byte_fallback:
        vocab += [[token, score()] for token in (BYTE_TOKENS if rng.random() < 0.6 else rng.sample(BYTE_TOKENS, rng.randint(1, 255)))]
    if rng.random() < 0.15:
        vocab.append([rng.choice(pieces), score()])
    rng.shuffle(vocab)
    draw = rng.random()
    unk_id = None
    if draw < 0.85:
        unk_id = rng.randint(0, len(vocab))
        vocab.insert(unk_id, [rng.choice(["<unk>", "[UNK]"]), rng.choice([0.0, -10.0, score()])])
    elif draw < 0.9:
        unk_id = rng.randrange(len(vocab))
    elif draw < 0.93:
        unk_id = len(vocab) + rng.randint(0, 2)
    model: Json = {"type": "Unigram", "unk_id": unk_id, "vocab": vocab, "byte_fallback": byte_fallback}
    if rng.random() < 0.1:
        del model["byte_fallback"]
    return model


def random_word_piece(rng: Random, byte_level: bool) -> Json:
    alphabet = _alphabet(rng, byte_level)
    prefix = rng.choice(["##", "##", "", "@@", "a", "▁", "é#"])
    heads = _strings(rng, alphabet, rng.choice([3, 20, 80]), 6)
    tails = [prefix + tail for tail in _strings(rng, alphabet, rng.choice([3, 20, 80]), 6)]
    unk = rng.choice(["[UNK]", "[UNK]", "[UNK]", "<unk>", heads[0]])
    tokens = ([unk] if rng.random() < 0.92 else []) + heads + tails
    if rng.random() < 0.5:
        tokens += alphabet + [prefix + letter for letter in alphabet]
    return {"type": "WordPiece", "unk_token": unk, "continuing_subword_prefix": prefix, "max_input_chars_per_word": rng.choice([100, 100, 0, 1, 2, 5, 20]), "vocab": _ids(rng, tokens)}


def random_word_level(rng: Random, byte_level: bool) -> Json:
    alphabet = _alphabet(rng, byte_level)
    unk = rng.choice(["[UNK]", "<unk>"])
    words = _strings(rng, alphabet, rng.choice([3, 30, 200]), 8) + [pseudo_word(rng) for _ in range(20)]
    return {"type": "WordLevel", "vocab": _ids(rng, ([unk] if rng.random() < 0.85 else []) + words), "unk_token": unk}


MODELS = [random_bpe, random_bpe, random_unigram, random_unigram, random_word_piece, random_word_level]


def adversarial(rng: Random, charsmaps: list[str]) -> Json:
    """A random model behind a random pipeline."""
    normalizer = random_normalizer(rng, charsmaps)
    pre_tokenizer = random_pre_tokenizer(rng)
    byte_level = '"ByteLevel"' in json.dumps([normalizer, pre_tokenizer])
    data = assemble(rng.choice(MODELS)(rng, byte_level), normalizer, pre_tokenizer, [])
    vocab = vocabulary(data)
    if rng.random() < 0.6:
        data["added_tokens"] = added_tokens(rng, vocab)
    known = {token: index for index, token in enumerate(vocab)}
    model_vocab = data["model"]["vocab"]
    fresh = len(set(vocab))
    for token in data["added_tokens"]:
        content = token["content"]
        if isinstance(model_vocab, dict) and content in model_vocab:
            token["id"] = model_vocab[content]
        elif content in known:
            token["id"] = known[content]
        else:
            known[content] = token["id"] = fresh
            fresh += 1
        if rng.random() < 0.03:
            token["id"] += rng.randint(1, 50)
    draw = rng.random()
    if draw < 0.1:
        data["truncation"] = {"direction": rng.choice(["Left", "Right"]), "max_length": rng.randint(1, 8), "strategy": "LongestFirst", "stride": 0}
    if 0.05 < draw < 0.15:
        data["padding"] = {"strategy": rng.choice(["BatchLongest", {"Fixed": 12}]), "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": vocab[0]}
    if draw > 0.9:
        data["decoder"] = rng.choice([{"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}, {"type": "Fuse"}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}])
    if draw > 0.95:
        data["post_processor"] = rng.choice([
            {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True},
            {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True, "add_prefix_space": False},
            {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}], "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}},
        ])
    return data


def altered(rng: Random, charsmaps: list[str]) -> tuple[Json, str]:
    """A valid tokenizer with one field that decides ids dropped, emptied or of another type: which ones does the reference require?"""
    data = adversarial(rng, charsmaps)
    places: list[tuple[Any, Any, str]] = []

    def visit(value: Any, path: str) -> None:
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
        for key, child in list(items):
            here = f"{path}.{key}"
            if path in ("$.model.vocab", "$.model.merges") or path.startswith("$.model.vocab."):
                if rng.random() < 0.9:
                    continue
            places.append((value, key, here))
            visit(child, here)

    for part in ("added_tokens", "normalizer", "pre_tokenizer", "model"):
        places.append((data, part, f"$.{part}"))
        visit(data[part], f"$.{part}")
    holder, key, path = rng.choice(places)
    action = rng.choice(["drop", "null", "other", "other"])
    if action == "drop":
        del holder[key]
    elif action == "null":
        holder[key] = None
    else:
        holder[key] = rng.choice([True, False, 0, 1, 3, -1, 1.5, "", "a", "Foo", "first", [], {}, ["a"], {"Regex": "a"}, {"String": "a"}, [["a", 1]], {"a": 0}])
    return data, f"{action} {path}"


_SURROUNDINGS = [("", ""), ("a", "b"), ("a", "b"), (" ", " "), ("e", "\u0301"), ("1", "2"), ("\u0301", "A"), ("x ", " y"), ("\u1100", "\u1161"), ("🙂", "\u200d")]


def exposed(rng: Random, charsmaps: list[str]) -> tuple[Json, list[str]]:
    """One or two components behind which the model hides nothing, with a text for each code point of a whole block.

    Behind a normalizer the ids are the bytes of the normalised text; behind a pre-tokenizer each piece is one id.
    """
    normalizer = pre_tokenizer = None
    if rng.random() < 0.65:
        while normalizer is None:
            normalizer = random_normalizer(rng, charsmaps, 1)
        vocab = {token: value for value, token in enumerate(BYTE_TOKENS)}
        model: Json = {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
            "fuse_unk": False, "byte_fallback": True, "ignore_merges": False, "vocab": vocab, "merges": [],
        }
    else:
        while pre_tokenizer is None:
            pre_tokenizer = random_pre_tokenizer(rng, 1)
        model = {"type": "WordPiece", "unk_token": "?", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": {"?": 0, "a": 1, "b": 2}}
    before, after = rng.choice(_SURROUNDINGS)
    start = rng.choice(BLOCKS)[0] if rng.random() < 0.8 else rng.randrange(0x110000)
    block = [value for value in range(start, min(start + 1000, 0x110000)) if not 0xD800 <= value <= 0xDFFF]
    return assemble(model, normalizer, pre_tokenizer, []), [f"{before}{chr(value)}{after}" for value in block]


def pieces_near(rng: Random, data: Json) -> tuple[list[str], list[str]]:
    """Strings to build texts from: tokens with the marks of spaces, bytes and continuations undone, and added contents."""
    vocab = data.get("model", {}).get("vocab") if isinstance(data.get("model"), dict) else None
    tokens: list[str] = []
    if isinstance(vocab, dict):
        tokens = [token for token in vocab if isinstance(token, str)]
    elif isinstance(vocab, list):
        tokens = [entry[0] for entry in vocab if isinstance(entry, list) and entry and isinstance(entry[0], str)]
    tokens = rng.sample(tokens, min(len(tokens), 60))
    byte_of = {character: value for value, character in _byte_characters().items()}
    plain = []
    for token in tokens:
        plain.append(token.replace("▁", " ").removeprefix("##"))
        if token and all(character in byte_of for character in token):
            decoded = bytes(byte_of[character] for character in token).decode("utf-8", "ignore")
            if decoded:
                plain.append(decoded)
    added = data.get("added_tokens")
    contents = [entry["content"] for entry in added if isinstance(entry, dict) and isinstance(entry.get("content"), str)] if isinstance(added, list) else []
    return tokens + plain, contents


def _byte_characters() -> dict[int, str]:
    """The character that byte-level tokenizers write for each byte: itself where printable, else one from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {value: chr(value) for value in printable}
    spare = 0x100
    for value in range(256):
        if value not in table:
            table[value] = chr(spare)
            spare += 1
    return table


def texts_for(rng: Random, data: Json, count: int) -> list[str]:
    pieces, contents = pieces_near(rng, data)
    return [random_text(rng, pieces, contents) for _ in range(count)]


def signature(data: Json) -> str:
    """One line that says what a tokenizer is made of, to group failures by."""
    def types(component: Any) -> str:
        if not isinstance(component, dict):
            return "-"
        inner = component.get("normalizers", component.get("pretokenizers"))
        if isinstance(inner, list):
            return f"[{', '.join(types(part) for part in inner)}]"
        return str(component.get("type"))

    added = data.get("added_tokens")
    count = len(added) if isinstance(added, list) else 0
    return f"{types(data.get('model'))} · {types(data.get('normalizer'))} · {types(data.get('pre_tokenizer'))} · {count} added"


