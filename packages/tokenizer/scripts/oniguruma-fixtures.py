"""Records what the tokenizers library matches, for the tests of src/oniguruma.

Usage: python scripts/oniguruma-fixtures.py                          writes the committed fixtures
       python scripts/oniguruma-fixtures.py --fuzz COUNT [SEED] >FILE    writes COUNT other random cases
       ONIGURUMA_CASES=FILE npx vitest run src/oniguruma -t random   compares them

Needs tokenizers==0.23.3. Places are in UTF-16 units; a pattern that the library refuses has no matches.
"""

import hashlib
import json
import pathlib
import random
import sys

import tokenizers
from tokenizers import Regex, pre_tokenizers

assert tokenizers.__version__ == "0.23.3", tokenizers.__version__

FIXTURES = pathlib.Path(__file__).parent.parent / "src/oniguruma/fixtures"
SEED = 20260101

# --- the reference ---


def find_all(pattern, text):
    """Every match in UTF-16 units, None for a pattern that the library refuses or gives up on.

    As [start, end, 1 if matched] of the pieces that matches cut the text into: the library hands out no empty
    match, so one shows only as a border between two pieces.
    """
    try:
        split = pre_tokenizers.Split(Regex(pattern), "isolated")
    except Exception:
        return None
    try:
        pieces = [offsets for _, offsets in split.pre_tokenize_str(text)]
        matched = {o for _, o in pre_tokenizers.Split(Regex(pattern), "removed", invert=True).pre_tokenize_str(text)}
    except BaseException:
        # Past ten million steps the library panics.
        return "panic"
    units = [0]
    for character in text:
        units.append(units[-1] + (2 if ord(character) > 0xFFFF else 1))
    return [[units[a], units[b], 1 if (a, b) in matched else 0] for a, b in pieces]


# --- patterns of published models ---

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
CL100K = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
PATTERNS = {
    "gpt-2": GPT2,
    "cl100k, llama-3": CL100K,
    "cl100k, possessive": r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
    r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    "o200k": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "qwen2": CL100K.replace("{1,3}", ""),
    "deepseek-v3, 1": r"\p{N}{1,3}",
    "deepseek-v3, 2": r"[一-龥぀-ゟ゠-ヿ]+",
    "deepseek-v3, 3": r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
    r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "deepseek-llm, 1": r"[\r\n]",
    "deepseek-llm, 2": r"\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-Ֆ]+",
    "deepseek-llm, 3": r"\s?[!-/:-~！-／：-～‘-‟　-。]+",
    "deepseek-llm, 4": r"\s+$",
    "tekken": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "starcoder, digits": r"\d",
    "starcoder2": r"\p{N}",
    "bloom": r" ?[^(\s|[.,!?…。，、।۔،])]+",
    "phi, falcon digits": r"[0-9][0-9][0-9]",
    "clip": r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
    "clip, ignoring case": r"(?i)'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
    "two spaces or more": r" {2,}",
    "trailing space": r"\s+$",
    "leading space": r"^\s+",
    "space but newline": r"[^\S\n]+",
    "white space": r"\s+",
    "sentencepiece space": r"▁",
    "words and signs": r"\w+|[^\w\s]+",
    "word borders": r"\b",
    "digit runs from the right": r"\d{1,3}(?=(?:\d{3})*\b)",
    "digit borders": r"(?<=\d)(?=\D)|(?<=\D)(?=\d)",
    "camel case": r"(?<=\p{Ll})(?=\p{Lu})",
    "newlines": r"\R+",
    "falcon-h1": r"[!-\/:-@\[-`{-~]",
    "granite": r"(?:\r?\n)+",
    "control": r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]",
    "xlnet quotes": r"``|''",
    "accents": r"\p{Mn}+",
    "any character": r"(?m).",
    "lines": r"^.*$",
    "empty": r"",
    "optional": r"a*",
    "grouped": r"(?<word>\w)(\s)",
    "kimi": r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+"
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+"
    r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+",
}
TEXTS = [
    "Hello, world! I'll say it's 12345 times, don't you think?\r\n\r\n  Yes — we'Re GOING.  ",
    "Café naïve Straße STRASSE ſtop K'S 'ſ I'VE ﬃ ﬆ ŉ ǰ",
    "你好，世界。こんにちは、ｶﾀｶﾅ カタカナ 한국어 ไทย हिन्दी עברית العربية ۔ ١٢٣ ४५६ ²³¼ Ⅷ ①",
    "👩‍👩‍👧‍👦 🇩🇪 e\u0301 a\u0308\u0304 \U0001d400\U0001d7d8 \U00020000 \U0001f130 x\u200by\u200dz\ufeff",
    "a\u0085b\u2028c\u2029d\u180ee\u3000f\u00a0g\u200ah\x0bi\x0cj\x1ck \t\n\r\n\n\r end\n",
    "def f(x):\n\treturn {'a': [1.5e-3, 0xFF], \"b\": x**2}  # note\n\n\nHTTPServer2Go_v1 snake_case camelCase\n",
    "\x00\x07\x7f <|endoftext|> `` '' ▁▁the▁end 1,234,567.89 $5 €6 ±7 ^8 |9 ~0 !?…।",
    "   ",
    "\n",
    "a",
]

