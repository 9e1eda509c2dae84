"""Writes what the reference library does with random small models: the cases of src/models/reference.test.ts.

Needs Python 3.10 and tokenizers 0.23.3. One line of JSON a case: the `model` of a tokenizer.json, then either
`"refused": true` or texts with the ids of each, null where encoding fails.

    python scripts/model-fixtures.py                                     # the committed fixture
    python scripts/model-fixtures.py --seed 7 --cases 20000 --output cases.jsonl
    MODEL_CASES=$PWD/cases.jsonl npx vitest run src/models/reference.test.ts
"""

import argparse
import copy
import json
import random
from collections import Counter
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer

FIXTURE = Path(__file__).parent.parent / "src/models/fixtures/model-cases.jsonl"
NAMED_FIXTURE = FIXTURE.with_name("named-cases.jsonl")
SCORES_FIXTURE = FIXTURE.with_name("scores.json")
ALPHABETS = ["ab", "abc", "aé1", "ab#", "a日本", "a😀😁", "a\u0301b", "ab ", "<0x41>a", "aA1_", "日😀é"]
STRANGERS = ["z", "ü", "語", "🎉", "\u0302", "\0", "\u00a0", "\uffff", "\U0010ffff", "7"]


def strings(rng, alphabet, count, longest=4):
    return ["".join(rng.choice(alphabet) for _ in range(rng.randint(1, longest))) for _ in range(count)]


def ids_for(rng, tokens):
    """Each token's id: mostly 0, 1, 2, …, sometimes shuffled, with gaps, or up to the largest id."""
    tokens = list(dict.fromkeys(tokens))
    ids = list(range(len(tokens)))
    kind = rng.random()
    if kind < 0.3:
        rng.shuffle(ids)
    elif kind < 0.4:
        ids = rng.sample(range(0, 2**32), len(tokens))
        if ids:
            ids[0] = 2**32 - 1
    return dict(zip(tokens, ids))


def byte_tokens(rng, texts):
    """Byte tokens for all bytes, for the texts' bytes, for half of those, or none."""
    used = sorted({byte for text in texts for byte in text.encode()})
    kind = rng.random()
    if kind < 0.02:
        used = range(256)
    elif kind < 0.5:
        used = [byte for byte in used if rng.random() < 0.7]
    elif kind < 0.6:
        used = []
    return [f"<0x{byte:02X}>" for byte in used]


def random_texts(rng, alphabet, tokens, count=3):
    texts = []
    for _ in range(count):
        kind = rng.random()
        if kind < 0.2:
            text = rng.choice(alphabet) * rng.randint(1, 24)
        elif kind < 0.5 and tokens:
            text = "".join(rng.choice(tokens) for _ in range(rng.randint(1, 5)))
        else:
            text = "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 16)))
        if rng.random() < 0.4:
            for _ in range(rng.randint(1, 3)):
                at = rng.randint(0, len(text))
                text = text[:at] + rng.choice(STRANGERS) + text[at:]
        if text:
            texts.append(text)
    return texts


def word_piece(rng):
    alphabet = list(rng.choice(ALPHABETS))
    prefix = rng.choice(["##", "##", "##", "", "#", "a", "日", "😀x", "ab"])
    tokens = strings(rng, alphabet, rng.randint(1, 12))
    tokens += [prefix + token for token in strings(rng, alphabet, rng.randint(0, 12))]
    unknown = rng.choice(["[UNK]", "[UNK]", "[UNK]", "<unk>", "a", ""])
    if rng.random() < 0.9:
        tokens.insert(rng.randint(0, len(tokens)), unknown)
    if rng.random() < 0.1:
        tokens.append("")
    model = {
        "type": "WordPiece",
        "unk_token": unknown,
        "continuing_subword_prefix": prefix,
        "max_input_chars_per_word": rng.choice([100, 100, 100, 10**9, 2**53, 12, 5, 1, 0]),
        "vocab": ids_for(rng, tokens),
    }
    return model, random_texts(rng, alphabet, tokens)


def word_level(rng):
    alphabet = list(rng.choice(ALPHABETS))
    tokens = strings(rng, alphabet, rng.randint(1, 12), 3)
    unknown = rng.choice(["<unk>", "[UNK]", "a", ""])
    if rng.random() < 0.7:
        tokens.append(unknown)
    texts = random_texts(rng, alphabet, tokens) + [rng.choice(tokens)]
    return {"type": "WordLevel", "unk_token": unknown, "vocab": ids_for(rng, tokens)}, [t for t in texts if t]


