"""Writes what the reference library does with pre-tokenizers, added tokens, whole tokenizers and broken files:
the cases of src/pre-tokenizers/reference.test.ts and src/reference.test.ts.

Needs Python 3.10, tokenizers 0.23.3 and numpy. One line of JSON a case.

    python scripts/pipeline-fixtures.py                                  # the committed fixtures
    python scripts/pipeline-fixtures.py --seed 7 --cases 20000 --output cases.jsonl
    PIPELINE_CASES=$PWD/cases.jsonl npx vitest run src/reference.test.ts
"""

import argparse
import json
import os
import random
from pathlib import Path

os.environ["TOKENIZERS_PARALLELISM"] = "false"

import numpy
import tokenizers  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402
from tokenizers.pre_tokenizers import ByteLevel  # noqa: E402

SOURCE = Path(__file__).parent.parent / "src"

BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
REGEXES = [
    r"\s+", r"\w+", r"\d", r"[^\s]+", r"\s+(?!\S)|\s+", r"\p{L}+|\p{N}", r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"", r"a*", r"(?=a)", r"-|_", r"[A-Z][a-z]*", r".", r"\b", r"(a)(b)?", r" ?[^(\s|[.,!?…。，、।۔،])]+",
]
LITERALS = ["-", "--", " ", "", "a", "ab", "aa", "é", "e\u0301", "👍", ".", "▁", "日", "\n", "[", "(?i"]
WORDS = [
    "hello", "World", "the-final--countdown", "don't", "we'll", "I'M", "a", "ab", "aab", "x1y2", "3.14", "1,000",
    "日本語", "東京タワー", "ひらがな", "カタカナー", "한국어", "ไทย", "हिन्दी", "עברית", "العربية", "Ünïcödé", "İstanbul", "ΣΑΣ", "ß",
    "e\u0301a\u0300", "👍🏽", "👩\u200d👩\u200d👧", "𝟘𝟙", "²½Ⅷ٣", "_under_score_", "▁meta▁space", "Ġbyte", "[MASK]", "[mask]", "<s>", "</s>",
    "...", "!?", "$€+=", "«q»", "—", "·", "\u200b", "\u0301", "\ufffd", "\U0010ffff", "\u0378", "0", "[[[[", "~^`|", "𐐀𐐨", "\x00", "\x7f",
]
SPACES = [" ", "  ", "   ", "\t", "\n", "\r\n", "\u00a0", "\u3000", "\u2003", "\u0085", "\u2028", "\x1c", "\u180e", "\ufeff", "▁", ""]


def random_text(rng, contents=()):
    """Words and spaces of many kinds; where there are added tokens, those, glued to words and spaces."""
    pieces = []
    for _ in range(rng.randint(0, 6)):
        kind = rng.random()
        if contents and kind < 0.5:
            content = rng.choice(contents)
            pieces.append(rng.choice([content, content, content.upper(), content.lower(), content * 2, content[:-1]]))
        else:
            pieces.append(rng.choice(WORDS))
        pieces.append(rng.choice(SPACES) if rng.random() < 0.7 else rng.choice(["", "a", "_", "-", "1", "é"]))
    if rng.random() < 0.3:
        pieces.insert(0, rng.choice(SPACES))
    return "".join(pieces)


def random_pattern(rng):
    return {"Regex": rng.choice(REGEXES)} if rng.random() < 0.5 else {"String": rng.choice(LITERALS)}


def flag(rng):
    return rng.random() < 0.5


