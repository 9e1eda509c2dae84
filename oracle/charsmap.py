"""SentencePiece charsmaps, built from a mapping: a double-array trie, its size before it, and a replacement block."""

import base64
import struct
import unicodedata
from random import Random

from corpus import code_point
from texts import COMPOSED, SPACES, CONTROLS, MARKS

_LEAF_MARK = 1 << 8
_LEAF_VALUE = 1 << 31


class _DoubleArray:
    """Places the nodes of a byte trie so that child `c` of a node with base `b` stands at `b ^ c`."""

    def __init__(self) -> None:
        self.units: list[int] = []
        self.taken: list[bool] = []
        self.bases: set[int] = set()
        self._first_free = 1
        self._grow()
        self.taken[0] = True

    def _grow(self) -> None:
        self.units += [0] * 256
        self.taken += [False] * 256

    def place(self, labels: list[int]) -> int:
        """A base, used by no other node, under which every label's position is free."""
        while self._first_free < len(self.taken) and self.taken[self._first_free]:
            self._first_free += 1
        position = self._first_free
        while True:
            if position >= len(self.taken):
                self._grow()
            if not self.taken[position]:
                base = position ^ labels[0]
                if base not in self.bases and base != 0 and not any(self.taken[base ^ label] for label in labels):
                    self.bases.add(base)
                    for label in labels:
                        self.taken[base ^ label] = True
                    return base
            position += 1


def build_charsmap(mapping: dict[str, str]) -> str:
    """Base64 of the charsmap that replaces each key by its value; keys and values hold no U+0000."""
    block = bytearray()
    offsets: dict[str, int] = {}
    for replacement in mapping.values():
        if replacement not in offsets:
            offsets[replacement] = len(block)
            block += replacement.encode() + b"\0"
    root: dict = {}
    for key, replacement in mapping.items():
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node[0] = offsets[replacement]
    array = _DoubleArray()
    pending = [(root, 0)]
    while pending:
        node, position = pending.pop()
        labels = sorted(node)
        base = array.place(labels)
        offset = position ^ base
        if offset >= 1 << 21:
            raise ValueError("the trie is too large for plain offsets")
        array.units[position] |= offset << 10
        for label in labels:
            if label == 0:
                array.units[position] |= _LEAF_MARK
                array.units[base] = node[0] | _LEAF_VALUE
            else:
                array.units[base ^ label] = label
                pending.append((node[label], base ^ label))
    trie = struct.pack(f"<{len(array.units)}I", *array.units)
    return base64.b64encode(struct.pack("<I", len(trie)) + trie + bytes(block)).decode()


def random_mapping(rng: Random) -> dict[str, str]:
    """What a charsmap may hold: compositions, folds, spaces, controls, grapheme clusters, nested prefixes."""
    mapping: dict[str, str] = {}
    for _ in range(rng.randint(1, 120)):
        draw = rng.random()
        if draw < 0.3:
            source = rng.choice(COMPOSED)
            target = unicodedata.normalize(rng.choice(["NFC", "NFD", "NFKC", "NFKD"]), source)
        elif draw < 0.45:
            source, target = rng.choice(SPACES), rng.choice([" ", " ", ""])
        elif draw < 0.55:
            source, target = rng.choice(CONTROLS), rng.choice(["", " "])
        elif draw < 0.65:
            base = rng.choice("aeiounAEIOUN漢か각")
            source = base + "".join(rng.choices(MARKS, k=rng.randint(1, 2)))
            target = rng.choice([base, unicodedata.normalize("NFC", source), ""])
        elif draw < 0.75:
            source = code_point(rng)
            target = unicodedata.normalize("NFKC", source).lower()
        elif draw < 0.85:
            source = rng.choice("abcdefgABCDEFG \r\n.é") + rng.choice(["", "\n", "b", "\u0301"])
            target = rng.choice(["", "x", "xyz", " ", "é", "▁"])
        else:
            source = "".join(code_point(rng) for _ in range(rng.randint(1, 3)))
            target = "".join(code_point(rng) for _ in range(rng.randint(0, 4)))
        if source and "\0" not in source and "\0" not in target:
            mapping[source] = target
    return mapping or {"A": "a"}


_nfkc: str | None = None


def nfkc_charsmap() -> str:
    """The rules of SentencePiece's own `nmt_nfkc`, as this Python's Unicode tables give them, one code point at a time."""
    global _nfkc
    if _nfkc is None:
        mapping = {}
        for value in range(1, 0x30000):
            if 0xD800 <= value <= 0xDFFF:
                continue
            source = chr(value)
            target = unicodedata.normalize("NFKC", source)
            if value < 32 and source not in "\t\n\r":
                target = ""
            elif source in SPACES:
                target = " " if source not in "\u200b\ufeff\u2060\u180e" else ""
            if target != source:
                mapping[source] = target
            decomposed = unicodedata.normalize("NFD", source)
            if decomposed != source and not 0xAC00 <= value <= 0xD7A3:
                mapping[decomposed] = unicodedata.normalize("NFKC", source)
        _nfkc = build_charsmap(mapping)
    return _nfkc