def unigram(rng):
    alphabet = list(rng.choice(ALPHABETS))
    tokens = strings(rng, alphabet, rng.randint(1, 14), rng.choice([2, 4, 6]))
    tokens += [character for character in alphabet if rng.random() < 0.7]
    if rng.random() < 0.6:
        tokens.append("<unk>")
    if rng.random() < 0.2:
        tokens += rng.sample(STRANGERS, 2)
    if rng.random() < 0.1:
        tokens.append("")
    if rng.random() < 0.3:
        tokens.append("".join(rng.choice(STRANGERS) for _ in range(2)))
    texts = random_texts(rng, alphabet, tokens)
    if rng.random() < 0.4:
        tokens += byte_tokens(rng, texts)
    rng.shuffle(tokens)
    score = rng.choice(
        [
            lambda: -rng.uniform(0, 20),
            lambda: -rng.uniform(0, 20),
            lambda: -rng.uniform(0, 0.001),
            lambda: -float(rng.randint(0, 4)),
            lambda: -rng.randint(0, 40) / 10,
            lambda: rng.randint(-5, 5),
            lambda: rng.uniform(-1, 1) * 10.0 ** rng.randint(-320, 300),
            lambda: rng.uniform(-5, 5),
            lambda: 0.0,
        ]
    )
    model = {
        "type": "Unigram",
        "unk_id": rng.randrange(len(tokens)) if rng.random() < 0.85 else None,
        "vocab": [[token, score()] for token in tokens],
    }
    if rng.random() < 0.7:
        model["byte_fallback"] = rng.random() < 0.6
    return model, texts


def byte_pair(rng):
    alphabet = list(rng.choice(ALPHABETS))
    prefix = rng.choice([None, None, None, "", "##", "a", "日"])
    suffix = rng.choice([None, None, None, "", "</w>", "a", "本"])
    tokens = []
    for character in alphabet:
        for token in (character, (prefix or "") + character):
            for ending in ("", suffix or ""):
                if rng.random() < 0.85:
                    tokens.append(token + ending)
    unknown = rng.choice([None, "<unk>", "<unk>", "a"])
    if unknown is not None and rng.random() < 0.9:
        tokens.append(unknown)
    texts = random_texts(rng, alphabet, tokens)
    byte_fallback = rng.random() < 0.4
    if byte_fallback:
        tokens += byte_tokens(rng, [*texts, prefix or "", suffix or ""])
    tokens = list(dict.fromkeys(tokens)) or ["a"]
    merges = []
    for _ in range(rng.randint(0, 30)):
        left = rng.choice(tokens)
        rights = [token for token in tokens if token.startswith(prefix or "")]
        right = rng.choice(rights if rights and rng.random() < 0.97 else tokens)
        merged = left.encode() + right.encode()[len((prefix or "").encode()) :]
        if len(merged) <= 24:
            merges.append([left, right])
            # One that the vocabulary lacks makes the reference refuse the model.
            if rng.random() < 0.995:
                tokens.append(merged.decode(errors="ignore"))
    rng.shuffle(merges)
    texts += random_texts(rng, alphabet, tokens, 2)
    if rng.random() < 0.3 and not any(" " in token for pair in merges for token in pair):
        merges = [" ".join(pair) for pair in merges]
        if rng.random() < 0.3:
            merges.insert(0, "#version: 0.2")
    model = {
        "type": "BPE",
        "dropout": rng.choice([None, None, None, None, 0, 0.0, 1.0]),
        "unk_token": unknown,
        "continuing_subword_prefix": prefix,
        "end_of_word_suffix": suffix,
        "fuse_unk": rng.random() < 0.5,
        "byte_fallback": byte_fallback,
        "ignore_merges": rng.random() < 0.3,
        "vocab": ids_for(rng, tokens),
        "merges": merges,
    }
    return model, texts


FAMILIES = ["BPE", "WordPiece", "WordLevel", "Unigram", "untyped"]
JUNK = [None, "", "a", "[UNK]", 0, 1, -1, 1.5, 2**32, 2**70, 1e300, True, False, [], {}, ["a"], ["a", "b"], ["a", 1], {"a": 0}, {"a": -1}]


