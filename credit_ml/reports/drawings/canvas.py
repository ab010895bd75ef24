"""matplotlib's SVG, with what texts measure remembered, and strokes of one look as one path.

To lay a figure out and to draw it at two widths, matplotlib measures each of its texts a dozen
times, reads the font's tables each time, and writes each interval with a style of its own. A page
has dozens of figures: that was much of the time that it took. What is drawn is the same.
"""

import io
from typing import Any

from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.colors import to_rgba
from matplotlib.font_manager import findfont, get_font

#: Dots an inch of every SVG.
DOTS = 72
#: Texts, of one font and size each, whose measures are remembered.
TEXTS = 20_000
#: Where a font says how high its letters are: a table, and three of its entries.
_TABLES = (
    ("OS/2", "sTypoAscender", "sTypoDescender", "sTypoLineGap"),
    ("hhea", "ascent", "descent", "lineGap"),
)


class Canvas(FigureCanvasSVG):
    """A figure's canvas that writes SVG by a `Renderer`, and lays it out by one."""

    def print_svg(self, filename: Any, *, metadata: Any = None, **other: Any) -> None:
        """Write the figure to an open text file."""
        del other
        renderer = self._writing(filename, metadata)
        self.figure.draw(renderer)
        renderer.finalize()

    def get_renderer(self) -> Any:
        """Return what measures texts while the figure is laid out."""
        return self._writing(io.StringIO(), None)

    def _writing(self, file: Any, metadata: Any) -> Any:
        figure: Any = self.figure
        make: Any = Renderer
        figure.dpi = DOTS
        width, height = figure.get_size_inches()
        return make(width * DOTS, height * DOTS, file, image_dpi=DOTS, metadata=metadata)


class Renderer(RendererSVG):
    """Writes SVG."""

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> Any:
        """Return the size of a text, which is the same in every figure."""
        measure: Any = super().get_text_width_height_descent
        if ismath:
            return measure(s, prop, ismath)
        key = (s, _look(prop))
        if key not in _MEASURED:
            if len(_MEASURED) >= TEXTS:
                _MEASURED.clear()
            _MEASURED[key] = measure(s, prop, ismath)
        return _MEASURED[key]

    def _get_font_height_metrics(self, prop: Any) -> Any:
        """Return ascent, descent and gap between lines, for which matplotlib asks who can say it.

        Others read them from the font's tables for each text. An older or a later matplotlib may
        not ask.
        """
        look = _look(prop)
        if look not in _HEIGHTS:
            _HEIGHTS[look] = _heights(findfont(prop), prop.get_size_in_points())
        return _HEIGHTS[look]

    def draw_path_collection(
        self, gc: Any, master_transform: Any, paths: Any, *given: Any, **more: Any
    ) -> None:
        """Write paths; those of intervals, which look alike and are not filled, as one."""
        base: Any = super()
        svg: Any = self
        all_transforms, offsets, offset_trans, facecolors, edgecolors, *others = given
        linewidths, linestyles, antialiaseds, urls, *_ = others
        looks = (edgecolors, linewidths, linestyles, antialiaseds)
        alike = all(len(each) == 1 for each in looks) and max(len(all_transforms), len(urls)) <= 1
        alike &= len(facecolors) == 0
        still = len(offsets) <= 1 and not offset_trans.transform(offsets).any()
        plain = gc.get_hatch_path() is None and not any(urls)
        if len(paths) < 2 or not (alike and still and plain):
            base.draw_path_collection(gc, master_transform, paths, *given, **more)
            return
        own, colour = self._own(gc), to_rgba(edgecolors[0])
        own.set_linewidth(linewidths[0] if colour[3] else 0.0)
        own.set_dashes(*linestyles[0])
        own.set_foreground(colour, isRGBA=True)
        own.set_antialiased(antialiaseds[0])
        several = svg._iter_collection_raw_paths(master_transform, paths, all_transforms)
        written = " ".join(filter(None, (self._strokes(own, *each) for each in several)))
        if written:
            attributes = {**svg._get_clip_attrs(own), "style": svg._get_style(own, None)}
            svg.writer.element("path", d=written, **attributes)

    def _own(self, gc: Any) -> Any:
        made = self.new_gc()
        made.copy_properties(gc)
        return made

    def _strokes(self, gc: Any, path: Any, transform: Any) -> str:
        svg: Any = self
        flipped, sketch = svg._make_flip_transform(transform), gc.get_sketch_params()
        how = {"clip": True, "simplify": path.should_simplify, "sketch": sketch}
        return str(svg._convert_path(path, flipped, **how)).strip()


_MEASURED: dict[tuple[str, tuple[Any, ...]], Any] = {}
_HEIGHTS: dict[tuple[Any, ...], Any] = {}


def _look(prop: Any) -> tuple[Any, ...]:
    """Return all that a font and its size follow from; the style holds what names stand for."""
    slant, weight, size = prop.get_style(), prop.get_weight(), prop.get_size_in_points()
    told = (prop.get_variant(), prop.get_stretch(), prop.get_file())
    return (*prop.get_family(), slant, weight, size, *told)


def _heights(font: str, size: float) -> tuple[float, float, float] | tuple[None, None, None]:
    """Return ascent, descent and gap of a font, in dots; nothing where it does not say them."""
    tables: Any = get_font(font)
    for name, *entries in _TABLES:
        table = tables.get_sfnt_table(name)
        if table is not None:
            scale = 1 / tables.get_sfnt_table("head")["unitsPerEm"] * size * DOTS / 72
            ascent, descent, gap = (table[entry] * scale for entry in entries)
            return ascent, -descent, gap
    return None, None, None