# --- random patterns ---

ATOMS = (
    [r"\s", r"\S", r"\w", r"\W", r"\d", r"\D", r"\h", r"\p{L}", r"\p{Lu}", r"\p{Ll}", r"\p{N}", r"\P{L}", r"\p{^N}",
     r"\p{P}", r"\p{S}", r"\p{M}", r"\p{Han}", r"\p{Alpha}", r"\p{Upper}", r"\p{Space}", r"\p{Word}", ".", ".", r"\n",
     r"\r", r"\t", r"\R", r"\N", r"\O", r"\x41", r"\x{e9}", r"\u0061", r"\101", r"\.", r"\-"]
    + list("aaaabbbccssstfiklS ") + ["ß", "ſ", "k", "é", "İ", "i", "中", "😀", "'", "ss", "st", "ffi", "abc", "K", "Σ", "ŉ"]
)
CLASS_ITEMS = [
    "a", "b", "s", "k", "z", "é", "ß", "中", "😀", r"\s", r"\S", r"\w", r"\W", r"\d", r"\D", r"\p{L}", r"\P{Lu}",
    r"\p{^N}", r"\p{Word}", "a-c", "0-9", r"\x41-\x5a", "à-ü", "[:alpha:]", "[:^digit:]", "[:punct:]", "[:space:]", "[:word:]", "[:upper:]",
    r"\n", r"\r", r"\]", r"\-", "[a-f]", "[^b]", r"[\s&&[^\n]]", ".", "(", "|", "+", "\u0100-\u024f", "ﬀ-ﬆ", "'", " ", "A-Z",
    "一-龥",
]
ANCHORS = ["^", "$", r"\A", r"\z", r"\Z", r"\b", r"\B"]
QUANTIFIERS = (
    ["*", "+", "?"] * 4
    + ["*?", "+?", "??", "*+", "++", "?+", "{2}", "{1,3}", "{,2}", "{2,}", "{0}", "{1}", "{0,1}", "{2,1}", "{1,2}?",
       "{2}?", "{2}+", "{1,2}+", "{,}", "{x", "{3,3}"]
)