def mutate(rng, model):
    """Removes, replaces or adds something in one or two places."""
    model = copy.deepcopy(model)
    for _ in range(rng.randint(1, 2)):
        holder = model
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                break
            key = rng.choice(keys)
            if isinstance(holder[key], (dict, list)) and rng.random() < 0.6:
                holder = holder[key]
                continue
            action = rng.random()
            if action < 0.4:
                del holder[key]
            elif action < 0.9 or isinstance(holder, dict):
                holder[key] = copy.deepcopy(rng.choice(JUNK))
            else:
                holder.insert(key, copy.deepcopy(rng.choice(JUNK)))
            break
    # Between 0 and 1 the reference's ids are random.
    if not isinstance(model.get("dropout"), (int, float)) or not 0 < model["dropout"] < 1:
        return model
    return mutate(rng, model)


def scores_as_read(rng):
    """Scores whose last bit depends on the parser; the texts are runs of one character, where that bit decides."""
    tokens = ["<unk>", "a", "aa", "aaa", "aaaa"]

    def score():
        return -rng.uniform(0.5, 1.5) * rng.choice([1, 1, 3, 10])

    base = score()
    vocab = [[token, base * len(token) if rng.random() < 0.8 else score()] for token in tokens]
    return {"type": "Unigram", "unk_id": 0, "vocab": vocab}, ["a" * rng.randint(5, 40) for _ in range(2)]


def case_of(rng):
    kind = rng.random()
    make = rng.choice([byte_pair, byte_pair, byte_pair, unigram, unigram, unigram, scores_as_read, word_piece, word_piece, word_level])
    model, texts = make(rng)
    if kind < 0.1:
        model = mutate(rng, model)
    elif kind < 0.15:
        del model["type"]
        if rng.random() < 0.3:
            model = mutate(rng, model)
    return model, list(dict.fromkeys(texts))


