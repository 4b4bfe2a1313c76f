"""Line pictures to learn from: those of the pipeline, worn again, and others printed in many faces."""
import collections
import ctypes
import io
import random
import re
import unicodedata

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

HEIGHT = 36  # of a picture as the network is given it

leptonica = ctypes.CDLL("liblept.so.5")
for name, result, *arguments in [
        ("pixCreate", ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_int), ("pixGetData", ctypes.c_void_p, ctypes.c_void_p),
        ("pixGetWidth", ctypes.c_int, ctypes.c_void_p), ("pixGetHeight", ctypes.c_int, ctypes.c_void_p), ("pixGetWpl", ctypes.c_int, ctypes.c_void_p),
        ("pixScale", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_float, ctypes.c_float), ("pixDestroy", None, ctypes.POINTER(ctypes.c_void_p)),
        ("pixScaleGeneral", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_float, ctypes.c_float, ctypes.c_float, ctypes.c_int)]:
    function = getattr(leptonica, name)
    function.restype, function.argtypes = result, arguments


def scaled(picture, width):
    """A grey picture at the network's height, scaled as the engine does it, its width times width."""
    high, wide = picture.shape
    pix = leptonica.pixCreate(wide, high, 8)
    words = leptonica.pixGetWpl(pix)
    rows = np.full((high, 4 * words), 255, np.uint8)
    rows[:, :wide] = picture
    rows = rows.reshape(high, words, 4)[:, :, ::-1].copy()
    ctypes.memmove(leptonica.pixGetData(pix), rows.ctypes.data, rows.nbytes)

    def instead(new):
        leptonica.pixDestroy(ctypes.byref(ctypes.c_void_p(pix)))
        return new

    if width != 1:
        pix = instead(leptonica.pixScaleGeneral(pix, width, 1, 0, 0))
    while leptonica.pixGetHeight(pix) != HEIGHT:
        factor = HEIGHT / leptonica.pixGetHeight(pix)
        pix = instead(leptonica.pixScale(pix, factor, factor))
    wide, words = leptonica.pixGetWidth(pix), leptonica.pixGetWpl(pix)
    rows = np.frombuffer(ctypes.string_at(leptonica.pixGetData(pix), 4 * HEIGHT * words), np.uint8)
    instead(None)
    return rows.reshape(HEIGHT, words, 4)[:, :, ::-1].reshape(HEIGHT, 4 * words)[:, :wide].copy()


