"""Writes random cases with the reference's answers to standard output, one JSON object a line, until its time is up.

Each case has its own random source, made of the seed and the case's number, so that any case can be made again alone.
"""

import argparse
import json
import logging
import os
import sys
import time
import traceback
from pathlib import Path
from random import Random

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["HF_HUB_OFFLINE"] = "1"

import reference  # noqa: E402
import tokenizer_cases as cases  # noqa: E402
from model_cases import model_case  # noqa: E402


def real_charsmaps(folder: Path) -> list[str]:
    """Charsmaps of the tokenizer.json files below a folder."""
    found: set[str] = set()

    def visit(value: object) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("precompiled_charsmap"), str):
                found.add(value["precompiled_charsmap"])
            for child in value.values():
                visit(child)
        elif isinstance(value, list):
            for child in value:
                visit(child)

    for file in sorted(folder.rglob("*tokenizer.json")):
        data = json.loads(file.read_text("utf-8"))
        visit(data.get("normalizer"))
    return sorted(found)


def tokenizer_case(rng: Random, family: str, charsmaps: list[str], count: int) -> dict:
    altered = texts = None
    if family == "recipe":
        makers = [*cases.RECIPES, cases.unigram_precompiled]
        maker = rng.choice(makers)
        data = maker(rng, charsmaps) if maker is cases.unigram_precompiled else maker(rng)
        name = maker.__name__
    elif family == "altered":
        data, altered = cases.altered(rng, charsmaps)
        name = "altered"
    elif family == "exposed":
        data, texts = cases.exposed(rng, charsmaps)
        name = "exposed"
    else:
        data = cases.adversarial(rng, charsmaps)
        name = "adversarial"
    text = json.dumps(data, ensure_ascii=rng.random() < 0.5)
    case = {"kind": "ids", "recipe": name, "signature": cases.signature(data), "altered": altered, "tokenizer": text}
    try:
        tokenizer = reference.load(text)
    except reference.Refused as error:
        return {**case, "refused": str(error)[:300]}
    texts = texts or cases.texts_for(rng, data, count)
    case["texts"] = texts
    case["ids"] = reference.ids_of(tokenizer, texts)
    case["facts"] = reference.facts(tokenizer)
    limit = rng.choice([1, 2, 3, 7, 20])
    unknown = case["facts"]["unknownId"]
    tokenizer.enable_truncation(limit)
    cut = reference.ids_of(tokenizer, texts[:20])
    case["limit"] = limit
    case["cut"] = [ids if isinstance(ids, str) else [value for value in ids if value != unknown] for ids in cut]
    return case


def limit_memory(most: int) -> None:
    """On some input the reference allocates without end: its process is to end before the machine's memory does."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


FAMILIES = ["recipe"] * 4 + ["adversarial"] * 11 + ["altered"] * 2 + ["exposed"] * 3 + ["vectors"] * 3


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--from", dest="start", type=int, default=0, help="number of the first case")
    parser.add_argument("--case", type=int, help="only this case, whatever the time")
    parser.add_argument("--family", choices=sorted(set(FAMILIES)), help="only this family of cases")
    parser.add_argument("--work", type=Path, required=True, help="folder for the models that are written")
    parser.add_argument("--charsmaps", type=Path, help="folder of tokenizer.json files with real charsmaps")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    limit_memory(3 << 30)
    charsmaps = real_charsmaps(arguments.charsmaps) if arguments.charsmaps else []
    deadline = time.monotonic() + arguments.seconds
    number = arguments.start if arguments.case is None else arguments.case
    while arguments.case is not None or time.monotonic() < deadline:
        rng = Random(f"{arguments.seed}:{number}")
        drawn = rng.choice(FAMILIES)
        family = arguments.family or drawn
        try:
            if family == "vectors":
                case = model_case(rng, arguments.work / f"model-{number}", 40)
            else:
                case = tokenizer_case(rng, family, charsmaps, rng.choice([40, 80, 160]))
        except Exception:
            case = {"kind": "broken", "signature": family, "problem": traceback.format_exc()}
        sys.stdout.write(json.dumps({"number": number, **(case or {"kind": "none"})}) + "\n")
        sys.stdout.flush()
        if arguments.case is not None:
            break
        number += 1


if __name__ == "__main__":
    main()
