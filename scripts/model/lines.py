"""Finds for each dumped line picture the printed line that it shows.

python3 lines.py PAGES LINES UNICHARSET >LIST, where PAGES is what `sohoa paper` made and LINES what dump.cpp wrote while
`sohoa bench ocr PAGES` read it. A row of LIST: picture, class of the page, printed line, letters misread.
"""
import collections
import json
import sys
import unicodedata
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from network import letters


def plain(s):
    return " ".join(unicodedata.normalize("NFC", s).split())


def overlap(a, b):
    """How much of the lower of two boxes lies level with the other."""
    return (min(a[3], b[3]) - max(a[1], b[1])) / max(1, min(a[3] - a[1], b[3] - b[1]))


def document(path):
    """The printed lines of a document, also two beside each other as one, and whether a hand wrote into them."""
    lines = [line for line in map(plain, path.read_text("utf8").replace("\f", "\n").split("\n")) if line]
    pages = json.loads(path.with_suffix(".json").read_text("utf8"))["trang"]
    words = [(number, *w) for number, p in enumerate(pages) for w in p["tu"]]
    hands = [(number, b) for number, p in enumerate(pages) for b in p["viet_tay"] or []]
    places, at = [], 0
    for line in lines:
        n = len(line.split(" "))
        mine, at = words[at:at + n], at + n
        places.append((mine[0][0], [min(w[2] for w in mine), min(w[3] for w in mine), max(w[4] for w in mine), max(w[5] for w in mine)]))
    by_hand = [any(q == page and overlap(box, b) > .2 for q, b in hands) for page, box in places]
    shown = list(zip(lines, by_hand))
    for i, (page, a) in enumerate(places):
        for j, (other, b) in enumerate(places):
            if page == other and a[2] <= b[0] and overlap(a, b) > .3:
                shown.append((lines[i] + " " + lines[j], by_hand[i] or by_hand[j]))
    return lines, shown


def in_turn(reads, documents):
    """Which document each line is of: they were read one after the other."""
    sets = [{w for line in lines for w in line.split(" ") if len(w) > 1} for lines, _ in documents]
    within = collections.Counter(w for s in sets for w in s)
    best, back = [0.0] * len(sets), []
    for text in reads:
        now, came, top, first = [], [], -1, 0
        for k, s in enumerate(sets):
            if best[k] > top:
                top, first = best[k], k
            now.append(top + sum(1 / within[w] for w in set(text.split(" ")) if w in s))
            came.append(first)
        best = now
        back.append(came)
    k, at = max(range(len(sets)), key=best.__getitem__), []
    for came in reversed(back):
        at.append(k)
        k = came[k]
    return at[::-1]


def loose(a, b):
    """Letters at one end that only one of the two has."""
    same = [m for m in Levenshtein.editops(a, b).as_matching_blocks() if m.size]
    if not same:
        return len(b)
    return max(abs(same[0].a - same[0].b), abs(len(a) - same[-1].a - len(b) + same[-1].b))


def truth(text, lines, shown):
    """The printed line that was read as text, and how many letters are wrong; None if that is not certain."""
    near = [(Levenshtein.distance(text, line), line, hand) for line, hand in shown]
    wrong, line, hand = min(near)
    if not hand and (wrong <= .12 * len(line) + .5 or len(line) >= 8 and wrong <= .3 * len(line)):
        return (line, wrong) if loose(text, line) < 3 else None
    if len(text) >= 4 and any(f" {text} " in f" {line} " for line in lines):
        return text, 0
    return None


def main(pages, dump, unicharset):
    known = letters(unicharset)
    paths = sorted(Path(pages).glob("*.txt"))
    documents = [document(p) for p in paths]
    dumped = sorted(Path(dump).glob("*.txt"), key=lambda p: [int(n) for n in p.stem.split("-")])
    reads = [plain(p.read_text("utf8", "replace")) for p in dumped]
    for picture, text, k in zip(dumped, reads, in_turn(reads, documents)):
        found = truth(text, *documents[k]) if len(text) > 1 else None
        if found and all(c in known for c in found[0]):
            print(picture.with_suffix(".png"), "-".join(paths[k].stem.split("-")[-2:]), *found, sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:])