def model_of(kind, **settings):
    defaults = {
        "WordPiece": {"unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100},
        "WordLevel": {"unk_token": "<unk>"},
        "Unigram": {"unk_id": 0},
        "BPE": {"vocab": {}, "merges": []},
    }
    return {"type": kind, **defaults[kind], **settings}


def vocabulary(*tokens):
    return {token: id for id, token in enumerate(tokens)}


BYTES_OF_E_ACUTE = [["<0xC3>", -9.0], ["<0xA9>", -9.0]]

# Behaviour, model or the text of its JSON, texts.
NAMED = [
    ("WordPiece counts code points against max_input_chars_per_word", model_of("WordPiece", max_input_chars_per_word=3, vocab=vocabulary("[UNK]", "😀", "##😀")), ["😀😀😀", "😀😀😀😀"]),
    ("WordPiece takes the longest token at each place", model_of("WordPiece", vocab=vocabulary("[UNK]", "a", "ab", "##b", "##bc", "##c")), ["abc", "abbc", "aabc"]),
    ("WordPiece makes the whole word unknown for one place without a token", model_of("WordPiece", vocab=vocabulary("[UNK]", "ab", "##b")), ["abbz", "z", "abbb"]),
    ("WordPiece never goes back on a longest token", model_of("WordPiece", vocab=vocabulary("[UNK]", "ab", "a", "##bc")), ["abc"]),
    ("WordPiece does not take the prefix itself for a continuation", model_of("WordPiece", vocab=vocabulary("[UNK]", "a", "##")), ["aa", "a##", "##"]),
    ("WordPiece continues with any token where the prefix is empty", model_of("WordPiece", continuing_subword_prefix="", vocab=vocabulary("[UNK]", "a", "ab", "")), ["aab", "aba", "b"]),
    ("WordPiece begins a word with a token that has the prefix where the text has it too", model_of("WordPiece", vocab=vocabulary("[UNK]", "##a", "a")), ["##a", "##a##a"]),
    ("WordPiece fails on an unknown word where the vocabulary lacks the unknown token", model_of("WordPiece", vocab=vocabulary("a")), ["a", "b", "a" * 101]),
    ("WordPiece takes every word for unknown where max_input_chars_per_word is 0", model_of("WordPiece", max_input_chars_per_word=0, vocab=vocabulary("[UNK]", "a")), ["a"]),
    ("WordPiece is refused without one of its settings", {"type": "WordPiece", "unk_token": "a", "continuing_subword_prefix": "", "vocab": {"a": 0}}, []),
    ("WordLevel takes the whole piece or the unknown token", model_of("WordLevel", vocab=vocabulary("<unk>", "ab", "é")), ["ab", "a", "é", "e\u0301"]),
    ("WordLevel fails on an unknown piece where the vocabulary lacks the unknown token", model_of("WordLevel", vocab=vocabulary("a")), ["a", "b"]),
    ("WordLevel is refused without unk_token", {"type": "WordLevel", "vocab": {"a": 0}}, []),
    ("Unigram takes the segmentation with the largest sum", model_of("Unigram", vocab=[["<unk>", 0], ["a", -1], ["b", -1], ["ab", -1.5], ["abb", -3.5]]), ["ab", "abb", "ba"]),
    ("Unigram keeps the longest last token of equal sums", model_of("Unigram", vocab=[["<unk>", 0], ["a", -1], ["aa", -2], ["aaa", -3]]), ["aa", "aaa", "aaaa", "aaaaa"]),
    ("Unigram decides by the last bit of scores as the JSON parser of the reference rounds them", model_of("Unigram", vocab=[["<unk>", 0], ["a", -1.7976930862103017], ["aa", -3.0135469037127365], ["aaa", -4.4217129370134875]]), ["a" * n for n in (4, 5, 7, 10, 11, 13, 17, 23)]),
    ("Unigram takes neighbouring unknown characters for one token", model_of("Unigram", vocab=[["<unk>", 0], ["a", -1]]), ["xyz", "xaz", "axxa", "😀日a"]),
    ("Unigram looks up unknown characters that together are a token too costly to choose", model_of("Unigram", vocab=[["<unk>", 0], ["a", -1], ["xy", -50], ["z", -60]]), ["xy", "axya", "xyx"]),
    ("Unigram takes the unknown token's own text for unknown, joined with its neighbours", model_of("Unigram", vocab=[["<unk>", 0], ["a", -1]]), ["<unk>", "a<unk>a", "x<unk>x"]),
    ("Unigram falls back to bytes only where all bytes of the run have tokens", model_of("Unigram", byte_fallback=True, vocab=[["<unk>", 0], ["a", -1], *BYTES_OF_E_ACUTE]), ["é", "aéa", "éx", "éé"]),
    ("Unigram counts the last of equal tokens", model_of("Unigram", vocab=[["<unk>", 0], ["a", -1], ["b", -2], ["a", -9], ["ab", -10]]), ["a", "ab"]),
    ("Unigram without unk_id fails on a character without a token", model_of("Unigram", unk_id=None, vocab=[["a", -1], ["ab", -1]]), ["a", "ab", "b", "abb"]),
    ("Unigram never matches an empty token", model_of("Unigram", vocab=[["<unk>", 0], ["", 5], ["a", -1]]), ["aa"]),
    ("Unigram takes scores of any size", model_of("Unigram", vocab=[["<unk>", -1e308], ["a", -1e308], ["aa", 1e308], ["aaa", 5e-324]]), ["aaaaaaa", "aaaaaa"]),
    ("Unigram is refused where unk_id is not below the vocabulary's size", model_of("Unigram", unk_id=1, vocab=[["a", -1]]), []),
    ("Unigram is refused where a token has three elements", model_of("Unigram", vocab=[["a", -1, 0]]), []),
    ("Unigram is refused where byte_fallback is null", model_of("Unigram", byte_fallback=None, vocab=[["a", -1]]), []),
    ("Unigram may have no tokens", model_of("Unigram", unk_id=None, vocab=[]), ["a"]),
    ("BPE merges by rank, and of one rank from the left", model_of("BPE", vocab=vocabulary("a", "b", "aa", "ab", "aab"), merges=[["a", "a"], ["a", "b"], ["aa", "b"]]), ["aaab", "aaaa", "aab", "abab"]),
    ("BPE drops a waiting merge whose neighbour has merged into another symbol", model_of("BPE", vocab=vocabulary("a", "b", "ab", "aa", "aab"), merges=[["a", "b"], ["a", "a"], ["a", "ab"]]), ["aab", "aaab", "aabaab"]),
    ("BPE counts the last of equal merges", model_of("BPE", vocab=vocabulary("a", "b", "c", "ab", "bc"), merges=[["a", "b"], ["b", "c"], ["a", "b"]]), ["abc"]),
    ("BPE puts bytes before an unknown character that comes first", model_of("BPE", unk_token="<unk>", byte_fallback=True, vocab=vocabulary("<unk>", "a", "<0xC3>", "<0xA9>")), ["xéa", "xéé", "éx", "xyé"]),
    ("BPE joins unknown characters across bytes where fuse_unk is set", model_of("BPE", unk_token="<unk>", fuse_unk=True, byte_fallback=True, vocab=vocabulary("<unk>", "a", "<0xC3>", "<0xA9>")), ["xyz", "xéy", "xay"]),
    ("BPE loses unknown characters where it has no unknown token", model_of("BPE", vocab=vocabulary("a", "b", "ab"), merges=[["a", "b"]]), ["axb", "x"]),
    ("BPE fails on an unknown character where the vocabulary lacks the unknown token", model_of("BPE", unk_token="<unk>", vocab=vocabulary("a")), ["a", "ax"]),
    ("BPE merges the unknown token as any other", model_of("BPE", unk_token="u", vocab=vocabulary("u", "a", "ua", "uu"), merges=[["u", "a"], ["u", "u"]]), ["xa", "xx", "ua"]),
    ("BPE puts the prefix before all characters but the first, and cuts it off in merges", model_of("BPE", continuing_subword_prefix="##", vocab=vocabulary("a", "##a", "aa", "##aa", "aaa"), merges=[["##a", "##a"], ["a", "##aa"]]), ["a", "aa", "aaa", "aaaa"]),
    ("BPE cuts the prefix's length off a token without the prefix", model_of("BPE", continuing_subword_prefix="#", vocab=vocabulary("a", "#a", "ba", "aa"), merges=[["a", "ba"], ["a", "#a"]]), ["aa"]),
    ("BPE puts the suffix behind the last character", model_of("BPE", end_of_word_suffix="</w>", vocab=vocabulary("a", "a</w>", "aa</w>"), merges=[["a", "a</w>"]]), ["a", "aa", "aaa"]),
    ("BPE falls back to the bytes of prefix and suffix too", model_of("BPE", continuing_subword_prefix="#", end_of_word_suffix="$", byte_fallback=True, vocab=vocabulary("a", "<0x23>", "<0x24>", "<0x61>")), ["a", "aa", "aaa"]),
    ("BPE takes a token whole where ignore_merges is set", model_of("BPE", ignore_merges=True, vocab=vocabulary("a", "b", "abb", "ab"), merges=[["a", "b"]]), ["abb", "ab", "abbb"]),
    ("BPE merges nothing, whole tokens neither, where dropout is 1", model_of("BPE", dropout=1.0, ignore_merges=True, vocab=vocabulary("a", "b", "ab"), merges=[["a", "b"]]), ["ab"]),
    ("BPE merges everything where dropout is 0", model_of("BPE", dropout=0.0, vocab=vocabulary("a", "b", "ab"), merges=[["a", "b"]]), ["ab"]),
    ("BPE is refused where dropout is above 1", model_of("BPE", dropout=1.5), []),
    ("BPE is refused where a merge makes a token that the vocabulary lacks", model_of("BPE", vocab=vocabulary("a", "abc", "b"), merges=[["a", "b"]]), []),
    ("BPE is refused where a merge needs a token that the vocabulary lacks", model_of("BPE", vocab=vocabulary("a", "ab"), merges=[["a", "b"]]), []),
    ("BPE reads merges as lines, without those of the version", model_of("BPE", vocab=vocabulary("a", "b", "ab"), merges=["#version: 0.2", "a b"]), ["ab"]),
    ("BPE is refused where a line has two spaces", model_of("BPE", vocab=vocabulary("a", "b", "ab"), merges=["a  b"]), []),
    ("BPE is refused where lines and pairs are mixed", model_of("BPE", vocab=vocabulary("a", "b", "ab"), merges=["a b", ["a", "b"]]), []),
    ("BPE is refused without merges", {"type": "BPE", "vocab": {}}, []),
    ("A model without a type and with merges is BPE", {"vocab": vocabulary("a", "b", "ab"), "merges": ["a b"], "unk_token": "a"}, ["ab"]),
    ("A model without a type whose merges are wrong is WordLevel", {"vocab": vocabulary("a", "b", "cde"), "merges": ["a b"], "unk_token": "a"}, ["ab", "b"]),
    ("A model without a type whose merges crash the reference is nothing", {"vocab": vocabulary("a", "b"), "merges": ["a b"], "unk_token": "a"}, []),
    ("A model without a type whose merges would crash the reference is WordLevel where another setting is wrong", {"vocab": vocabulary("a", "b"), "merges": ["a b"], "unk_token": "a", "fuse_unk": 1}, ["b"]),
    ("A model without a type and with WordPiece's settings is WordPiece", {"vocab": vocabulary("a", "##b"), "unk_token": "a", "continuing_subword_prefix": "##", "max_input_chars_per_word": 9}, ["ab", "b"]),
    ("A model without a type and with a list of scores is Unigram", {"vocab": [["a", -1], ["b", -2]], "unk_id": 1}, ["abx"]),
    ("A model of another type is refused", {"type": "Bigram", "vocab": {}}, []),
    ("A model whose type is null is refused", {"type": None, "vocab": {}, "unk_token": "a"}, []),
    ("The last of equal keys counts", '{"type":"WordLevel","unk_token":"b","vocab":{"a":0,"b":1,"a":7},"unk_token":"a"}', ["a", "b", "c"]),
    ("A key of the prototype is a token", '{"type":"WordLevel","unk_token":"constructor","vocab":{"__proto__":3,"constructor":4}}', ["__proto__", "x"]),
    ("Half of a surrogate pair in a token is refused", '{"type":"WordLevel","unk_token":"a","vocab":{"a":0,"\\ud83d":1}}', []),
    ("Half of a surrogate pair in a setting is refused", '{"type":"WordLevel","unk_token":"\\ude00","vocab":{"a":0}}', []),
    ("An id of 2**32 is refused", model_of("WordLevel", vocab={"a": 2**32}), []),
    ("An id of 2**32 - 1 is taken", model_of("WordLevel", vocab={"a": 2**32 - 1, "<unk>": 0}), ["a", "b"]),
]


def aborts(model):
    """Whether the reference would refuse the model with a message that is not UTF-8, which ends the process."""
    prefix, merges = model.get("continuing_subword_prefix"), model.get("merges")
    if not isinstance(prefix, str) or not isinstance(merges, list):
        return False
    for merge in merges:
        pair = merge.split(" ") if isinstance(merge, str) else merge
        if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], str):
            try:
                pair[1].encode()[len(prefix.encode()) :].decode()
            except UnicodeDecodeError:
                return True
    return False


