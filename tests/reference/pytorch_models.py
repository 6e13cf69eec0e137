#!/usr/bin/env python3
"""pytorch_models.py FOLDER

Writes pytorch_f64, _f32, _f16 and _bf16.safetensors: one autoencoder, 3-4-2-4-3, as the lines of
docs/model_files.md save it from PyTorch, with the names of its state_dict and the layout of
safetensors.torch.save_file (tensors sorted by name, the header padded with spaces). All its numbers are
sixteenths, which each of the four types holds exactly, so the files hold the same model. pytorch.json has an
input X, its code and the output Y, computed here. Needs the standard library alone.
"""

import json
import math
import os
import random
import struct
import sys

LAYERS = [  # name in the state_dict, in, out, activation
    ("encoder.0", 3, 4, "tanh"),
    ("encoder.2", 4, 2, "identity"),
    ("decoder.0", 2, 4, "tanh"),
    ("decoder.2", 4, 3, "sigmoid"),
]
LATENT_LAYER = 2
FUNCTIONS = {"tanh": math.tanh, "identity": lambda z: z, "sigmoid": lambda z: 1 / (1 + math.exp(-z))}


def sixteenths(count):
    return [random.randint(-24, 24) / 16 for _ in range(count)]


def packed(values, dtype):
    if dtype == "BF16":  # the upper half of a float
        return b"".join(struct.pack("<f", value)[2:] for value in values)
    return struct.pack("<" + str(len(values)) + {"F64": "d", "F32": "f", "F16": "e"}[dtype], *values)


def safetensors(tensors, metadata, dtype):
    header = {"__metadata__": metadata}
    data = b""
    for name in sorted(tensors):
        shape, values = tensors[name]
        begin = len(data)
        data += packed(values, dtype)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [begin, len(data)]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def forward(tensors, layers, x):
    for name, _, out, function in layers:
        w, b = tensors[name + ".weight"][1], tensors[name + ".bias"][1]
        z = [b[j] + sum(x[k] * w[j * len(x) + k] for k in range(len(x))) for j in range(out)]
        x = [FUNCTIONS[function](value) for value in z]
    return x


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    random.seed(1)
    tensors = {}
    for name, n_in, n_out, _ in LAYERS:
        tensors[name + ".weight"] = ([n_out, n_in], sixteenths(n_out * n_in))
        tensors[name + ".bias"] = ([n_out], sixteenths(n_out))
    metadata = {
        "layers": "; ".join(f"dense({n_in},{n_out}) {f}" for _, n_in, n_out, f in LAYERS),
        "names": "; ".join(name for name, *_ in LAYERS),
        "latent_layer": str(LATENT_LAYER),
    }
    for dtype in ("F64", "F32", "F16", "BF16"):
        with open(os.path.join(sys.argv[1], f"pytorch_{dtype.lower()}.safetensors"), "wb") as file:
            file.write(safetensors(tensors, metadata, dtype))
    x = [0.5, -1.25, 2.0]
    code = forward(tensors, LAYERS[:LATENT_LAYER], x)
    expected = {"X": x, "code": code, "Y": forward(tensors, LAYERS[LATENT_LAYER:], code)}
    with open(os.path.join(sys.argv[1], "pytorch.json"), "w", encoding="utf-8") as file:
        json.dump(expected, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
