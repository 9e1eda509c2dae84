"""Writes small models of every tokenizer family, and what Python's model2vec makes of texts with them.

Run with model2vec==0.10.0 and tokenizers==0.23.3 installed: python scripts/encode-fixtures.py
Models go to ../src/fixtures/<name>/, results to ../src/fixtures/encode.json.
"""

import base64
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from model2vec import StaticModel
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers

FIXTURES = Path(__file__).parent.parent / "src" / "fixtures"

WORDS = (
    "the a of and to in is was for on as by with at from alan turing artificial intelligence founded academic "
    "discipline born london southern england research vector milvus token text hello world caf\u00e9 stra\u00dfe "
    "\u4e16 \u754c \U0001f600 \U0001d518 1 2 9 . , ! ? -"
).split()

TEXTS = [
    "",
    " ",
    "\t\n",
    "the",
    "Alan Turing was born in London, southern England.",
    "Artificial intelligence was founded as an academic discipline",
    "unknowable",
    "zzz qqq xxx",
    "zzz the zzz",
    "hello hello hello",
    "CAF\u00c9 cafe\u0301 stra\u00dfe",
    "\u4e16\u754c hello \u4e16",
    "\U0001f600 hello \U0001d518\U0001f600",
    "\U0001f600" * 40 + " the",
    "\U0001d518 " * 30 + "turing",
    "a\U0001f600b\U0001d518c" * 9 + " london",
    "hello" + " " * 200 + "world",
    "the " * 700,
    "turing zzz " * 400,
    "supercalifragilistic" * 30,
    "1 2 9 129 - 9!?",
    "of and to in is was for on as by with at from",
    "zzz zzz zzz the of and",
    "\ufffd\u200b\u00a0the\u3000world",
]


def vectors(seed: int, rows: int, dim: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((rows, dim)) * 0.5


def letters() -> list[str]:
    return sorted({c for word in WORDS for c in word})


def word_piece() -> Tokenizer:
    tokens = ["[PAD]", "[UNK]"] + WORDS + ["##" + c for c in "abcdefghijklmnop"] + ["super", "##cali", "##ing"]
    tokenizer = Tokenizer(models.WordPiece({t: i for i, t in enumerate(tokens)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.enable_truncation(3)  # must not matter
    tokenizer.enable_padding(length=9)
    return tokenizer


def word_level() -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel({t: i for i, t in enumerate(["<unk>"] + WORDS)}, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def unigram() -> Tokenizer:
    pieces = [("<unk>", 0.0)] + [("\u2581" + w, -3.0 - i / 9) for i, w in enumerate(WORDS)]
    pieces += [(c, -8.0 - i / 7) for i, c in enumerate(["\u2581"] + letters()) if c != "<unk>"]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


def byte_level_bpe() -> Tokenizer:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("t", "h"), ("th", "e"), ("\u0120", "the"), ("i", "n"), ("e", "l"), ("l", "o"), ("h", "el"), ("hel", "lo")]
    tokens = alphabet + ["".join(m) for m in merges]
    tokenizer = Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return tokenizer


def build() -> dict[str, tuple[StaticModel, dict[str, Any]]]:
    """Models by name, each with changes to its config.json (None removes a key)."""
    wp, wl, un, bpe = word_piece(), word_level(), unigram(), byte_level_bpe()
    sizes = {id(t): t.get_vocab_size() for t in (wp, wl, un, bpe)}
    weights = np.linspace(0.1, 1.3, sizes[id(wp)]).astype(np.float32)
    mapping = (np.arange(sizes[id(wp)]) * 7 % 20).astype(np.int64)
    return {
        "word-piece-float32": (
            StaticModel(vectors(1, sizes[id(wp)], 9).astype(np.float32), wp, normalize=True),
            {},
        ),
        "word-piece-mapped": (
            StaticModel(vectors(2, 20, 6).astype(np.float32), wp, weights=weights, token_mapping=mapping, max_length=5),
            {},
        ),
        "word-level-float64": (
            StaticModel(vectors(3, sizes[id(wl)], 3), wl, max_length=None),
            {"normalize": None},
        ),
        "unigram-float16": (
            StaticModel(vectors(4, sizes[id(un)], 5).astype(np.float16), un, normalize=True),
            {"max_length": None},
        ),
        "bpe-int8": (
            StaticModel((vectors(5, sizes[id(bpe)], 4) * 60).astype(np.int8), bpe, normalize=True, max_length=12),
            {},
        ),
    }


CREATE: list[dict[str, Any]] = [{}, {"normalize": True, "maxLength": 2}, {"normalize": False, "maxLength": None}]
CONVERT: list[dict[str, Any]] = [{"dimensionality": 2}, {"quantizeTo": "int8", "dimensionality": 3}]
CALL: list[dict[str, Any]] = [
    {"maxLength": 0},
    {"maxLength": 1},
    {"maxLength": 3, "normalize": False},
    {"maxLength": 8, "normalize": True},
    {"maxLength": None},
]
NAMES = {"maxLength": "max_length", "normalize": "normalize", "dimensionality": "dimensionality", "quantizeTo": "quantize_to"}


def python_options(options: dict[str, Any]) -> dict[str, Any]:
    return {NAMES[key]: value for key, value in options.items()}


def float32_base64(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values, dtype=np.float32).tobytes()).decode()


def record(name: str) -> list[dict[str, Any]]:
    folder = FIXTURES / name
    cases = []
    for create in CREATE + CONVERT:
        model = StaticModel.from_pretrained(folder, **python_options(create))
        for call in CALL if create == {} else []:
            values = model.encode(TEXTS, **python_options(call))
            cases.append({"model": name, "create": create, "call": call, "values": float32_base64(values)})
        cases.append({"model": name, "create": create, "call": {}, "values": float32_base64(model.encode(TEXTS))})
    sequences = model_sequences(folder)
    return cases + [{"model": name, "sequence": True, **s} for s in sequences]


def model_sequences(folder: Path) -> list[dict[str, Any]]:
    model = StaticModel.from_pretrained(folder)
    result = []
    # Results of few texts, so that the file stays small: the others differ in length only.
    texts = [text for text in TEXTS if len(text) < 60]
    for call in [{}, {"maxLength": 4}]:
        rows = model.encode_as_sequence(texts, **python_options(call))
        joined = np.concatenate([r.astype(np.float32) for r in rows])
        result.append({"call": call, "texts": texts, "lengths": [len(r) for r in rows], "values": float32_base64(joined)})
    return result


def main() -> None:
    cases = []
    for name, (model, changes) in build().items():
        folder = FIXTURES / name
        model.save_pretrained(folder)
        for file in ("README.md", "modules.json"):
            (folder / file).unlink()
        config = json.loads((folder / "config.json").read_text())
        for key in changes:
            del config[key]
        (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
        cases += record(name)
    fixture = {
        "model2vec": version("model2vec"),
        "tokenizers": version("tokenizers"),
        "numpy": version("numpy"),
        "texts": TEXTS,
        "cases": cases,
    }
    text = json.dumps(fixture, separators=(",", ":")).replace('{"model"', '\n{"model"')
    (FIXTURES / "encode.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
