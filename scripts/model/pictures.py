"""Line pictures as the engine hands them to its network."""
import ctypes
import io

import numpy as np
from PIL import Image

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


def opened(png):
    return np.array(Image.open(io.BytesIO(png)).convert("L"))
