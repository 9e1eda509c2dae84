"""Records what the reference library does with texts, for the tests of src/unicode and src/normalizers.

Usage: python scripts/normalizer-fixtures.py [seed] [texts]      (needs Python 3 with tokenizers==0.23.3)

With no arguments it writes the committed files, the same on every run.
"""

import base64
import gzip
import hashlib
import json
import pathlib
import random
import struct
import sys
import unicodedata

import tokenizers
from tokenizers import Tokenizer, normalizers, pre_tokenizers

LIBRARY = "0.23.3"
SOURCE = pathlib.Path(__file__).resolve().parent.parent / "src"
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


# --- every code point ---------------------------------------------------------------------------------------------


def digest(answers):
    """SHA-256 of the answers, one a line, for every code point in order."""
    return hashlib.sha256("".join(f"{answer}\n" for answer in answers).encode()).hexdigest()


def answers():
    def pieces(pre_tokenizer):
        return lambda text: "\0".join(piece for piece, _ in pre_tokenizer.pre_tokenize_str(text))

    def script_of(text, known={}):
        # The first code point of the same script, as a number that the test can compute too.
        pre_tokenizer = pre_tokenizers.UnicodeScripts()
        if not pre_tokenizer.pre_tokenize_str(text):
            return -1
        for first in known:
            if len(pre_tokenizer.pre_tokenize_str(first + text)) == 1:
                return known[first]
        known[text] = ord(text)
        return known[text]

    def bert(**options):
        off = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False}
        return normalizers.BertNormalizer(**{**off, **options}).normalize_str

    asked = {
        "white-space": lambda c: int(normalizers.Strip().normalize_str(c) == ""),
        "word": lambda c: int(pieces(pre_tokenizers.Whitespace())("a" + c) == "a" + c),
        "regex-space": lambda c: int(pieces(pre_tokenizers.Whitespace())("a" + c) == "a"),
        "numeric": lambda c: int(pieces(pre_tokenizers.Digits(individual_digits=True))("a" + c) != "a" + c),
        "punctuation": lambda c: int(pieces(pre_tokenizers.Punctuation())("a" + c) != "a" + c),
        "control": lambda c: int(bert(clean_text=True)(c) == ""),
        "script": script_of,
        "bert-clean": bert(clean_text=True),
        "bert-chinese": bert(handle_chinese_chars=True),
        "bert-accents": bert(strip_accents=True),
        "strip-accents": normalizers.StripAccents().normalize_str,
        "lowercase": normalizers.Lowercase().normalize_str,
        "nmt": normalizers.Nmt().normalize_str,
        "byte-level": normalizers.ByteLevel().normalize_str,
    }
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        normalize = getattr(normalizers, form)().normalize_str
        asked[form] = normalize
        # Between two marks of middling class, and after a letter and before a vowel sign that compose with many.
        asked[f"{form}-context"] = lambda c, n=normalize: n("o\u0304" + c + "\u0323\u0301") + n("\u09c7" + c + "\u1161\u11a8")
    # What one cluster is: the map turns every character but `a` into X, and what follows it in its cluster is lost.
    everything = charsmap({bytes([lead]): "X" for lead in range(0xC2, 0xF5)})
    precompiled = normalizers.Precompiled(everything).normalize_str
    return {
        "digests": {name: digest(ask(chr(c)) for c in CODE_POINTS) for name, ask in asked.items()},
        "clusterDigests": {
            context: digest(precompiled(context.replace("?", chr(c))) for c in CODE_POINTS if c < end or c >> 12 == 0xE0)
            for contexts, end in ((CLUSTER_CONTEXTS[:3], 0x110000), (CLUSTER_CONTEXTS[3:], 0x20000))
            for context in contexts
        },
        "triples": triples(),
        "charsmap": base64.b64encode(everything).decode(),
    }