def random_pre_tokenizer(rng, depth=0):
    kind = rng.choice(["BertPreTokenizer", "ByteLevel", "CharDelimiterSplit", "Metaspace", "Metaspace", "Whitespace", "WhitespaceSplit",
                       "Punctuation", "Digits", "Split", "Split", "Split", "UnicodeScripts", "FixedLength", "Sequence", "Sequence"])
    result = {"type": kind}
    if kind == "ByteLevel":
        result |= {"add_prefix_space": flag(rng), "trim_offsets": flag(rng)} | ({"use_regex": flag(rng)} if flag(rng) else {})
    elif kind == "CharDelimiterSplit":
        result["delimiter"] = rng.choice([" ", "-", "a", "日", "👍", "_"])
    elif kind == "Metaspace":
        result["replacement"] = rng.choice(["▁", "▁", "▁", "_", "a", "👍", " "])
        result |= {"prepend_scheme": rng.choice(["always", "first", "never"])} if rng.random() < 0.85 else {}
        result |= {"split": flag(rng)} if flag(rng) else {}
        result |= {"add_prefix_space": result.get("prepend_scheme") != "never"} if rng.random() < 0.2 else {}
        result |= {"str_rep": "x"} if rng.random() < 0.1 else {}
    elif kind == "Punctuation":
        result |= {"behavior": rng.choice(BEHAVIORS)} if rng.random() < 0.8 else {}
    elif kind == "Digits":
        result["individual_digits"] = flag(rng)
    elif kind == "Split":
        result |= {"pattern": random_pattern(rng), "behavior": rng.choice(BEHAVIORS), "invert": flag(rng)}
    elif kind == "FixedLength":
        result |= {"length": rng.choice([1, 2, 3, 7, 2**40])} if flag(rng) else {}
    elif kind == "Sequence":
        count = 0 if rng.random() < 0.1 else rng.randint(1, 3)
        result["pretokenizers"] = [random_pre_tokenizer(rng, depth + 1) for _ in range(count)] if depth < 2 else []
    return result


def random_normalizer(rng, depth=0):
    kind = rng.choice(["BertNormalizer", "BertNormalizer", "Lowercase", "Lowercase", "NFC", "NFD", "NFKC", "NFKD", "Strip", "StripAccents",
                       "Replace", "Replace", "Prepend", "Nmt", "ByteLevel", "Sequence", "Sequence"])
    result = {"type": kind}
    if kind == "BertNormalizer":
        result |= {"clean_text": flag(rng), "handle_chinese_chars": flag(rng), "strip_accents": rng.choice([None, True, False]), "lowercase": flag(rng)}
    elif kind == "Strip":
        result |= {"strip_left": flag(rng), "strip_right": flag(rng)}
    elif kind == "Replace":
        result |= {"pattern": random_pattern(rng), "content": rng.choice(["", " ", "▁", "x", "日本", "- "])}
    elif kind == "Prepend":
        result["prepend"] = rng.choice(["▁", " ", "ab", ""])
    elif kind == "Sequence":
        result["normalizers"] = [random_normalizer(rng, depth + 1) for _ in range(rng.randint(0, 3))] if depth < 2 else []
    return result


CONTENTS = ["[MASK]", "[mask]", "<s>", "</s>", "ab", "a", "hello", "Hello", "é", "e\u0301", "日", "日本", "👍", " ", "  ", "\n", "▁", "▁a", "[", "[[", "[[[x",
            "don", "_", "x1", "world ", " world", "İ", "ß", "\u0301", "Ġ", "-", "", "İstanbul", "the", "a b", "1"]


def random_added_tokens(rng):
    """Now and then as published: special, as it is; else any content with any flags."""
    tokens = []
    for content in rng.choices(CONTENTS, k=rng.randint(0, 6)):
        plain = rng.random() < 0.3
        chance = 0 if plain else 0.35
        tokens.append({"id": rng.randint(0, 50), "content": content, "single_word": rng.random() < chance, "lstrip": rng.random() < chance,
                       "rstrip": rng.random() < chance, "normalized": not plain and flag(rng), "special": plain or rng.random() < 0.2})
    return tokens


def characters(texts):
    return sorted({character for text in texts for character in text})


def random_vocabulary(rng, texts):
    """Most single characters and some longer pieces of the texts, and some words of any kind."""
    pieces = [character for character in characters(texts) if rng.random() < 0.9]
    for text in texts:
        for _ in range(4):
            if text:
                start = rng.randrange(len(text))
                pieces.append(text[start:start + rng.randint(1, 6)])
    return list(dict.fromkeys(pieces + rng.sample(WORDS, 5) + ["▁", "▁a"]))


