"""Trains the model of Vietnamese further.

python3 train.py --model vie.traineddata [--start FILE] --out vie-new.traineddata --lines LIST --printed PAGES --prose FILE --pipeline DIR
    --faces DIR [--minutes 60]

LIST is what lines.py wrote (may be given again, as may PAGES), PAGES a folder of `sohoa paper`, the prose text with a line a row, the pipeline
the folder of that name of the project, faces a folder of them. Training goes on from FILE, and is pulled towards the model.
Needs combine_tessdata and dawg2wordlist of the package tesseract-ocr.
"""
import argparse
import itertools
import os
import random
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

import lines
import network
import pictures
import press
import texts

STEP, COLUMNS = 240, 14400  # widths of pictures go up by the one; a batch has some of the other in all


def arguments():
    a = argparse.ArgumentParser()
    for name in ("model", "out", "prose", "pipeline", "faces"):
        a.add_argument("--" + name, required=True)
    for name in ("lines", "printed"):
        a.add_argument("--" + name, required=True, action="append")
    a.add_argument("--minutes", type=float, default=60)
    a.add_argument("--start", help="a model to go on from, otherwise --model")
    a.add_argument("--rate", type=float, default=4e-4)
    a.add_argument("--pull", type=float, default=.3, help="towards the numbers of the model")
    a.add_argument("--share", type=float, default=.85, help="of the trained numbers in the new model, the rest are those of the model")
    a.add_argument("--seed", type=int, default=1)
    return a.parse_args()


class Samples:
    """Batches of pictures of about one width, with their letters."""

    def __init__(self, real, printer, known):
        self.real, self.printer, self.known, self.waiting = real, printer, known, {}
        bilevel = {"bilevel-200": 1.5, "bilevel-300": 1.5, "bilevel-400": 1.5, "colour-400": 1.3, "grey-400": 1.3}
        self.weights = list(itertools.accumulate(bilevel.get(kind, .8) * (1.6 if int(wrong) else 1) for _, kind, _, wrong in real))

    def one(self):
        if random.random() < .85:
            picture, text = self.printer.line()
        else:
            png, _, text, _ = random.choices(self.real, cum_weights=self.weights)[0]
            picture = pictures.opened(png)
            if random.random() < .45:
                picture = press.worn(picture)
        return pictures.scaled(picture, press.width()), text

    def batch(self):
        while True:
            picture, text = self.one()
            if not fits(picture, text):
                continue
            wide = room(picture)
            waiting = self.waiting.setdefault(wide, [])
            waiting.append((picture, text))
            if len(waiting) == lot(wide):
                self.waiting[wide] = []
                return packed(waiting, wide, self.known)