def outcome(model, texts):
    model_json = model if isinstance(model, str) else json.dumps(model, ensure_ascii=False)
    text = f'{{"version":"1.0","model":{model_json}}}'
    try:
        tokenizer = Tokenizer.from_str(text)
    # A panic of the Rust code is a BaseException.
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return {"model": model, "refused": True}
    ids = []
    for text in texts:
        try:
            ids.append(tokenizer.encode(text, add_special_tokens=False).ids)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            ids.append(None)
    return {"model": model, "size": tokenizer.get_vocab_size(), "texts": texts, "ids": ids}


def scores_read(rng, count):
    """Numbers as written in JSON and as the reference reads them, which it shows by writing them again."""
    ranges = [
        lambda: -rng.uniform(0, 20),
        lambda: rng.uniform(0, 1e-5),
        lambda: rng.uniform(1e17, 1e24),
        lambda: rng.uniform(-1, 1) * 10.0 ** rng.randint(-322, 307),
    ]
    written = [0.5, -7.25, 5e-324, 1.7976931348623157e308, *(rng.choice(ranges)() for _ in range(count))]
    vocab = [[str(id), score] for id, score in enumerate(written)]
    model = {"type": "Unigram", "unk_id": None, "vocab": vocab}
    tokenizer = Tokenizer.from_str(json.dumps({"version": "1.0", "model": model}))
    read = [score for _, score in json.loads(tokenizer.to_str())["model"]["vocab"]]
    return list(zip(written, read))