def random_model(rng, texts):
    family = rng.choice(["WordPiece", "Unigram", "BPE", "WordLevel"])
    if rng.random() < 0.3:
        texts = texts + ["".join(piece for piece, _ in ByteLevel(add_prefix_space=False).pre_tokenize_str(text)) for text in texts]
    vocabulary = random_vocabulary(rng, texts)
    if family == "WordLevel":
        unknown = rng.choice(["[UNK]", "[UNK]", "[UNK]", "a"])
        return {"type": family, "vocab": {token: i for i, token in enumerate(dict.fromkeys([unknown, *vocabulary]))}, "unk_token": unknown}
    if family == "WordPiece":
        prefix = rng.choice(["##", "##", ""])
        tokens = dict.fromkeys(["[UNK]", *vocabulary, *(prefix + token for token in vocabulary)])
        return {"type": family, "unk_token": "[UNK]", "continuing_subword_prefix": prefix, "max_input_chars_per_word": rng.choice([100, 5]),
                "vocab": {token: i for i, token in enumerate(tokens)}}
    if family == "Unigram":
        tokens = list(dict.fromkeys(["<unk>", *vocabulary]))
        return {"type": family, "unk_id": 0, "vocab": [[token, -float(rng.randint(1, 12))] for token in tokens], "byte_fallback": False}
    tokens = dict.fromkeys(["<unk>", *vocabulary])
    merges = [[token[:-1], token[-1]] for token in vocabulary if len(token) == 2 and token[0] in tokens and token[1] in tokens]
    return {"type": family, "vocab": {token: i for i, token in enumerate(tokens)}, "merges": merges,
            "unk_token": rng.choice([None, "<unk>"]), "fuse_unk": flag(rng)}


def tokenizer_json(model, normalizer=None, pre_tokenizer=None, added_tokens=(), **others):
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": list(added_tokens), "normalizer": normalizer,
            "pre_tokenizer": pre_tokenizer, "post_processor": None, "decoder": None, "model": model} | others


def load(text):
    """The reference's tokenizer, or None where it refuses or fails."""
    try:
        return Tokenizer.from_str(text)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return None


def ids_of(tokenizer, text):
    """The ids, "error" where the reference refuses the text, "panic" where it fails."""
    try:
        return tokenizer.encode_batch_fast([text], add_special_tokens=False)[0].ids
    except Exception:
        return "error"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return "panic"


def unknown_id(tokenizer):
    """As Model2Vec finds it."""
    if hasattr(tokenizer.model, "unk_token"):
        token = tokenizer.model.unk_token
        return None if token is None else tokenizer.token_to_id(token)
    return json.loads(tokenizer.to_str())["model"].get("unk_id")


def has_empty_token(case, tokenizer):
    """Whether an added token is empty once normalized: on some texts the reference then takes memory without end."""
    normalizer = tokenizer.normalizer
    tokens = [token["content"] for token in case["tokenizer"]["added_tokens"] if token["normalized"] and token["content"]]
    return normalizer is not None and any(normalizer.normalize_str(token) == "" for token in tokens)


def answer(case):
    """Adds what the reference says about a case's tokenizer and texts."""
    tokenizer = load(json.dumps(case["tokenizer"]))
    if tokenizer is None:
        return {"tokenizer": case["tokenizer"], "refused": True}
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if has_empty_token(case, tokenizer):
        case = case | {"texts": ["é"]}
    tokens = list(tokenizer.get_vocab())
    facts = {"vocabularySize": len(tokens), "medianTokenLength": int(numpy.median([len(token) for token in tokens])), "unknownId": unknown_id(tokenizer)}
    return {"tokenizer": case["tokenizer"], "facts": facts, "texts": {text: ids_of(tokenizer, text) for text in dict.fromkeys(case["texts"])}}


def random_case(rng, texts=4):
    added = random_added_tokens(rng)
    contents = [token["content"] for token in added if token["content"]]
    texts = [random_text(rng, contents) for _ in range(texts)]
    normalizer = random_normalizer(rng) if rng.random() < 0.7 else None
    pre_tokenizer = random_pre_tokenizer(rng) if rng.random() < 0.8 else None
    return {"tokenizer": tokenizer_json(random_model(rng, texts), normalizer, pre_tokenizer, added), "texts": texts}


