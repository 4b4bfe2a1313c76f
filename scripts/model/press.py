"""Prints lines and scans them, as pictures of the kind that the pipeline gives the engine."""
import io
import random
import re
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

GRAIN = 2  # a line is printed so much larger than the engine gets it: at some 300 dpi
uniform, one, whole = random.uniform, random.choice, random.randint


def chance(p):
    return random.random() < p


def style(path):
    name = Path(path).name.lower()
    return "bold" in name, "italic" in name or "oblique" in name


class Press:
    """Prints in the faces given, those that offices use more often."""

    def __init__(self, faces, texts):
        self.faces, self.texts, self.open = faces, texts, {}
        self.serif = [f for f in faces if re.search("Tinos|LiberationSerif|texgyretermes", f)]
        self.sans = [f for f in faces if re.search("Arimo|LiberationSans-|Carlito|texgyreheros|Roboto|NotoSerif-", f)]

    def face(self, kind, size):
        wanted = chance({"heading": .75, "motto": .6, "name": .5}.get(kind, .22)), chance({"day": .6, "heading": .1, "name": .1}.get(kind, .22))
        some = self.serif if chance(.62) else one([self.sans, self.faces])
        path = one([f for f in some if style(f) == wanted] or some)
        if (path, size) not in self.open:
            self.open[path, size] = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
        return self.open[path, size]

    def line(self):
        """A line as the engine gets it, and what it says."""
        while True:
            text, kind = self.texts()
            picture = self.printed(text, kind)
            if picture is not None:
                return scanned(picture, 1 / GRAIN, chance(.5)), text

    def printed(self, text, kind):
        """A line cut out as layout does: with parts of the lines above and below; None if it is too long."""
        size = int(uniform(23, 33) * GRAIN)
        face = self.face(kind, size)
        gap = uniform(-.6, 1.6) * GRAIN if chance(.12) else 0
        space = face.getlength(" ") * (uniform(.8, 2.6) if chance(.35) else 1) + gap
        ascent, descent = face.getmetrics()
        lead, left = size * uniform(1.08, 1.5), 20 * GRAIN
        wide = int(face.getlength(text) + gap * len(text) + (space - face.getlength(" ")) * text.count(" ")) + 2 * left
        if wide > 3400:
            return None
        image = Image.new("L", (wide, int(ascent + descent + 2 * lead)), 255)
        draw = ImageDraw.Draw(image)
        right = written(draw, left, int(lead), text, face, gap, space)
        alone, base = image.copy(), int(lead) + ascent
        if chance(.6):
            for y in (0, 2 * lead):
                if chance(.8):
                    written(draw, left + whole(-30, 30) * GRAIN, int(y), self.texts()[0][:60], face, 0, face.getlength(" "))
        ruled(draw, left, right, base, image.size)
        if chance(.05):
            stamped(draw, image.size[0], base)
        image, alone = crooked(image, alone, (left + right) / 2, base)
        box = Image.eval(alone, lambda v: 255 if v < 128 else 0).getbbox()
        if box is None:
            return None
        above, below = ((whole(0, 6) if chance(.72) else whole(5, 13)) * GRAIN for _ in "12")
        return image.crop((max(0, left - whole(1, 7) * GRAIN), max(0, box[1] - above), min(wide, int(right) + whole(1, 7) * GRAIN), min(image.size[1], box[3] + below)))


def written(draw, x, y, text, face, gap, space):
    for word in text.split(" "):
        for piece in word if gap else [word]:
            draw.text((x, y), piece, font=face, fill=0)
            x += face.getlength(piece) + gap
        x += space
    return x - space


def ruled(draw, left, right, base, size):
    """Now and then a rule below a heading, an underline, the dots of a form, or the edge of a table."""
    how, wide, high = random.random(), *size
    if how < .07:
        a, b = one([(left, right), (left + (right - left) * .25, left + (right - left) * .75)])
        y = base + whole(1, 10) * GRAIN
        draw.line([(a, y), (b, y)], fill=0, width=whole(1, 2 * GRAIN))
    elif how < .09:
        y = base + whole(1, 5) * GRAIN
        for x in range(0, wide, whole(4, 7) * GRAIN):
            draw.rectangle([x, y, x + GRAIN, y + GRAIN], fill=0)
    elif how < .11:
        x = left - whole(5, 9) * GRAIN
        draw.line([(x, 0), (x, high)], fill=0, width=GRAIN)


def stamped(draw, wide, base):
    """What is left of the ring of a stamp."""
    r, ink = whole(60, 160) * GRAIN, whole(60, 200)
    x, y = whole(0, wide), base + whole(-r, r)
    draw.ellipse([x - r, y - r, x + r, y + r], outline=ink, width=whole(1, 2 * GRAIN))
    if chance(.5):
        r -= 8 * GRAIN
        draw.ellipse([x - r, y - r, x + r, y + r], outline=ink, width=GRAIN)


def crooked(image, alone, x, y):
    """Both pictures turned or bent a little, in the same way."""
    if chance(.3):
        angle = random.gauss(0, .3)
        image, alone = (i.rotate(angle, resample=Image.BILINEAR, fillcolor=255, center=(x, y)) for i in (image, alone))
    if chance(.15):
        wide, high = image.size
        wave = uniform(.5, 2.5) * GRAIN * np.sin(np.arange(wide) / (uniform(.4, 1.5) * wide) * 2 * np.pi + uniform(0, 2 * np.pi))
        at = (np.arange(high)[:, None] + np.rint(wave).astype(int)).clip(0, high - 1)
        image, alone = (Image.fromarray(np.take_along_axis(np.asarray(i), at, 0)) for i in (image, alone))
    return image, alone