def write(path, cases):
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n" for case in cases]
    path.write_text("".join(lines), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--cases", type=int, default=320)
    parser.add_argument("--output", type=Path, default=FIXTURE)
    arguments = parser.parse_args()
    if tokenizers.__version__ != "0.23.3":
        parser.error(f"needs tokenizers 0.23.3, found {tokenizers.__version__}")
    rng = random.Random(arguments.seed)
    counts = Counter()
    cases = []
    for _ in range(arguments.cases):
        model, texts = case_of(rng)
        while aborts(model):
            model, texts = case_of(rng)
        case = outcome(model, texts)
        cases.append(case)
        family = model.get("type", "untyped")
        family = family if family in FAMILIES else "other type"
        counts[f"{family} refused" if "refused" in case else family] += 1
        counts["texts"] += len(texts)
        counts["texts that fail"] += case.get("ids", []).count(None)
    write(arguments.output, cases)
    if arguments.output == FIXTURE:
        write(NAMED_FIXTURE, [{"name": name, **outcome(model, texts)} for name, model, texts in NAMED])
        SCORES_FIXTURE.write_text(json.dumps(scores_read(rng, 200), separators=(",", ":")) + "\n")
    print(f"seed {arguments.seed}:", dict(sorted(counts.items())))


if __name__ == "__main__":
    main()
