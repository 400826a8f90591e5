"""The base map: country shapes of Natural Earth (public domain) as SVG paths, made once and kept in `land.json`.

    python -m supplysim.viz.basemap countries-50m.json      # from the npm package world-atlas 2.0.2 (ISC)

Schematic; borders are not a position on sovereignty.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

from supplysim.evidence import HUBS, PLACES

FILE = Path(__file__).parent / "land.json"
WIDTH = 1000.0
# west, south, east, north of the region, and of the close-up of the straits
REGION = (44.0, -11.0, 149.0, 50.0)
STRAITS = (103.15, 0.95, 104.65, 2.1)
CODES = {number: place.code for place in PLACES.values() for number in place.iso_numeric}

Point = tuple[float, float]


def mercator(latitude: float) -> float:
    """Return the height of a latitude in degrees of longitude."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


class Frame:
    """A window on the map, `WIDTH` wide."""

    def __init__(self, west: float, south: float, east: float, north: float) -> None:
        self.west, self.top = west, mercator(north)
        self.scale = WIDTH / (east - west)
        self.height = (self.top - mercator(south)) * self.scale

    def __call__(self, longitude: float, latitude: float) -> Point:
        """Return where a place lies, pixels from the upper left."""
        return (longitude - self.west) * self.scale, (self.top - mercator(latitude)) * self.scale


def rings(topology: dict) -> Iterator[tuple[str, list[Point]]]:
    """Yield (country, outer ring in degrees) of a TopoJSON file."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        arcs.append(line)

    def ring(indices: list[int]) -> list[Point]:
        points: list[Point] = []
        for index in indices:
            piece = arcs[index] if index >= 0 else arcs[~index][::-1]
            points.extend(piece if not points else piece[1:])
        return points

    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for polygon in polygons:
            yield CODES.get(str(shape.get("id")), ""), ring(polygon[0])


def clip(points: list[Point], width: float, height: float) -> list[Point]:
    """Return a ring cut off at the window, Sutherland and Hodgman's way."""
    for axis, limit, sign in ((0, -20.0, 1), (0, width + 20.0, -1), (1, -20.0, 1), (1, height + 20.0, -1)):
        kept: list[Point] = []
        for a, b in zip(points, points[1:] + points[:1], strict=True):
            inside_a, inside_b = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
            if inside_a:
                kept.append(a)
            if inside_a != inside_b:
                t = (limit - a[axis]) / (b[axis] - a[axis])
                kept.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
        points = kept
        if not points:
            break
    return points


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """Return a line with the points left out that lie nearer than `tolerance`, Douglas and Peucker's way."""
    if len(points) < 3:
        return points
    (ax, ay), (bx, by) = points[0], points[-1]
    length = math.hypot(bx - ax, by - ay)
    worst, at = -1.0, 0
    for i, (x, y) in enumerate(points[1:-1], start=1):
        gap = abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length if length else math.hypot(x - ax, y - ay)
        if gap > worst:
            worst, at = gap, i
    if worst <= tolerance:
        return [points[0], points[-1]]
    return simplified(points[: at + 1], tolerance)[:-1] + simplified(points[at:], tolerance)


def shapes(topology: dict, window: tuple[float, ...], tolerance: float) -> list[dict[str, str]]:
    """Return one path a country that lies in a window."""
    frame = Frame(*window)
    found: dict[str, list[str]] = {}
    for code, ring in rings(topology):
        points = clip([frame(x, max(min(y, 80.0), -70.0)) for x, y in ring], WIDTH, frame.height)
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        if not points or ((max(xs) - min(xs)) * (max(ys) - min(ys)) < 4.0 and code not in HUBS):
            continue
        half = len(points) // 2
        line = simplified(points[: half + 1], tolerance)[:-1] + simplified(points[half:], tolerance)
        found.setdefault(code, []).append("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in line) + "Z")
    return [{"code": code, "path": "".join(paths)} for code, paths in sorted(found.items())]


def main(source: str) -> None:
    """Write `land.json`."""
    topology = json.loads(Path(source).read_text("utf-8"))
    document = {
        "source": "Natural Earth (public domain) by world-atlas 2.0.2 (ISC)",
        "region": {"window": REGION, "height": round(Frame(*REGION).height), "land": shapes(topology, REGION, 0.7)},
        "straits": {"window": STRAITS, "height": round(Frame(*STRAITS).height), "land": shapes(topology, STRAITS, 0.7)},
    }
    FILE.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