# The last ones are about properties that no character has in planes 2, 3, 15 and 16.
CLUSTER_CONTEXTS = [
    "a?", "?a", "a?\u0300\u0301",
    "\u0600?\u0300", "\u263a?\u200d\u263a\u0300", "?\u200d\u00a9\u0300", "\u263a\u200d?\u0300",
    "?\u094d\u0915\u0300", "\u0915?\u0915\u0300", "\u0915?\u094d\u0915\u0300", "\u0915\u094d?\u0915\u0300",
    "?\u1100\u0300", "?\u1161\u0300", "?\u11a8\u0300", "\u1100?\u0300", "\u1161?\u0300", "\u11a8?\u0300",
    "\uac00?\u0300", "\uac01?\u0300",
]


def triple_marks():
    """One mark of each combining class that Unicode 3.2 had, marks that decompose, and some that came after Unicode 9."""
    classes = {}
    for c in CODE_POINTS:
        combining = unicodedata.ucd_3_2_0.combining(chr(c))
        if combining and combining not in classes:
            classes[combining] = chr(c)
    return "".join(classes.values()) + "\u0344\u0340\u0f73\u1dfb\u0898\u1acf\U0001e2ec"


def triples():
    """SHA-256 of what becomes of a letter and three marks, for all of them, one a line."""
    marks = triple_marks()
    texts = [f"a{x}{y}{z}" for x in marks for y in marks for z in marks]
    forms = ("NFC", "NFD", "NFKC", "NFKD")
    return {"marks": marks, "digests": {form: digest(map(getattr(normalizers, form)().normalize_str, texts)) for form in forms}}


# --- charsmaps ----------------------------------------------------------------------------------------------------


def charsmap(replacements):
    """A SentencePiece charsmap: keys are bytes or text, values text."""
    blob, starts, tree = bytearray(), {}, {}
    for key, value in replacements.items():
        if value not in starts:
            starts[value] = len(blob)
            blob += value.encode() + b"\0"
        node = tree
        for byte in key.encode() if isinstance(key, str) else key:
            node = node.setdefault(byte, {})
        node[-1] = starts[value]
    units, taken = {}, set()

    def place(index, node, label):
        labels = [byte for byte in node if byte >= 0]
        slots = ([0] if -1 in node else []) + labels
        base = 0
        # Slot 0 is the root's, and a base must not make the offset 0.
        while base == index or any((base ^ slot) in taken for slot in slots):
            base += 1
        taken.update(base ^ slot for slot in slots)
        offset = index ^ base
        assert offset < 1 << 21
        units[index] = offset << 10 | (1 << 8 if -1 in node else 0) | label
        if -1 in node:
            units[base] = node[-1] | 1 << 31
        for byte in labels:
            place(base ^ byte, node[byte], byte)

    taken.add(0)
    place(0, tree, 0)
    # The search reads one word past any node, whatever the byte.
    size = (max(units) | 255) + 1
    return struct.pack("<I", 4 * size) + b"".join(struct.pack("<I", units.get(i, 0)) for i in range(size)) + bytes(blob)


# --- texts --------------------------------------------------------------------------------------------------------

ALPHABETS = [
    "abcdefghij XYZ",
    "  \t\n\r\u00a0\u2003\u3000\u2028\u0085\u200b",
    "éèüñçÅßøİıſΣσςÀÉ",
    "\u0301\u0316\u0323\u0327\u0345\u0334\u0338\u031b\u0344\u0340\u0341\u0f71\u0f72\u0f73\u05b0\u093c\u20dd\u0488",
    "日本語漢字\u3099かがハバパｶﾞ\uf900\U0002f800\U00020000\u3400",
    "\u1100\u1161\u11a8\u11a7가각힣\u1112\u1175\u11c2\ua960\ud7b0\ud7cb",
    "ﬁ½①ｆＡ㎏ﷺ\u1fc1\u0958\u2adc\ufb1d\u0344\u1e9b\u212b\u2126\u1f71\u037e\u32ff",
    "\u09c7\u09be\u0b47\u0b56\u0cc6\u0cc2\u0cd5\u1025\u102e\U00011131\U00011127\U000114b9\U000114ba",
    "\u0915\u094d\u0937\u0930\u200d\u200c\u0bcd\u0d4d\u0d15\u1039\u1780\u17d2",
    "\u263a\u200d\u00a9\ufe0f\U0001f468\U0001f469\U0001f3fd\U0001f1e9\U0001f1ea❤\u00ae",
    "\u0600\u06dd\u070f\u08e2\U000110bd\u0e33\u0903\u00ad\ufeff\u0000\u0001\u007f\u0090\ufffd\ue000",
    # Assigned after Unicode 9: marks with a class, composites with their parts.
    "\u1df6\u1dfb\u0898\u08d3\u09fe\u1acf\U0001e2ec\U00011935\U00011930\U00011938\U000105d2\u0307\U000105c9\U00016d67\U00016d69",
    "!#$%^&*()[]{}<>-_=+|~`«»—…؟。、",
    "▁▁ ab",
    "0123٣४𝟙Ⅷ",
    "\U0001d15e\U0001d165\U0001d16e\U0001d157\U0001109a\U000110ba\U00010400\U0001e900\u10a0\u13a0\u1c90",
]
EVERYTHING = "".join(ALPHABETS)