def bracket(rng, depth=0):
    items = [rng.choice(CLASS_ITEMS) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.15:
        items.insert(rng.randint(0, len(items)), "&&")
    if rng.random() < 0.1:
        items.insert(rng.randint(0, len(items)), "-")
    if depth == 0 and rng.random() < 0.1:
        items.append(bracket(rng, 1))
    return "[" + ("^" if rng.random() < 0.3 else "") + "".join(items) + "]"


def expression(rng, depth):
    return "|".join(sequence(rng, depth) for _ in range(rng.choice([1, 1, 1, 2, 2, 3])))


def sequence(rng, depth):
    return "".join(item(rng, depth) for _ in range(rng.choice([0, 1, 1, 2, 2, 3])))


def item(rng, depth):
    kind = rng.random()
    if kind < 0.45 or depth == 0:
        text = rng.choice(ATOMS)
    elif kind < 0.6:
        text = bracket(rng)
    elif kind < 0.65:
        text = rng.choice(ANCHORS)
    else:
        opening = rng.choice(
            ["(?:"] * 8 + ["("] * 4 + ["(?i:"] * 3 + ["(?=", "(?!", "(?<=", "(?<!", "(?>", "(?>", "(?m:", "(?x:", "(?-i:",
             "(?<n>", "(?i)", "(?m-i)", "(?#x)"]
        )
        if opening.endswith(")"):
            text = opening
        else:
            text = opening + expression(rng, depth - 1) + ")"
    if rng.random() < 0.45:
        text += rng.choice(QUANTIFIERS)
        if rng.random() < 0.1:
            text += rng.choice(QUANTIFIERS)
    return text


# Letters and signs in no order: mostly refused, which has to agree as well.
SOUP = list("()()[][]{}||**++??^$--:=!<>,019aabszLk.&&# \n") + [
    "\\", "\\", "(?", "(?:", "(?<", "[^", "[[:", ":]", "\\p{", "L}", "\\x", "\\u", "\\0", "\\d", "\\b", "{1,2}", "&&", "a-", "]", ")", "é",
]


def soup(rng):
    return "".join(rng.choice(SOUP) for _ in range(rng.choice([2, 4, 6, 9])))


LETTERS = "aaaabbbccssssttffiiklSSTKAB  \n\n\r\t'.,-1223_é中ßſKİıŉΣσς²¼\u0301\u2028\u0085\u00a0\u200b\u180e\u3000😀\U0001d400ﬃﬆﬀǰ日ア١"
SPECIALS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def random_text(rng):
    letters = rng.choice([LETTERS, LETTERS, "ab", "ab c\n", "sSſßt", "a1 \r\n", None])
    length = rng.choice([1, 3, 8, 8, 15, 25])
    if letters is None:
        return "".join(chr(rng.choice(SPECIALS[: rng.choice([0x250, 0x3000, 0xF000, 0x20000, 0x10F000])])) for _ in range(length))
    return "".join(rng.choice(letters) for _ in range(length))


def random_cases(count, seed, texts):
    rng = random.Random(seed)
    for _ in range(count):
        pattern = soup(rng) if rng.random() < 0.2 else expression(rng, rng.choice([1, 2, 2, 3]))
        if rng.random() < 0.1:
            pattern = "(?i)" + pattern
        samples = [random_text(rng) for _ in range(texts)]
        yield pattern, samples


# --- sets over all code points ---

SETS = (
    r"\p{Lu} \p{Ll} \p{Lt} \p{Lm} \p{Lo} \p{L} \p{M} \p{Mn} \p{Mc} \p{Me} \p{N} \p{Nd} \p{Nl} \p{No} \p{P} \p{Pc} \p{Pd} "
    r"\p{Ps} \p{Pe} \p{Pi} \p{Pf} \p{Po} \p{S} \p{Sm} \p{Sc} \p{Sk} \p{So} \p{Z} \p{Zs} \p{Zl} \p{Zp} \p{C} \p{Cc} \p{Cf} "
    r"\p{Cn} \p{Co} \p{Cs} \p{LC} \p{Any} \p{Assigned} \p{ASCII} \p{Alnum} \p{Alpha} \p{Blank} \p{Cntrl} \p{Digit} "
    r"\p{Graph} \p{Lower} \p{Print} \p{Punct} \p{PosixPunct} \p{Space} \p{Upper} \p{XDigit} \p{Word} [\p{Word}] "
    r"\p{Letter} \p{Decimal_Number} \p{white-space} \p{CASED_letter} \p{Hani} \p{^Lu} \P{Lu} \P{^Lu} [\P{^Lu}] "
    r"\w \W \s \S \d \D \h \H . (?m:.) \N \O [\w] [\W] [\s] [\S] [\d] [\h] [[:alnum:]] [[:alpha:]] [[:blank:]] [[:cntrl:]] "
    r"[[:digit:]] [[:graph:]] [[:lower:]] [[:print:]] [[:punct:]] [[:space:]] [[:upper:]] [[:xdigit:]] [[:ascii:]] "
    r"[[:word:]] [[:^alpha:]] [^\W\d_] [a-z&&[^m-p]] (?i:[a-z]) (?i:[^a-z]) (?i:[à-þ]) (?i:[\p{Lu}]) (?i:[^\p{Lu}]) "
    r"(?i:k) (?i:s) (?i:\x{1c5}) (?i:[\x{3b0}-\x{3ff}]) (?i:\p{Lu}) (?i:[^\p{L}]) "
    r"\p{Arabic} \p{Armenian} \p{Bengali} \p{Bopomofo} \p{Cyrillic} \p{Devanagari} \p{Ethiopic} \p{Georgian} \p{Greek} "
    r"\p{Gujarati} \p{Gurmukhi} \p{Han} \p{Hangul} \p{Hebrew} \p{Hiragana} \p{Kannada} \p{Katakana} \p{Khmer} \p{Lao} "
    r"\p{Latin} \p{Malayalam} \p{Mongolian} \p{Myanmar} \p{Oriya} \p{Sinhala} \p{Tamil} \p{Telugu} \p{Thai} \p{Tibetan}"
).split(" ")


def digest(pattern):
    """SHA-256 of a byte per code point, 1 in the set, surrogates left out."""
    text = "".join(map(chr, SPECIALS))
    split = pre_tokenizers.Split(Regex(f"(?:{pattern})+"), "removed", invert=True)
    members = bytearray(len(SPECIALS))
    for _, (start, end) in split.pre_tokenize_str(text):
        members[start:end] = b"\1" * (end - start)
    return hashlib.sha256(members).hexdigest()[:16]


def compact(value):
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def main():
    if sys.argv[1:2] == ["--fuzz"]:
        count = int(sys.argv[2])
        seed = int(sys.argv[3]) if len(sys.argv) > 3 else SEED
        print(f"seed {seed}", file=sys.stderr)
        separator = "["
        for pattern, samples in random_cases(count, seed, 4):
            print(separator + compact([pattern, [[text, find_all(pattern, text)] for text in samples]]))
            separator = ","
        print("]")
        return
    FIXTURES.mkdir(exist_ok=True)
    published = [[name, pattern, [find_all(pattern, text) for text in TEXTS]] for name, pattern in PATTERNS.items()]
    (FIXTURES / "published-patterns.json").write_text(compact({"texts": TEXTS, "patterns": published}) + "\n")
    cases = [
        [pattern, [[text, find_all(pattern, text)] for text in samples]]
        for pattern, samples in random_cases(400, SEED, 2)
    ]
    lines = ",\n".join(map(compact, cases))
    (FIXTURES / "random-patterns.json").write_text(f"[{lines}]\n")
    (FIXTURES / "set-digests.json").write_text(json.dumps({p: digest(p) for p in SETS}, indent=0) + "\n")


if __name__ == "__main__":
    main()
