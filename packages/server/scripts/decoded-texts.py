"""Records what the reference's tokenizers decode, for src/decoding/token-decoder.test.ts: python decoded-texts.py

Needs tokenizers 0.23.3. One line of JSON a tokenizer: the tokenizer, and cases of ids, skip_special_tokens and the text.
"""

import json
import random
from pathlib import Path

from tokenizers import Tokenizer

FIXTURES = Path(__file__).parent.parent / "src" / "decoding" / "fixtures"

TOKENS = [
    "hello", "##world", "##", "####x", ".", "?", "!", ",", "'", "don", "n't", "'t", "'s", "'m", "'ve", "'re", "do", "not",
    "I'm do not", " .", " ' ", "▁the", "▁", "a▁b", "▁▁", "Ġhi", "Ċ", "Ġ", "é", "Ã©", "æĹ¥", "æĹ", "日", "👍", "a👍", "<0xE6>",
    "<0x97>", "<0xA5>", "<0xff>", "<0x41>", "<0x4G>", "<0x+4>", "<0xEF>", "<0xBB>", "<0xBF>", "<0x041>", "low</w>", "er",
    "</w>", "a</w>b", "|", "a|b", "<pad>", "x<pad>y", "  sp  ", " ", "", "[UNK]",
]
ADDED = [("[CLS]", True), ("[SEP]", True), ("<user>", False), ("hello", True)]

METASPACE = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
LLAMA = [
    {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
    {"type": "ByteFallback"},
    {"type": "Fuse"},
    {"type": "Strip", "content": " ", "start": 1, "stop": 0},
]
DECODERS = [
    None,
    {"type": "WordPiece", "prefix": "##", "cleanup": True},
    {"type": "WordPiece", "prefix": "##", "cleanup": False},
    {"type": "WordPiece", "prefix": "", "cleanup": True},
    {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
    METASPACE,
    {**METASPACE, "prepend_scheme": "first"},
    {**METASPACE, "prepend_scheme": "never"},
    {"type": "Metaspace", "replacement": "▁"},
    {"type": "BPEDecoder", "suffix": "</w>"},
    {"type": "BPEDecoder", "suffix": ""},
    {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True},
    {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": False},
    {"type": "CTC", "pad_token": "", "word_delimiter_token": "", "cleanup": True},
    {"type": "Replace", "pattern": {"String": "a"}, "content": "$&"},
    {"type": "Replace", "pattern": {"String": ""}, "content": "-"},
    {"type": "Fuse"},
    {"type": "Strip", "content": "a", "start": 1, "stop": 0},
    {"type": "Strip", "content": "<", "start": 2, "stop": 0},
    {"type": "ByteFallback"},
    {"type": "Sequence", "decoders": LLAMA},
    {"type": "Sequence", "decoders": [METASPACE, {"type": "Fuse"}]},
    {"type": "Sequence", "decoders": []},
]


def tokenizer_json(decoder: dict | None) -> dict:
    vocabulary = {token: id for id, token in enumerate(TOKENS)}
    added = []
    for content, special in ADDED:
        id = vocabulary.get(content, len(TOKENS) + len(added))
        flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": special}
        added.append({"id": id, "content": content, **flags})
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": sorted(added, key=lambda token: token["id"]),
        "normalizer": None,
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "post_processor": None,
        "decoder": decoder,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    }


def cases(tokenizer: Tokenizer, generator: random.Random) -> list[list]:
    lists = [[], [0], [len(TOKENS), len(TOKENS) + 1], [35, 36, 37], [35, 36], [38, 39, 40], [10_000, 1]]
    lists += [[generator.randrange(len(TOKENS) + len(ADDED) + 2) for _ in range(generator.randrange(1, 12))] for _ in range(40)]
    return [[ids, skip, tokenizer.decode(ids, skip_special_tokens=skip)] for ids in lists for skip in [True, False]]


if __name__ == "__main__":
    GENERATOR = random.Random(11)
    lines = []
    for value in map(tokenizer_json, DECODERS):
        found = cases(Tokenizer.from_str(json.dumps(value)), GENERATOR)
        lines.append(json.dumps({"tokenizer": value, "cases": found}, ensure_ascii=False))
    (FIXTURES / "decoded-texts.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