def texts(seed, count):
    rng = random.Random(seed)
    result = ["", " ", "a", "\u0301", "\r\n", "a\r\nb", "\ufeff", "\U0001f600"]
    while len(result) < count:
        parts = []
        for _ in range(rng.randrange(1, 5)):
            alphabet = rng.choice(ALPHABETS) if rng.random() < 0.8 else EVERYTHING
            parts.append("".join(rng.choice(alphabet) for _ in range(rng.randrange(1, 6))))
        if rng.random() < 0.1:
            parts.append("".join(rng.choice(ALPHABETS[3]) for _ in range(rng.randrange(20, 60) if rng.random() < 0.8 else 300)))
        rng.shuffle(parts)
        text = "".join(parts)
        if rng.random() < 0.1:
            text += "".join(chr(rng.choice(CODE_POINTS)) for _ in range(4))
        result.append(text)
    return result


def bert(**options):
    off = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": None, "lowercase": False}
    return {"type": "BertNormalizer", **off, **options}


def strip(left, right):
    return {"type": "Strip", "strip_left": left, "strip_right": right}


def prepend(content):
    return {"type": "Prepend", "prepend": content}


def literal(pattern, content):
    return {"type": "Replace", "pattern": {"String": pattern}, "content": content}


def regex(pattern, content):
    return {"type": "Replace", "pattern": {"Regex": pattern}, "content": content}


def precompiled(replacements):
    return {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap(replacements)).decode()}


def random_charsmap(rng):
    replacements = {}
    for _ in range(40):
        alphabet = rng.choice(ALPHABETS) if rng.random() < 0.7 else EVERYTHING
        key = "".join(rng.choice(alphabet.replace("\0", "a")) for _ in range(rng.choice([1, 1, 1, 2, 2, 3])))
        replacements[key] = "".join(rng.choice(EVERYTHING.replace("\0", "")) for _ in range(rng.choice([0, 1, 1, 2, 3])))
    return precompiled(replacements)


def sequence(*steps):
    return {"type": "Sequence", "normalizers": list(steps)}


FORMS = [{"type": form} for form in ("NFC", "NFD", "NFKC", "NFKD")]
LOWERCASE, NMT, BYTES, MARKS = ({"type": name} for name in ("Lowercase", "Nmt", "ByteLevel", "StripAccents"))