def levels(picture):
    """What the engine makes of a scaled picture: -1 is its ink, 1 its paper, in steps of an int8."""
    row = picture[HEIGHT // 2].astype(int)
    before, here, after = row[:-2], row[1:-1], row[2:]
    dark = here[((here < before) & (here <= after)) | ((here <= before) & (here < after))]
    light = here[((here > before) & (here >= after)) | ((here >= before) & (here > after))]
    black, white = quantile(dark, .25, 0.), quantile(light, .75, 255.)
    half = (white - black) / 2
    f = (picture.astype(np.float32) - black) / (half if half > 0 else 1) - 1
    return np.clip(np.round(f * 128), -127, 127) / 127


def quantile(values, share, otherwise):
    """As the engine counts it, between the levels."""
    if len(values) == 0:
        return otherwise
    counts = np.bincount(values, minlength=256)
    target = min(max(share * len(values), 1), len(values))
    sums = np.cumsum(counts)
    at = int(np.searchsorted(sums, target))
    return at + 1 - (sums[at] - target) / counts[at]


def cut(image, back):
    """As black or white at a scan's resolution and small again, so that the edges have shades."""
    a = np.asarray(image).astype(np.float32)
    low, high = np.percentile(a, 2), np.percentile(a, 98)
    a = a + np.random.normal(0, random.uniform(0, .12) * (high - low + 1), a.shape)
    b = np.where(a < low + (high - low) * random.uniform(.33, .68), 0, 255).astype(np.uint8)
    if random.random() < .3:
        b = np.where(np.random.random(b.shape) < 10 ** random.uniform(-4, -2.2), 255 - b, b).astype(np.uint8)
    wide, high = image.size
    soft = Image.fromarray(b).filter(ImageFilter.GaussianBlur(random.uniform(.2, .9)))
    return soft.resize((max(8, int(wide * back)), max(12, int(high * back))), Image.BOX)


def worn(picture):
    """A line picture of the pipeline, blurred, faint, noisy, unevenly lit, cut to bits, or set higher or lower."""
    image, how = Image.fromarray(picture), random.random()
    if how < .3:
        image = image.filter(ImageFilter.GaussianBlur(random.uniform(.3, 1)))
    elif how < .65:
        s = random.choice([1.36, 1.8, 2])
        large = image.resize((int(image.size[0] * s), int(image.size[1] * s)), Image.BICUBIC)
        image = cut(large.filter(ImageFilter.GaussianBlur(random.uniform(.3, 1.3))), 1 / s)
    a = np.asarray(image).astype(np.float32)
    if random.random() < .3:
        faint = random.uniform(0, 130)
        a = faint + a * (255 - faint) / 255
    if random.random() < .3:
        a = a + np.random.normal(0, random.uniform(2, 16), a.shape)
    if random.random() < .15:
        a = a * np.linspace(random.uniform(.6, 1), random.uniform(.6, 1), a.shape[1])
    if random.random() < .25:
        top, below = random.randint(-2, 3), random.randint(-2, 3)
        a = a[max(0, -top):a.shape[0] - max(0, -below)]
        a = np.pad(a, ((max(0, top), max(0, below)), (0, 0)), constant_values=a.max())
    return np.clip(a, 0, 255).astype(np.uint8)


def width():
    """The share of its width that a line keeps."""
    how = random.random()
    return 1. if how < .45 else random.uniform(.75, 1) if how < .92 else random.uniform(1, 1.15)


class Press:
    """Prints lines in the faces given, those that offices use more often."""

    def __init__(self, faces, text):
        self.faces, self.text, self.open = faces, text, {}
        serif = [f for f in faces if re.search("Tinos|LiberationSerif|texgyretermes", f)]
        self.office = 3 * serif + [f for f in faces if re.search("Arimo|LiberationSans|Carlito|texgyreheros|Roboto|NotoSerif-", f)]

    def face(self, path, size):
        if (path, size) not in self.open:
            self.open[path, size] = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
        return self.open[path, size]

    def line(self, grain=2):
        """A line of letters some 20 pixels high, and what it says."""
        text = self.text()
        face = self.face(random.choice(self.office if random.random() < .65 else self.faces), int(random.uniform(24, 33) * grain))
        ascent, descent = face.getmetrics()
        top, below = random.randint(-2, 5) * grain, random.randint(-2, 5) * grain
        left, right = random.randint(2, 10) * grain, random.randint(2, 10) * grain
        gap = random.uniform(-.5, 1.5) * grain if random.random() < .2 else 0
        image = Image.new("L", (int(max(40, left + right + face.getlength(text) + gap * len(text))), ascent + descent + top + below), 255)
        draw, x = ImageDraw.Draw(image), left
        for piece in text if gap else [text]:
            draw.text((x, top), piece, font=face, fill=0)
            x += face.getlength(piece) + gap
        if random.random() < .06:
            draw.line([(0, image.size[1] - 2 * grain), (image.size[0], image.size[1] - 2 * grain)], fill=0, width=grain)
        if random.random() < .3:
            image = image.rotate(random.gauss(0, .25), resample=Image.BILINEAR, fillcolor=255)
        image = image.filter(ImageFilter.GaussianBlur(random.uniform(.3, 1) * grain * random.choice([.7, 1, 1.3])))
        if random.random() < .5:
            return np.asarray(cut(image, 1 / grain)), text
        back = random.uniform(.9, 1.1) / grain
        a = np.asarray(image.resize((max(8, int(image.size[0] * back)), max(12, int(image.size[1] * back))), Image.BOX)).astype(np.float32)
        if random.random() < .3:
            faint = random.uniform(20, 150)
            a = faint + a * (255 - faint) / 255
        a = np.clip(a + np.random.normal(0, random.uniform(0, 9), a.shape), 0, 255)
        return (np.where(a > 215, 255, a) if random.random() < .6 else a).astype(np.uint8), text


def unmarked(word):
    return "".join(c for c in unicodedata.normalize("NFD", word.replace("đ", "d")) if not unicodedata.combining(c))


class Text:
    """Things to print: lines of the generator, prose, numbers, and words in no order, so that the network learns to look and not to guess."""

    def __init__(self, known, printed, prose, words, phrases):
        fit = [[line for line in lines if line and all(c in known for c in line)] for lines in (printed, prose, words, phrases)]
        self.known, (self.printed, self.prose, self.words, self.phrases) = known, fit
        self.words = [w for w in self.words if len(w) < 14]
        self.low = [w for w in self.words if w.islower()]
        kin = collections.defaultdict(list)
        for w in self.low:
            kin[unmarked(w)].append(w)
        self.kin = [v for k, v in kin.items() if len(v) > 1 and len(k) > 1]  # words that only their marks part

    def __call__(self):
        while True:
            how = random.random()
            t = (part(random.choice(self.printed), 1, 20) if how < .2 else part(random.choice(self.prose), 4, 17) if how < .6
                 else self.jumble() if how < .96 else " ".join(number() for _ in range(random.randint(1, 4))))
            if 1 < len(t) < 110 and all(c in self.known for c in t):
                return t

    def word(self):
        how = random.random()
        if how < .25:
            return random.choice(self.phrases)
        return random.choice(random.choice(self.kin)) if how < .6 else random.choice(self.low) if how < .88 else random.choice(self.words)

    def jumble(self):
        out, case = [], random.random()
        for _ in range(random.randint(1, 15)):
            if random.random() < .08:
                out.append(number())
                continue
            w = self.word()
            w = w.upper() if case < .12 else w[:1].upper() + w[1:] if case < .27 or random.random() < .06 else w
            out.append(random.choices(["%s", "%s,", "%s.", "%s;", "%s:", "(%s)", "“%s”", "%s -"], [89, 6, 1, 1, 1, 1, .5, 1])[0] % w)
        return random.choices(["", "- ", "+ ", "1. ", "a) ", "b) ", "2.1. "], [90, 2, 2, 2, 2, 1, 1])[0] + " ".join(out)


def part(line, least, most):
    words = line.split(" ")
    n = random.randint(least, most)
    at = random.randint(0, max(0, len(words) - n))
    return " ".join(words[at:at + n])


def number():
    """As they stand in administrative papers: days, sums, notations, laws, telephones, shares, hours."""
    n, one = random.randint, random.choice
    return one([
        lambda: f"{n(1, 31):02d}/{n(1, 12):02d}/{n(1960, 2026)}",
        lambda: f"{n(1, 999)}.{n(0, 999):03d}" + one(["", ".000", ".000 đồng", " đồng", "đ"]),
        lambda: f"{n(1, 150)}/{n(2001, 2026)}/" + one(["QH10", "QH11", "QH12", "QH13", "QH14", "QH15", "NĐ-CP", "TT-BTC", "TT-BNV", "QĐ-TTg", "NQ-HĐND", "UBTVQH14"]),
        lambda: f"{n(1, 9999)}/" + one(["QĐ", "TTr", "CV", "BC", "KH", "TB", "NQ", "NĐ", "TT", "CT"]) + "-" + one(["UBND", "HĐND", "SNV", "BTP", "CP", "STC", "VP"]),
        lambda: f"0{n(10 ** 8, 10 ** 9 - 1)}", lambda: f"{n(1, 100)}%", lambda: f"{n(1, 999)},{n(1, 9)}m2", lambda: f"{n(0, 23):02d}:{n(0, 59):02d}",
        lambda: "".join(one("0123456789") for _ in range(n(2, 12)))])()


def opened(png):
    return np.array(Image.open(io.BytesIO(png)).convert("L"))