def random_cases(seed, count):
    for number in range(count):
        yield answer(random_case(random.Random(f"{seed}:{number}")))


# Cases with a reason, rather than by chance.

LETTERS = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "", "max_input_chars_per_word": 100,
           "vocab": {token: i for i, token in enumerate(["[UNK]", *"abcxyzABC019 .,-_[]<>/sé日本▁İiß", "\u0301", "\u0307", "👍", "\n", "\u00a0"])}}


FEW_LETTERS = LETTERS | {"vocab": {token: i for i, token in enumerate(["[UNK]", *"abxé▁ "])}}


def token(content, **flags):
    return {"id": 0, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False} | flags


def added_case(tokens, texts, normalizer=None, pre_tokenizer=None, model=None):
    return {"tokenizer": tokenizer_json(model or LETTERS, normalizer, pre_tokenizer, tokens), "texts": texts}


def named_cases():
    lowercase = {"type": "Lowercase"}
    strip = {"type": "Strip", "strip_left": True, "strip_right": True}
    # Ids: an existing token keeps its own, the others go on from the vocabulary's size, whatever the file says.
    yield added_case([token("a", id=7), token("new", id=1), token("new2", id=1), token("x", id=99)], ["anewnew2x", "new2new"])
    yield added_case([token("q"), token("q", lstrip=True), token(""), token("w")], ["a q w", "qq"])
    gaps = {"type": "WordLevel", "vocab": {"a": 0, "b": 5, "[UNK]": 2}, "unk_token": "[UNK]"}
    yield added_case([token("b"), token("q"), token("r"), token("s")], ["b", "q", "r", "s", "bq"], model=gaps)
    twins = {"type": "WordLevel", "vocab": {"A": 0, "b": 0, "[UNK]": 1}, "unk_token": "[UNK]"}
    yield added_case([token("A", normalized=True), token("b", normalized=True)], ["A", "a", "b", "ab"], lowercase, model=twins)
    yield added_case([token("[UNK]"), token("A")], ["[UNK]AaA", "?"], lowercase)
    # Matching: leftmost, then longest, over all of them; raw before normalized.
    yield added_case([token("a"), token("ab"), token("abcx"), token("bc")], ["abc", "abcx", "abcy", "aab", "bcabc", "ababcabcx"])
    yield added_case([token("[["), token("["), token("[[[x")], ["[", "[[", "[[[", "[[[[", "[[[x", "[[[[x", "[[[[[[y"])
    yield added_case([token("A"), token("a", normalized=True), token("Ax", normalized=True)], ["A", "a", "Ax", "aX", "aAxA", "ÀA"], lowercase)
    yield added_case([token("é", normalized=True), token("e\u0301")], ["é", "e\u0301", "éa", "ae\u0301"], {"type": "NFC"})
    # Whole words only: what is dropped still hides what begins in it.
    yield added_case([token("ab", single_word=True), token("bc"), token("b")], ["ab", "abc", " ab ", "xab", "ab-ab", "ab_", "aba", "ab\u0301", "éab", "ab日", "ab👍", "👍ab", "ab\u200d", "²ab", "abab", "𝟘ab", "ab𐐀"])
    yield added_case([token("-", single_word=True), token("👍", single_word=True)], ["-", "a-", "-a", " - ", "a👍", "👍👍"])
    # White space on either side.
    space = [token("x", lstrip=True), token("y", rstrip=True), token("z", lstrip=True, rstrip=True)]
    yield added_case(space, ["a x b", "a y b", "a z b", "  x  ", "  y  ", "  z  ", "y  x", "x  y", "y z x", "z z z", "y\u00a0\u3000x", "\x1cx\x1c", "y\u180ex", "\u200bx", "y\u0085\u2028z", "\ufeffx", "x", "  "])
    yield added_case([token("x", rstrip=True), token(" ")], ["x   a", "x a", " x  x "])
    yield added_case([token("x", rstrip=True), token(" ", lstrip=True)], ["x   a", "xa", " x", "   "])
    yield added_case([token(" ", lstrip=True, rstrip=True)], ["    a", "a  b", " ", "a"])
    yield added_case([token(" ", rstrip=True)], ["    a", "a  b", " ", "a"])
    yield added_case([token("x", single_word=True, lstrip=True, rstrip=True)], ["a x b", "ax b", " x x xa x "])
    # Normalized to the same, and to nothing: the reference takes any of the former, and fails on the latter.
    yield added_case([token(" ", normalized=True)], ["é"], strip)
    # Metaspace: what counts as the beginning, after normalizers that drop or insert there and after tokens.
    for normalizer in [None, strip, {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"Regex": "^a"}, "content": ""}, {"type": "Replace", "pattern": {"String": "a"}, "content": ""},
                       {"type": "NFD"}, {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "b"}, {"type": "Replace", "pattern": {"String": "b"}, "content": ""}]}]:
        for scheme in ["first", "always", "never"]:
            metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": scheme != "never"}
            for pre_tokenizer in [metaspace, {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace]}]:
                yield added_case([token("<s>"), token("x", normalized=True)], ["a b", " a b", "<s>a b", "a<s> b", "xa", "ax b", "", " ", "aab", "▁a", "éa <s> x<s>a"], normalizer, pre_tokenizer, FEW_LETTERS)