def configurations(seed):
    rng = random.Random(seed)
    full = bert(clean_text=True, handle_chinese_chars=True, lowercase=True)
    simple = [
        *FORMS, LOWERCASE, NMT, BYTES, MARKS, full,
        bert(clean_text=True), bert(handle_chinese_chars=True), bert(strip_accents=True),
        bert(lowercase=True), bert(lowercase=True, strip_accents=False),
        strip(True, True), strip(True, False), strip(False, True), strip(False, False),
        prepend("▁"), prepend("xé"), prepend(""),
        literal(" ", "▁"), literal("a", ""), literal("ab", "c"), literal("", "-"), literal("\u0301", "xyz"),
        regex("^", "▁"), regex("$", "!"), regex(r"\s+", " "), regex("[a-e]{2,}", "é"), regex("", "_"), regex("^.", ""),
        precompiled({"é": "e", "e\u0301": "E", "ﬁ": "fi", "①": "1", "\u0301": "", "a": "aaa", "b\u0323": "b", "日": ""}),
        *(random_charsmap(rng) for _ in range(6)),
    ]
    sequences = [
        sequence(), sequence(sequence(full), NMT),
        *(sequence(*rng.sample(simple, rng.randrange(2, 5))) for _ in range(40)),
        *(sequence(start, *rng.sample(simple, 2)) for start in (prepend(""), regex("^", "x"), literal("", "é"), regex("^", "")) for _ in range(4)),
    ]
    return simple + sequences


ADDED = [None, ("a", False), ("a", True), ("▁", True)]


def build(normalizer, added=None):
    """A whole tokenizer whose tokens are the bytes of its pieces, and that marks the first piece if it is at the origin."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False}
    to_bytes = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    vocabulary = {character: i for i, character in enumerate(alphabet)}
    tokens = []
    if added:
        content, normalized = added
        vocabulary["[added]"] = len(vocabulary)
        flags = {"single_word": False, "lstrip": False, "rstrip": False, "special": False}
        tokens = [{"id": len(vocabulary), "content": content, "normalized": normalized, **flags}]
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": tokens, "normalizer": normalizer,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [metaspace, to_bytes]},
        "post_processor": None, "decoder": None,
        "model": {"type": "BPE", "vocab": vocabulary, "merges": []},
    }


def attempt(run):
    """The result, or null where the library panics."""
    try:
        return run()
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return None


def marked_texts(configuration, added, samples):
    """What the whole pipeline sees: a ▁ in front tells that the piece is at the origin, a space is an added token."""
    try:
        tokenizer = attempt(lambda: Tokenizer.from_str(json.dumps(build(configuration, added))))
    except Exception as error:
        return str(error)
    if tokenizer is None or (added and added[1] and tokenizer.normalizer.normalize_str(added[0]) == ""):
        # An added token that normalizes to nothing makes the library fail on most texts.
        return None
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet()) + [" ", " "]

    def tokens(text):
        return "".join(alphabet[i] for i in tokenizer.encode(text, add_special_tokens=False).ids)

    return [attempt(lambda: tokens(text)) for text in samples]


def main():
    assert tokenizers.__version__ == LIBRARY, f"needs tokenizers=={LIBRARY}, found {tokenizers.__version__}"
    seed, count = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (1, 110)
    samples = texts(seed, count)
    cases = []
    for n, configuration in enumerate(configurations(seed)):
        normalizer = Tokenizer.from_str(json.dumps(build(configuration))).normalizer
        own = samples if n < 20 else random.Random(f"{seed}/{n}").sample(samples, max(20, count // 5))
        marked = own[:: 3 if n < 20 else 2]
        cases.append({
            "normalizer": configuration,
            "texts": [samples.index(text) for text in own],
            "normalized": [attempt(lambda: normalizer.normalize_str(text)) for text in own],
            "marked": [
                {"tokenizer": i, "texts": [samples.index(text) for text in marked], "tokens": tokens}
                for i, added in enumerate(ADDED)
                for tokens in [marked_texts(configuration, added, marked)]
            ],
        })
    payload = json.dumps({"texts": samples, "tokenizers": [build(None, added) for added in ADDED], "cases": cases}, ensure_ascii=False, separators=(",", ":"))
    if len(sys.argv) > 3:
        pathlib.Path(sys.argv[3]).write_text(payload, encoding="utf-8")
        return
    compressed = gzip.compress(payload.encode(), 9, mtime=0)
    (SOURCE / "normalizers/fixtures/normalizer-cases.json.gz").write_bytes(compressed)
    answered = json.dumps(answers(), indent=2) + "\n"
    (SOURCE / "unicode/fixtures/answers.json").write_text(answered, encoding="utf-8")
    print(len(compressed), len(answered))


main()
