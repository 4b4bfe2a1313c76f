"""The network of Tesseract's model of Vietnamese: its file, and what it computes, in JAX.

An integer model is a tree of layers with 18 matrices: a convolution, four LSTMs of four gates each
(CI, GI, GF, GO), and the output. A matrix has a row a unit: weights of the inputs, of the unit's own layer
one step before, and the bias; each row is stored as int8 with a scale.
"""
import struct

import jax
import jax.numpy as jnp
import numpy as np

BLANK = 268  # the output that stands for no letter
INTEGER, DOUBLE = 1, 128  # flags of a matrix


class Reader:
    def __init__(self, b):
        self.b, self.at = b, 0

    def take(self, n):
        self.at += n
        return self.b[self.at - n:self.at]

    def number(self):
        return struct.unpack("<i", self.take(4))[0]


def matrices(b):
    """Start, end, flags and weights of each matrix in an integer model."""
    r, found = Reader(b), []

    def matrix():
        start, flags = r.at, r.take(1)[0]
        if flags & (INTEGER | DOUBLE) != INTEGER | DOUBLE:
            raise ValueError(f"a matrix with flags {flags}: the model is not an integer one of Tesseract 4 or 5")
        rows, columns = r.number(), r.number()
        r.take(1)
        weights = np.frombuffer(r.take(rows * columns), np.int8).reshape(rows, columns)
        scales = np.frombuffer(r.take(8 * r.number()), "<f8")[:rows]
        found.append((start, r.at, flags, (weights * scales[:, None]).astype(np.float32)))

    def layer():
        r.take(1)
        kind = r.take(r.number()).decode()
        r.take(2)
        flags = r.number()
        r.take(12)
        r.take(r.number())
        if kind in ("Series", "XYTranspose", "RTLReversed"):
            for _ in range(r.number()):
                layer()
            if flags & 64:
                r.take(4 * r.number())  # learning rates of the layers
        elif kind == "Input":
            r.take(20)
        elif kind in ("Convolve", "Maxpool"):
            r.take(8)
        elif kind in ("LSTM", "SummLSTM"):
            r.take(4)
            for _ in range(4):
                matrix()
        else:
            matrix()

    layer()
    return found


def load(path):
    w = [m[3] for m in matrices(open(path, "rb").read())]
    return {"conv": w[0], "up": np.stack(w[1:5]), "first": np.stack(w[5:9]), "back": np.stack(w[9:13]), "last": np.stack(w[13:17]), "out": w[17]}


def save(path, like, p):
    """Writes an integer model with the weights p, all else as in the file like."""
    b, out, at = open(like, "rb").read(), bytearray(), 0
    weights = [p["conv"], *p["up"], *p["first"], *p["back"], *p["last"], p["out"]]
    for (start, end, flags, _), w in zip(matrices(b), weights):
        w = np.asarray(w, np.float64)
        scales = np.abs(w).max(1) / 127
        ints = np.rint(w / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8)
        out += b[at:start] + bytes([flags]) + struct.pack("<iib", *w.shape, 0) + ints.tobytes()
        out += struct.pack("<i", len(scales)) + scales.astype("<f8").tobytes()
        at = end
    open(path, "wb").write(out + b[at:])


def lstm(w, x, there, backwards=False, only_last=False):
    """x: steps × lines × inputs; there: 1 where a line has the step, 0 behind its end, or None."""
    units, inputs = w.shape[1], w.shape[2] - w.shape[1] - 1
    given = x @ w[:, :, :inputs].reshape(4 * units, inputs).T + w[:, :, -1].reshape(-1)
    own = w[:, :, inputs:-1].reshape(4 * units, units).T

    def step(carried, now):
        h, s = carried
        g, t = now
        ci, gi, gf, go = jnp.split(g + h @ own, 4, axis=1)
        s = jnp.tanh(ci) * jax.nn.sigmoid(gi) + s * jax.nn.sigmoid(gf)
        h = jnp.tanh(s) * jax.nn.sigmoid(go)
        if t is not None:
            s, h = s * t, h * t
        return (h, s), None if only_last else h

    none = jnp.zeros((x.shape[1], units), x.dtype)
    (h, _), all_steps = jax.lax.scan(step, (none, none), (given, there), reverse=backwards)
    return h if only_last else all_steps


def forward(p, x, steps):
    """x: lines × 38 × (width + 2), pictures 36 high with a rim of noise; steps: how many each has, of
    three pixels. Returns the outputs before softmax: lines × steps × letters."""
    n, high, wide = x.shape[0], x.shape[1] - 2, x.shape[2] - 2
    around = jnp.stack([x[:, dy:dy + high, dx:dx + wide] for dx in range(3) for dy in range(3)], -1)
    c = jnp.tanh(around @ p["conv"][:, :9].T + p["conv"][:, 9])
    c = c.reshape(n, high // 3, 3, wide // 3, 3, 16).max((2, 4))
    up = c.transpose(1, 0, 2, 3).reshape(high // 3, n * (wide // 3), 16)
    h = lstm(p["up"], up, None, only_last=True).reshape(n, wide // 3, -1).transpose(1, 0, 2)
    there = (jnp.arange(wide // 3)[:, None] < steps[None, :]).astype(x.dtype)[:, :, None]
    h = lstm(p["first"], h, there)
    h = lstm(p["back"], h, there, backwards=True)
    h = lstm(p["last"], h, there)
    return (h @ p["out"][:, :-1].T + p["out"][:, -1]).transpose(1, 0, 2)


def letters(unicharset):
    """The output of each letter, from the model's lstm-unicharset."""
    rows = [r.split(" ")[0] for r in open(unicharset, encoding="utf8").read().split("\n")[1:]]
    return {" ": 0} | {r: i - 2 for i, r in enumerate(rows) if i > 2 and r}


def read(outputs, by_output):
    """The likeliest letters of one line."""
    best = np.asarray(outputs).argmax(1)
    return "".join(by_output.get(int(k), "") for i, k in enumerate(best) if k != BLANK and (i == 0 or k != best[i - 1]))