def pre_tokenizer_cases(rng, count):
    """Each kind with each option alone, then sequences, on adversarial texts; what the reference fails on is left out."""
    configurations = {}
    while len(configurations) < count:
        configuration = random_pre_tokenizer(rng)
        configurations[json.dumps(configuration)] = configuration
    for configuration in configurations.values():
        tokenizer = load(json.dumps(tokenizer_json(LETTERS, pre_tokenizer=configuration)))
        texts = {}
        for text in [random_text(rng) for _ in range(5)]:
            try:
                texts[text] = [piece for piece, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text)]
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
        yield {"preTokenizer": configuration, "texts": texts}


# Files: whether the reference accepts them. `text` is the file, as JSON escapes it.

SMALL = {"type": "WordLevel", "vocab": {"a": 0, "b": 1, "[UNK]": 2}, "unk_token": "[UNK]"}
TRUNCATION = {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0}
PADDING = {"strategy": "BatchLongest", "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}
TEXT = {"Sequence": {"id": "A", "type_id": 0}}
CLASS = {"SpecialToken": {"id": "[CLS]", "type_id": 0}}
TEMPLATE = {"type": "TemplateProcessing", "single": [CLASS, TEXT], "pair": [TEXT, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [1], "tokens": ["[CLS]"]}}}
BERT = {"type": "BertProcessing", "sep": ["[SEP]", 102], "cls": ["[CLS]", 101]}


def variants(value):
    """The value without each key, and with each key's value of another type or size."""
    yield value
    for key in value:
        yield {name: member for name, member in value.items() if name != key}
        for other in [None, -1, 1.5, 2**70, "Foo", []]:
            yield value | {key: other}


