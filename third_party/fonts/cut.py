"""Cuts the faces in this folder from Debian 12's package fonts-liberation2.

Run here, with fontTools: python3 cut.py /usr/share/fonts/truetype/liberation2
"""
import sys
from fontTools import subset
from fontTools.ttLib import TTFont

CHARACTERS = ("20-7E,A0-17F,1A0,1A1,1AF,1B0,300,301,303,309,323,1EA0-1EF9,2010,2012-2015,2018-201E,2020-2022,2026,2030,"
              "2032,2033,2039,203A,20AB,20AC,2116,2122,2190-2193,2212,2248,2260,2264,2265,25A0,25A1,25CB,25CF")
FACES = [("Serif", "Regular"), ("Serif", "Bold"), ("Serif", "Italic"), ("Serif", "BoldItalic"), ("Sans", "Regular"), ("Sans", "Bold")]
DROPPED = ["GSUB", "GPOS", "GDEF", "DSIG", "FFTM", "kern", "gasp", "LTSH", "VDMX", "hdmx", "PCLT"]

characters = []
for part in CHARACTERS.split(","):
    first, _, last = part.partition("-")
    characters += range(int(first, 16), int(last or first, 16) + 1)

for kind, style in FACES:
    font = TTFont(f"{sys.argv[1]}/Liberation{kind}-{style}.ttf")
    cutter = subset.Subsetter(subset.Options(
        hinting=False, layout_features=[], legacy_kern=False, notdef_outline=True, glyph_names=False, name_IDs=["*"],
        recalc_timestamp=False, drop_tables=DROPPED))
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    family, spaced = f"Sohoa {kind}", style.replace("BoldItalic", "Bold Italic")
    name = font["name"]
    name.names = [r for r in name.names if r.nameID in (0, 5, 13, 14)]
    post = f"Sohoa{kind}-{style}"
    for number, text in {1: family, 2: spaced, 3: f"{post} (cut)", 4: f"{family} {spaced}", 6: post}.items():
        name.setName(text, number, 3, 1, 0x409)
        name.setName(text, number, 1, 0, 0)
    name.setName("Cut from Liberation 2.1.5: Latin and Vietnamese, no hints, no layout tables; renamed.", 10, 3, 1, 0x409)
    font.save(f"sohoa-{kind.lower()}-{spaced.lower().replace(' ', '-')}.ttf", reorderTables=True)
