"""Records what Python model2vec distils from tiny random teachers, for the tests of this package.

    python packages/distill/scripts/record-distillation.py packages/distill/src/fixtures

Needs the packages of requirements.txt beside this file. Weights and tokenizers are made from fixed seeds.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import torch
from model2vec.distill import distill
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    AutoModel,
    AutoTokenizer,
    BertConfig,
    BertModel,
    DistilBertConfig,
    DistilBertModel,
    MPNetConfig,
    MPNetModel,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaModel,
    XLMRobertaConfig,
    XLMRobertaModel,
)

TEXTS = [
    "The river rises in the northern mountains and flows into the sea.",
    "A small bird that lives near water and feeds on insects.",
    "How do I change the address on my card?",
    "Résumé, naïve café: accents are part of words.",
    "The quick brown fox jumps over the lazy dog, again and again.",
    "Numbers such as 3.14159 and 2,718 appear in texts.",
    "an act of moving something from one place to another place",
    "the state of being free from disturbance",
]
ENCODED = [*TEXTS, "", " ", "fox", "Zürich 東京 [MASK] <mask> end", "river " * 100]
WORDS = ["river", "Rivers", "mountaineering", "New York", "", "insects!", "New  York", "river", "quux"]
SIZES = {"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 48}


def word_piece(names):
    """A WordPiece tokenizer like BERT's, with special tokens of the given names."""
    tokenizer = Tokenizer(models.WordPiece(unk_token=names["unk_token"]))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = [names["pad_token"], "[unused0]", "[unused1]", names["unk_token"], names["cls_token"], names["sep_token"]]
    trainer = trainers.WordPieceTrainer(vocab_size=140, special_tokens=[*special, names["mask_token"]], show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    data = json.loads(tokenizer.to_str())
    # [unused0] is a token of the vocabulary only, as in BERT's own file.
    data["added_tokens"] = [token for token in data["added_tokens"] if not token["content"].startswith("[unused")]
    tokenizer = Tokenizer.from_str(json.dumps(data))
    template(tokenizer, names["cls_token"], names["sep_token"])
    tokenizer.decoder = decoders.WordPiece()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=48, **names)


def template(tokenizer, first, last):
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}",
        pair=f"{first} $A {last} $B:1 {last}:1",
        special_tokens=[(first, tokenizer.token_to_id(first)), (last, tokenizer.token_to_id(last))],
    )


def byte_level(names):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = [names["bos_token"], names["pad_token"], names["eos_token"], names["unk_token"], names["mask_token"]]
    trainer = trainers.BpeTrainer(
        vocab_size=330, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(
        sep=("</s>", tokenizer.token_to_id("</s>")), cls=("<s>", tokenizer.token_to_id("<s>"))
    )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=48, **names)


def unigram(names):
    special = [names["bos_token"], names["pad_token"], names["eos_token"], names["unk_token"]]
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=120, special_tokens=special, unk_token=names["unk_token"], show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.add_special_tokens([names["mask_token"]])
    template(tokenizer, names["bos_token"], names["eos_token"])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=48, **names)


BERT_NAMES = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
ROBERTA_NAMES = {
    "bos_token": "<s>",
    "pad_token": "<pad>",
    "eos_token": "</s>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
    "cls_token": "<s>",
    "sep_token": "</s>",
}


def teachers():
    bert = word_piece(BERT_NAMES)
    yield "bert", bert, BertModel(
        BertConfig(vocab_size=len(bert), max_position_embeddings=48, initializer_range=0.3, hidden_act="gelu", **SIZES)
    )
    # A text without special tokens, padded to the longest, and an activation that is computed otherwise.
    yield "bert-tanh", bert, BertModel(
        BertConfig(vocab_size=len(bert), max_position_embeddings=48, initializer_range=0.3, hidden_act="gelu_new", **SIZES)
    )
    bytes_ = byte_level(ROBERTA_NAMES)
    yield "roberta", bytes_, RobertaModel(
        RobertaConfig(
            vocab_size=len(bytes_), max_position_embeddings=50, type_vocab_size=1, pad_token_id=1, initializer_range=0.3, **SIZES
        )
    )
    pieces = unigram(ROBERTA_NAMES)
    yield "xlm-roberta", pieces, XLMRobertaModel(
        XLMRobertaConfig(
            vocab_size=len(pieces), max_position_embeddings=50, type_vocab_size=1, pad_token_id=1, initializer_range=0.3, **SIZES
        )
    )
    mpnet = word_piece(BERT_NAMES)
    yield "mpnet", mpnet, MPNetModel(
        MPNetConfig(
            vocab_size=len(mpnet),
            max_position_embeddings=50,
            pad_token_id=0,
            initializer_range=0.3,
            relative_attention_num_buckets=32,
            **SIZES,
        )
    )
    small = word_piece(BERT_NAMES)
    yield "distilbert", small, DistilBertModel(
        DistilBertConfig(
            vocab_size=len(small), max_position_embeddings=48, dim=24, n_layers=2, n_heads=3, hidden_dim=48, initializer_range=0.3
        )
    )


# Options by case; every teacher has the first three.
CASES = {
    "default": {"pca_dims": 12},
    "words": {"pca_dims": 12, "vocabulary": WORDS},
    "plain": {"pca_dims": None, "sif_coefficient": None},
    "first": {"pca_dims": 8, "pooling": "first"},
    "last": {"pca_dims": 8, "pooling": "last"},
    "pooler": {"pca_dims": 8, "pooling": "pooler"},
    "share": {"pca_dims": 0.9},
    "auto": {"pca_dims": "auto", "sif_coefficient": 1e-3},
    "larger": {"pca_dims": 400},
    "pattern": {"pca_dims": 8, "token_remove_pattern": r"##|\[UNK|.$"},
    "unpruned": {"pca_dims": 8, "token_remove_pattern": None},
    "float16": {"pca_dims": 12, "quantize_to": "float16"},
    "int8": {"pca_dims": 12, "quantize_to": "int8"},
}


def encode(folder):
    """Teacher vectors of some texts: masked mean, unit length."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder).eval()
    vectors = []
    for text in ENCODED:
        inputs = tokenizer(text, return_tensors="pt", truncation=True, max_length=48)
        inputs.pop("token_type_ids", None)
        with torch.inference_mode():
            hidden = model(**inputs).last_hidden_state[0]
        mean = hidden.mean(0)
        vectors.append((mean / mean.norm()).numpy())
    return np.stack(vectors)


def main():
    target = Path(sys.argv[1]).resolve()
    for folder in ("teachers", "distilled"):
        shutil.rmtree(target / folder, ignore_errors=True)
    target.mkdir(parents=True, exist_ok=True)
    os.chdir(target)
    torch.manual_seed(7)
    for name, tokenizer, model in teachers():
        # Random layers mix so well that every token's vector would have the same length; biases break that.
        for key, value in model.named_parameters():
            if key.endswith("bias"):
                torch.nn.init.normal_(value, std=0.2)
        folder = f"teachers/{name}"
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        save_file({"vectors": encode(folder)}, f"teachers/{name}/expected.safetensors")
        for case, options in CASES.items():
            if name != "bert" and case not in ("default", "words", "plain"):
                continue
            static = distill(folder, **{"quantize_to": "float32", **options})
            static.save_pretrained(f"distilled/{name}-{case}")
            for unused in ("README.md", "modules.json"):
                os.remove(f"distilled/{name}-{case}/{unused}")
            print(name, case, static.embedding.shape)
    Path("cases.json").write_text(json.dumps({"cases": CASES, "texts": ENCODED}, indent=1, ensure_ascii=False) + "\n")


main()