def loading_variants():
    """Parts that are put in place of the small tokenizer's; whole texts."""
    for key in ["version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model", "other"]:
        yield key
        for value in [None, True, 5, "1.0", "2.0", [], {}, {"type": "Foo"}, {"type": 1}, {"type": None}]:
            yield {key: value}
    for part in variants(TRUNCATION):
        yield {"truncation": part}
    for part in [*variants(PADDING), PADDING | {"strategy": {"Fixed": 5}}, PADDING | {"strategy": {"Fixed": -5}}, PADDING | {"pad_to_multiple_of": 8}]:
        yield {"padding": part}
    for part in variants(token("q")):
        yield {"added_tokens": [part]}
    for part in [*variants(TEMPLATE), *variants(BERT), *variants(BERT | {"type": "RobertaProcessing", "trim_offsets": True, "add_prefix_space": True}),
                 *variants({"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True}), *variants({"type": "Sequence", "processors": [BERT, TEMPLATE]})]:
        yield {"post_processor": part}
    for part in [*variants({"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}), *variants({"type": "CharDelimiterSplit", "delimiter": "-"}),
                 {"type": "CharDelimiterSplit", "delimiter": "👍"}, {"type": "CharDelimiterSplit", "delimiter": "e\u0301"}, {"type": "Delimiter", "delimiter": "-"},
                 *variants({"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "add_prefix_space": True, "split": True, "str_rep": "x"}),
                 *variants({"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never", "add_prefix_space": False}), {"type": "Metaspace", "replacement": "▁", "add_prefix_space": False},
                 *variants({"type": "Split", "pattern": {"String": "a"}, "behavior": "Isolated", "invert": False}), *variants({"type": "Punctuation", "behavior": "Isolated"}),
                 *variants({"type": "Digits", "individual_digits": True}), *variants({"type": "Sequence", "pretokenizers": [{"type": "Whitespace"}]}), {"type": "FixedLength", "length": 3},
                 {"type": "FixedLength"}, {"type": "FixedLength", "length": -1}, {"type": "FixedLength", "length": None}, {"type": "UnicodeScripts", "other": 1}, {"type": "whitespace"},
                 {"type": "Sequence", "pretokenizers": [{"type": "Whitespace"}, None]}, {"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated", "invert": False},
                 {"type": "Split", "pattern": {"Regex": "a", "String": "a"}, "behavior": "Isolated", "invert": False}, {"delimiter": "-"}]:
        yield {"pre_tokenizer": part}


def loading_texts():
    plain = json.dumps(tokenizer_json(SMALL))
    yield "\ufeff" + plain
    yield plain + " x"
    yield plain[:-1]
    yield " \n\t" + plain + "\r\n"
    yield plain.replace("null", "nul", 1)
    yield plain.replace('"a"', "'a'", 1)
    yield plain.replace(": 0", ": 1e999")
    yield plain.replace(": 0", ": 00")
    yield plain.replace(": 0", ": +0")
    yield plain.replace('"a"', '"\x01"', 1)
    yield plain.replace('"a"', '"\\ud83d"', 1)
    yield plain.replace('"a"', '"\\ud83d\\ude00"', 1)
    yield plain.replace('"a"', '"\\x41"', 1)
    yield plain.replace("[]", "[,]", 1)
    yield plain.replace("2}", "2,}", 1)
    for text in ["", "null", "[]", "5", "{}", "{", '"', '{"model"', "\x00"]:
        yield text
    for depth in [60, 61, 62, 63, 64, 70]:
        nested = '{"type":"Whitespace"}'
        for _ in range(depth):
            nested = '{"type":"Sequence","pretokenizers":[' + nested + "]}"
        yield plain.replace('"pre_tokenizer": null', f'"pre_tokenizer": {nested}')


def loading_cases():
    """First the tokenizer that all the `put` and `drop` cases start from."""
    small = tokenizer_json(SMALL)
    yield small
    for variant in {json.dumps(variant): variant for variant in loading_variants()}.values():
        if isinstance(variant, str):
            yield {"drop": variant, "accepted": load(json.dumps({key: value for key, value in small.items() if key != variant})) is not None}
        else:
            yield {"put": variant, "accepted": load(json.dumps(small | variant)) is not None}
    for text in dict.fromkeys(loading_texts()):
        yield {"text": text, "accepted": load(text) is not None}


def write(path, cases):
    path.parent.mkdir(exist_ok=True)
    cases = list(cases)
    path.write_text("".join(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n" for case in cases), "utf-8")
    print(f"{path}: {len(cases)} cases, {path.stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", default="1")
    parser.add_argument("--cases", type=int, default=36)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    assert tokenizers.__version__ == "0.23.3", tokenizers.__version__
    if arguments.output is not None:
        write(arguments.output, random_cases(arguments.seed, arguments.cases))
        return
    write(SOURCE / "pre-tokenizers/fixtures/pre-tokenizer-cases.jsonl", pre_tokenizer_cases(random.Random(arguments.seed), 90))
    write(SOURCE / "fixtures/pipeline-cases.jsonl", [*map(answer, named_cases()), *random_cases(arguments.seed, arguments.cases)])
    write(SOURCE / "fixtures/loading-cases.jsonl", loading_cases())


if __name__ == "__main__":
    main()
