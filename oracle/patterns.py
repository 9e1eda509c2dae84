"""Regular expressions of published tokenizers, and small ones that touch each construct they use."""

from random import Random

# Split patterns as published tokenizer.json files have them.
PUBLISHED = [
    # GPT-2, RoBERTa
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    # cl100k, Llama 3, Qwen 2
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    # o200k
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    # CLIP
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
    # BLOOM
    r" ?[^(\s|[.,!?…。，、।۔،])]+",
    # DeepSeek
    r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", r"\p{N}+", r"\p{N}{1,3}", r"[一-龥぀-ゟ゠-ヿ]+",
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    # ModernBERT / OLMo / GPT-NeoX share GPT-2's; Gemma and T5 clean spaces; Nomic and e5 split digits
    r" {2,}", r"\s+", r"\d", r"\d{1,3}(?=(?:\d{3})*\b)", r"(?=(\d{3})+(?!\d))", r"[0-9][0-9][0-9]",
    # Mistral Tekken
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
]

_PARTS = [
    r"\s", r"\S", r"\w", r"\W", r"\d", r"\D", r"\p{L}", r"\p{Lu}", r"\p{Ll}", r"\p{M}", r"\p{Mn}", r"\p{N}", r"\p{Nd}", r"\p{P}", r"\p{S}",
    r"\p{Z}", r"\p{C}", r"\P{L}", r"\p{^L}", r"\p{Han}", r"\p{Hiragana}", r"\p{Cyrillic}", r"[a-z]", r"[A-Z]", r"[^a-z]", r"[^\s\p{L}]", r"[\s\d]",
    r"[àâé]", r"[一-龥]", r"[\u00e0-\u00ff]", r"\x{41}", r"\x41", r".", r"a", r"é", r" ", r"\n", r"\t", r"-", r"\.", r"▁", r"[.,;:!?]", r"[^.]", r"(?i:a|é|ß)", r"(?i:S)",
    r"\bx", r"[[:alpha:]]", r"[[:space:]]", r"[[:punct:]]", r"[a-c&&[^b]]", r"(?:ab|a|b)", r"(a)(b)?", r"\h", r"\R", r"\X",
]
_COUNTS = ["", "", "", "+", "*", "?", "{2}", "{1,3}", "{2,}", "+?", "*?", "??", "++", "*+"]
_WRAPS = ["{0}", "{0}", "{0}", "{0}", "(?:{0})", "({0})", "(?={0})", "(?!{0}).", "(?<={0})", "(?<!{0})a", "^{0}", "{0}$", r"\b{0}", r"{0}\b", r"\A{0}", r"{0}\z", "(?>{0})", "(?i){0}", "(?s:{0})", "(?m:{0})"]


def random_pattern(rng: Random) -> str:
    """A published pattern, or one to three parts under a quantifier, in a row or as alternatives."""
    if rng.random() < 0.45:
        return rng.choice(PUBLISHED)
    parts = [rng.choice(_PARTS) + rng.choice(_COUNTS) for _ in range(rng.choice([1, 1, 2, 2, 3]))]
    pattern = rng.choice(["", "|"]).join(parts)
    return rng.choice(_WRAPS).replace("{0}", pattern)
