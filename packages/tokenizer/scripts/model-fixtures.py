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
    if kind < 0.15:
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
    score = lambda: -rng.uniform(0.5, 1.5) * rng.choice([1, 1, 3, 10])
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


def outcome(model, texts):
    text = json.dumps({"version": "1.0", "model": model}, ensure_ascii=False)
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--cases", type=int, default=520)
    parser.add_argument("--output", type=Path, default=FIXTURE)
    arguments = parser.parse_args()
    if tokenizers.__version__ != "0.23.3":
        parser.error(f"needs tokenizers 0.23.3, found {tokenizers.__version__}")
    rng = random.Random(arguments.seed)
    counts = Counter()
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    with arguments.output.open("w", encoding="utf-8") as file:
        for _ in range(arguments.cases):
            case = outcome(*case_of(rng))
            file.write(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n")
            family = str(case["model"].get("type", "untyped"))
            counts[f"{family} refused" if "refused" in case else family] += 1
            counts["texts"] += len(case.get("texts", []))
            counts["texts that fail"] += case.get("ids", []).count(None)
    print(f"seed {arguments.seed}:", dict(sorted(counts.items())))


if __name__ == "__main__":
    main()
