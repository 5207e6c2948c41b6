#!/usr/bin/env python3
"""Cuts the two faces of Bricolage Grotesque that the app shows out of the whole variable font (78 kB,
half of it kerning for widths and weights that nobody sees): headings, and the narrow letters of made
covers. Run by hand when the font or what is shown of it changes: pip install fonttools brotli."""
import pathlib
import tempfile

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

here = pathlib.Path(__file__).resolve().parent.parent
source = here / "node_modules/@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wdth-normal.woff2"
faces = {"headings": {"wdth": 92, "wght": (700, 800)}, "covers": {"wdth": 75, "wght": 800}}

for name, axes in faces.items():
    with tempfile.TemporaryDirectory() as folder:
        cut = instancer.instantiateVariableFont(TTFont(source), axes)
        cut.flavor = None
        plain = pathlib.Path(folder) / "face.ttf"
        cut.save(plain)
        font = TTFont(plain)
    options = subset.Options()
    options.layout_features = ["kern", "tnum", "mark", "mkmk", "ccmp", "locl", "liga", "calt"]
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=font.getBestCmap().keys())
    cutter.subset(font)
    font.flavor = "woff2"
    target = here / f"src/app/fonts/bricolage-{name}.woff2"
    font.save(target)
    print(target.name, target.stat().st_size)