def room(picture):
    return -(-picture.shape[1] // STEP) * STEP


def lot(wide):
    return max(6, COLUMNS // wide)


def most(wide):
    """How many letters a picture may have."""
    return 24 + wide // 10


def fits(picture, text):
    return 12 <= picture.shape[1] <= 7 * STEP and picture.shape[1] // 3 > 1.15 * len(text) and len(text) <= most(room(picture))


def packed(samples, wide, known):
    n = lot(wide)
    x = np.random.uniform(-1, 1, (n, pictures.HEIGHT + 2, wide + 2)).astype(np.float32)
    steps, labels, none = np.zeros(n, np.int32), np.zeros((n, most(wide)), np.int32), np.ones((n, most(wide)), np.float32)
    for i, (picture, text) in enumerate(samples):
        x[i, 1:-1, 1:1 + picture.shape[1]] = pictures.levels(picture)
        steps[i] = picture.shape[1] // 3
        labels[i, :len(text)] = [known[c] for c in text]
        none[i, :len(text)] = 0
    return x, steps, labels, none


def score(p, forward, held, known):
    """Letters wrong of the lines held out, at two widths."""
    by_output = {v: k for k, v in known.items()}
    for width in (1., .8):
        wrong = letters = 0
        groups = {}
        for png, _, text, _ in held:
            picture = pictures.scaled(pictures.opened(png), width)
            if fits(picture, text):
                groups.setdefault(room(picture), []).append((picture, text))
        for wide, group in groups.items():
            for some in (group[i:i + lot(wide)] for i in range(0, len(group), lot(wide))):
                x, steps, _, _ = packed(some, wide, known)
                for outputs, n, (_, text) in zip(np.asarray(forward(p, x, steps)), steps, some):
                    wrong += lines.Levenshtein.distance(network.read(outputs[:n], by_output), text)
                    letters += len(text)
        print(f"  held out, width {width}: {wrong / letters:.4f}", flush=True)


def learn(p, old, pull, samples, minutes, rate, report):
    import jax
    import jax.numpy as jnp
    import optax

    def loss(p, x, steps, labels, none):
        outputs = network.forward(p, x, steps)
        behind = (jnp.arange(outputs.shape[1])[None, :] >= steps[:, None]).astype(jnp.float32)
        # A label that does not belong to its picture must not steer.
        return jnp.minimum(optax.ctc_loss(outputs, behind, labels, none, blank_id=network.BLANK), 200.).mean()

    rule = optax.chain(optax.clip_by_global_norm(5.), optax.scale_by_adam())

    @jax.jit
    def step(p, state, mean, rate, *batch):
        value, slope = jax.value_and_grad(loss)(p, *batch)
        change, state = rule.update(slope, state)
        p = jax.tree.map(lambda a, b, o: a - rate * (b + pull * (a - o)), p, change, old)
        return p, state, jax.tree.map(lambda a, b: .99 * a + .01 * b, mean, p), value

    forward = jax.jit(network.forward)
    state, mean, began, told = rule.init(p), p, time.time(), 0
    for k in itertools.count(1):
        gone = (time.time() - began) / 60
        if gone >= told or gone >= minutes:
            print(f"{gone:.0f} min, {k - 1} batches", flush=True)
            report(mean, forward)
            told += 10
        if gone >= minutes:
            return
        p, state, mean, _ = step(p, state, mean, rate * min(1, k / 100) * max(.02, 1 - gone / minutes), *samples.batch())


def main():
    a = arguments()
    random.seed(a.seed)
    np.random.seed(a.seed)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["combine_tessdata", "-u", a.model, folder + "/vie."], check=True, capture_output=True)
        subprocess.run(["dawg2wordlist", folder + "/vie.lstm-unicharset", folder + "/vie.lstm-word-dawg", folder + "/words"], check=True, capture_output=True)
        known = network.letters(folder + "/vie.lstm-unicharset")
        rows = [row.split("\t") for name in a.lines for row in Path(name).read_text("utf8").splitlines()]
        real = [(Path(row[0]).read_bytes(), *row[1:]) for row in rows]
        random.shuffle(real)
        printed = [lines.plain(line) for pages in a.printed for path in Path(pages).glob("*.txt") for line in path.read_text("utf8").split("\n")]
        prose, words = (list(map(lines.plain, Path(f).read_text("utf8").split("\n"))) for f in (a.prose, folder + "/words"))
        say = texts.Texts(known, printed, prose, words, a.pipeline + "/field/lists", a.pipeline + "/proof")
        faces = [str(f) for f in sorted(Path(a.faces).rglob("*")) if f.suffix in (".ttf", ".otf")]
        held, real = real[:len(real) // 25], real[len(real) // 25:]

        old = start = network.load(folder + "/vie.lstm")
        if a.start:
            subprocess.run(["combine_tessdata", "-u", a.start, folder + "/start."], check=True, capture_output=True)
            start = network.load(folder + "/start.lstm")

        def report(p, forward):
            p = {k: (1 - a.share) * old[k] + a.share * p[k] for k in old}
            score(p, forward, held, known)
            network.save(folder + "/new.lstm", folder + "/vie.lstm", p)
            os.replace(folder + "/new.lstm", folder + "/vie.new.lstm")

        learn(start, old, a.pull, Samples(real, press.Press(faces, say), known), a.minutes, a.rate, report)
        Path(a.out).write_bytes(Path(a.model).read_bytes())
        os.replace(folder + "/vie.new.lstm", folder + "/vie.lstm")
        subprocess.run(["combine_tessdata", "-o", a.out, folder + "/vie.lstm"], check=True, capture_output=True)


main()
