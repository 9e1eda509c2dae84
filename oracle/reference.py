"""What the reference answers for one tokenizer and some texts. Run alone, it answers requests from standard input."""

import json
import sys
from typing import Any

from model2vec.model import _get_unk_token_id
from tokenizers import Tokenizer


class Refused(Exception):
    """The reference does not load this tokenizer."""


def load(text: str) -> Tokenizer:
    """The tokenizer with truncation and padding off, as Model2Vec uses it for whole texts."""
    try:
        tokenizer = Tokenizer.from_str(text)
    except BaseException as error:  # a panic of the library is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise Refused(f"{type(error).__name__}: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def ids_of(tokenizer: Tokenizer, texts: list[str]) -> list[list[int] | str]:
    """Ids of each text; "error" where the reference refuses the text, "panic" where it breaks on it."""
    try:
        return [encoding.ids for encoding in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        if len(texts) == 1:
            return ["error" if isinstance(error, Exception) else "panic"]
        middle = len(texts) // 2
        return ids_of(tokenizer, texts[:middle]) + ids_of(tokenizer, texts[middle:])


def facts(tokenizer: Tokenizer) -> dict[str, Any]:
    """What Model2Vec reads from a tokenizer besides ids."""
    lengths = sorted(len(token) for token in tokenizer.get_vocab())
    middle = len(lengths) // 2
    median = 0
    if lengths:
        median = lengths[middle] if len(lengths) % 2 else int((lengths[middle - 1] + lengths[middle]) / 2)
    return {"vocabularySize": len(lengths), "medianTokenLength": median, "unknownId": _get_unk_token_id(tokenizer)}


def serve() -> None:
    """One request a line, {"tokenizer": ..., "texts": [...]}, one answer a line."""
    loaded: tuple[str, Tokenizer] | None = None
    for line in sys.stdin:
        request = json.loads(line)
        if loaded is None or loaded[0] != request["tokenizer"]:
            loaded = (request["tokenizer"], load(request["tokenizer"]))
        print(json.dumps({"ids": ids_of(loaded[1], request["texts"])}), flush=True)


if __name__ == "__main__":
    serve()