def grain(shape, coarse):
    """Noise of paper or sensor."""
    if not coarse:
        return np.random.normal(0, 1, shape)
    k = whole(2, 3)
    return np.kron(np.random.normal(0, 1, (shape[0] // k + 1, shape[1] // k + 1)), np.ones((k, k)))[:shape[0], :shape[1]]


def scanned(image, back, bilevel):
    """image, 1/back as large as the engine gets it, blurred, sampled at a scanner's resolution, and scaled for the engine."""
    wide, high = image.size
    soft = one([.6, 1, 1, 1.5] if bilevel else [.6, 1, 1, 1.6, 2])
    image = image.filter(ImageFilter.GaussianBlur(abs(random.gauss(.9, .5)) / (2 * back) * soft))
    sampled = one([1, 1, 1, 1, .75, .67, .67, .5, 1.33] if bilevel else [1, 1, .67, .67, .5, .5, .75])
    if sampled != 1:
        image = image.resize((max(8, int(wide * sampled)), max(8, int(high * sampled))), one([Image.BOX, Image.BILINEAR, Image.BICUBIC]))
    ink, paper = uniform(0, 110 if chance(.35) else 30), uniform(200, 255)
    a = ink + np.asarray(image).astype(np.float32) * (paper - ink) / 255
    if chance(.15):
        a = a + uniform(4, 14) * grain(a.shape, True)
    image = bits(a, ink, paper, sampled >= 1) if bilevel else shades(a)
    if bilevel and chance(.6):
        image = image.filter(ImageFilter.GaussianBlur(uniform(.2, .9) * sampled / (2 * back)))
    along = uniform(.94, 1.06)
    up = uniform(.85, 1.15) if chance(.5) else along
    image = image.resize((max(8, int(wide * back * along)), max(14, int(high * back * up))), Image.BOX if sampled >= 1 and chance(.7) else one([Image.BILINEAR, Image.BICUBIC]))
    a = np.asarray(image).astype(np.float32)
    if (not bilevel or chance(.3)) and chance(.75):
        a = cleaned(a)
    if chance(.1):
        faint = uniform(20, 120)
        a = faint + a * (255 - faint) / 255
    return np.clip(a, 0, 255).astype(np.uint8)


def bits(a, ink, paper, fine):
    """As black or white: strokes thin and broken, or bold and filled, but never so broken that nobody could read them."""
    a = a + grain(a.shape, chance(.3)) * uniform(0, .16) * (paper - ink)
    level = uniform(.35, .7) if chance(.8) else uniform(.28, .8)
    least = .75 * (a < ink + (paper - ink) * .55).sum()
    while (a < ink + (paper - ink) * level).sum() < least:
        level += .04
    b = np.where(a < ink + (paper - ink) * level, 0, 255).astype(np.uint8)
    if chance(.25):
        b = np.where(np.random.random(b.shape) < 10 ** uniform(-4, -2.2), 255 - b, b).astype(np.uint8)
    image = Image.fromarray(b)
    return image.filter(one([ImageFilter.MinFilter(3), ImageFilter.MedianFilter(3), ImageFilter.MedianFilter(3)])) if fine and chance(.12) else image


def shades(a):
    """With noise, often the traces of JPEG, often sharpened."""
    image = Image.fromarray(np.clip(a + grain(a.shape, chance(.2)) * uniform(0, 10), 0, 255).astype(np.uint8))
    if chance(.35):
        packed = io.BytesIO()
        image.save(packed, "JPEG", quality=whole(18, 75))
        image = Image.open(packed).convert("L")
    if chance(.3):
        image = image.filter(ImageFilter.UnsharpMask(uniform(.6, 2), whole(40, 200), whole(0, 4)))
    return image


def cleaned(a):
    """As the pipeline does it: white paper, shades near the ink only."""
    dark, light = np.percentile(a, 3) * uniform(0, 1), np.percentile(a, 90) * uniform(.78, .97)
    a = np.clip((a - dark) / max(1, light - dark) * 255, 0, 255)
    if chance(.7):
        near = np.asarray(Image.fromarray(a.astype(np.uint8)).filter(ImageFilter.MinFilter(3)))
        dark = np.percentile(a, 2)
        a = np.where(near > dark + (255 - dark) * uniform(.55, .88), 255, a)
    return a


def worn(picture):
    """A line picture of the pipeline, blurred or scanned again."""
    image = Image.fromarray(picture)
    if chance(.3):
        return np.asarray(image.filter(ImageFilter.GaussianBlur(uniform(.3, .9))))
    s = one([1.36, 1.8, 2])
    return scanned(image.resize((int(image.size[0] * s), int(image.size[1] * s)), Image.BICUBIC), 1 / s, chance(.71))


def width():
    """The share of its width that a line keeps: the product reads narrowed lines too."""
    return random.choices([1., uniform(.75, 1), uniform(1, 1.2)], [45, 45, 10])[0]
