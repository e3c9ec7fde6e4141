"""Geometry: from solids in centimetres to the path that X-rays travel in each of them.

A radiograph is a shadow.  Every pixel looks along one ray from the X-ray tube to the detector, and
what counts is how many centimetres of each material lie on that ray.  This module holds the simple
solids that the anatomy is made of and computes those path lengths.

Coordinates are in centimetres, seen as a radiologist looks at a film: ``x`` to the patient's left
(the right-hand side of the picture), ``z`` to the head, ``y`` to the patient's back.  The film is
taken postero-anterior (PA): the tube stands behind the patient, the detector touches the chest.
All positions are given in the mid-coronal plane ``y = 0``, so a pixel has the same size in
centimetres everywhere.  Parts nearer to the tube appear larger, as in life.

Two kinds of solid are enough:

* solids that fill one interval of depth per ray (`Column`, `Ellipsoid`): body, heart, lungs;
* thin curved ones (`tube`), cut into small elements of volume that are laid down where their ray
  meets the film: ribs, vessels, leads.  Volume divided by pixel area is path length.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import fft
from scipy import ndimage as ndi
from scipy.interpolate import PchipInterpolator

# Source to mid-coronal plane.  Chest stands work with 180 cm from source to detector
# (European guidelines on quality criteria for diagnostic radiographic images, EUR 16260, 1996);
# the middle of the chest is some 15 cm in front of the detector.
SOURCE_DISTANCE_CM = 165.0

Profile = Callable[[np.ndarray], np.ndarray]


def profile(*knots):
    """Smooth curve through ``(z, value)`` knots, constant beyond the first and the last.

    Monotone between knots (Fritsch and Carlson, SIAM J. Numer. Anal. 17, 1980), so an organ never
    bulges where the table does not say so.

    Returns
    -------
    callable
        Maps an array of heights z (cm) to an array of the same shape and dtype.
    """
    z, value = np.array(sorted(knots), dtype=float).T
    curve = _curve(tuple(z.tolist()), tuple(value.tolist()))

    def evaluate(height):
        return curve(np.clip(height, z[0], z[-1])).astype(np.result_type(height, np.float32))

    return evaluate


@lru_cache(maxsize=1024)  # many are the same for each patient, and for left and right
def _curve(places, values):
    return PchipInterpolator(places, values)


def constant(value):
    """Return the profile that has the same value at every height."""
    return lambda height: np.full_like(height, value)


@dataclass(frozen=True)
class Grid:
    """Pixel grid of the film in the mid-coronal plane.

    Attributes
    ----------
    x, z : (1, w) and (h, 1) float32 arrays
        Pixel centres in cm.
    pixel : float
        Side of a pixel in cm.
    turn : float
        Turn of the patient about the long axis in radians; a part at depth y moves by ``turn * y``.
    source : float
        Distance (cm) from the source to the mid-coronal plane, infinite for parallel rays.
    """

    x: np.ndarray
    z: np.ndarray
    pixel: float
    turn: float = 0.0
    source: float = SOURCE_DISTANCE_CM

    @classmethod
    def square(cls, size, pixel, turn=0.0, source=SOURCE_DISTANCE_CM):
        """Grid of size x size pixels centred on the origin."""
        centres = ((np.arange(size) - (size - 1) / 2) * pixel).astype(np.float32)
        return cls(centres[None, :], -centres[:, None], float(pixel), float(turn), float(source))

    @property
    def shape(self):
        """Height and width in pixels."""
        return self.z.shape[0], self.x.shape[1]

    def zeros(self):
        """Return an empty image of this grid."""
        return np.zeros(self.shape, np.float32)

    def window(self, x_low, x_high, z_low, z_high):
        """Slices of the rows and columns that hold this rectangle (cm) and one pixel around it."""
        x, z = self.x[0], -self.z[:, 0]
        left, right = np.searchsorted(x, [x_low - self.pixel, x_high + self.pixel])
        top, bottom = np.searchsorted(z, [-z_high - self.pixel, -z_low + self.pixel])
        return np.s_[top:bottom, left:right]

    def part(self, window):
        """Return the grid of a window only."""
        return replace(self, x=self.x[:, window[1]], z=self.z[window[0]])

    def at_depth(self, depth):
        """Coordinates (x, z) of the point in depth `depth` (cm) that each pixel sees."""
        shrink = 1 - depth / self.source
        return self.x * shrink - depth * self.turn, self.z * shrink

    def interval(self, solid):
        """Front and back depth (cm) of a solid on each ray; equal where the ray misses it."""
        return solid.interval(*self.at_depth(solid.depth(self.z)))

    def thickness(self, solid):
        """Path length (cm) of each ray in a solid."""
        front, back = self.interval(solid)
        return back - front

    def pixels_of(self, points):
        """Fractional (row, column) where points (n, 3) = (x, y, z) in cm appear on the film."""
        x, y, z = points.T
        enlarge = 1 / (1 - y / self.source)
        column = ((x + y * self.turn) * enlarge - self.x[0, 0]) / self.pixel
        row = (self.z[0, 0] - z * enlarge) / self.pixel
        return row, column

    def deposit(self, points, *volumes):
        """Lay elements of volume on the film.

        Parameters
        ----------
        points : (n, 3) array
            Their places in cm.
        *volumes : (n,) arrays
            Their volumes in cm³, shared among the four nearest pixels.

        Returns
        -------
        window : tuple of slices
            The part of the film that they touch.
        lengths : list of (h, w) float32 arrays
            Path lengths in cm in that window, one for each of `volumes`.
        """
        row, column = self.pixels_of(points)
        seen = (row >= 0) & (column >= 0) & (row < self.shape[0] - 1) & (column < self.shape[1] - 1)
        if not seen.any():
            return np.s_[:0, :0], [np.zeros((0, 0), np.float32) for _ in volumes]
        row, column = row[seen], column[seen]
        top, left = row.astype(np.intp), column.astype(np.intp)
        down, right = row - top, column - left
        first_row, first_column = top.min(), left.min()
        height, width = top.max() - first_row + 2, left.max() - first_column + 2
        first = (top - first_row) * width + left - first_column
        where = np.concatenate([first, first + 1, first + width, first + width + 1])
        share = np.concatenate(
            [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right]
        )
        lengths = [
            np.bincount(where, share * np.tile(volume[seen] / self.pixel**2, 4), height * width)
            for volume in volumes
        ]
        window = np.s_[first_row : first_row + height, first_column : first_column + width]
        return window, [image.reshape(height, width).astype(np.float32) for image in lengths]


@dataclass(frozen=True)
class Column:
    """Upright solid: at every height a rounded cross-section between a left and a right border.

    Attributes
    ----------
    left, right : callable
        Borders x(z) in cm.
    depth, half_depth : callable
        Centre y(z) and half thickness (cm) in the direction of the rays.
    squareness : float
        Exponent of the cross-section: 2 an ellipse, 3 fuller towards the sides.
    softness : float
        0.5 for a round edge, more for an edge that thins out like a lens.
    """

    left: Profile
    right: Profile
    depth: Profile
    half_depth: Profile
    squareness: float = 2.0
    softness: float = 0.5

    def interval(self, x, z):
        """Front and back depth (cm) at points (x, z)."""
        left, right, depth = self.left(z), self.right(z), self.depth(z)
        across = np.abs(x - (left + right) / 2) / np.maximum((right - left) / 2, 1e-4)
        across = np.minimum(across, 1)
        body = 1 - (across * across if self.squareness == 2 else across**self.squareness)
        half = self.half_depth(z) * (np.sqrt(body) if self.softness == 0.5 else body**self.softness)
        return depth - half, depth + half


@dataclass(frozen=True)
class Ellipsoid:
    """Ellipsoid, or with `squareness` 4 a rounded box; tilted in the plane of the film.

    Attributes
    ----------
    centre, radii : tuple of three floats
        x, y, z in cm.
    tilt : float
        Degrees, anticlockwise on the film.
    squareness : int
        2 or 4.
    waist : float
        Fraction by which the middle is narrower (vertebral bodies).
    """

    centre: tuple
    radii: tuple
    tilt: float = 0.0
    squareness: int = 2
    waist: float = 0.0

    def shrunk(self, by):
        """Return the same solid without an outer layer of `by` cm (three numbers)."""
        return replace(self, radii=tuple(np.subtract(self.radii, by).tolist()))

    def chord(self, grid):
        """Window of the film and path length (cm) in it."""
        reach = max(self.radii[0], self.radii[2]) * 1.3 + 0.1
        x0, y0, z0 = self.centre
        enlarge = 1 / (1 - y0 / grid.source)
        x_film, z_film = (x0 + y0 * grid.turn) * enlarge, z0 * enlarge
        window = grid.window(x_film - reach, x_film + reach, z_film - reach, z_film + reach)
        x, z = grid.part(window).at_depth(y0)
        cos, sin = float(np.cos(np.deg2rad(self.tilt))), float(np.sin(np.deg2rad(self.tilt)))
        across = ((x - x0) * cos + (z - z0) * sin) / self.radii[0]
        along = (((z - z0) * cos - (x - x0) * sin) / self.radii[2]) ** 2
        across = (across / (1 - self.waist * np.clip(1 - along, 0, 1))) ** 2
        inside = 1 - (across + along if self.squareness == 2 else across**2 + along**2)
        inside = np.sqrt(np.maximum(inside, 0))
        return window, 2 * self.radii[1] * (inside if self.squareness == 2 else np.sqrt(inside))


def union_length(inside, parts):
    """Length of the union of intervals, as far as it lies within the interval `inside`.

    Parameters
    ----------
    inside : (front, back)
        Arrays of depths in cm.
    parts : list of (front, back)
        Intervals that may overlap; at each pixel they are sorted by their start and swept once.
    """
    starts = [np.clip(front, *inside) for front, _ in parts]
    ends = [np.clip(back, *inside) for _, back in parts]
    for last in range(len(parts) - 1, 0, -1):
        for k in range(last):
            swap = starts[k] > starts[k + 1]
            starts[k], starts[k + 1] = (
                np.minimum(starts[k], starts[k + 1]),
                np.maximum(starts[k], starts[k + 1]),
            )
            ends[k], ends[k + 1] = (
                np.where(swap, ends[k + 1], ends[k]),
                np.where(swap, ends[k], ends[k + 1]),
            )
    total, reached = np.zeros_like(starts[0]), starts[0].copy()
    for start, end in zip(starts, ends, strict=True):
        total += np.maximum(end - np.maximum(start, reached), 0)
        reached = np.maximum(reached, end)
    return total


def _along(values, places):
    """Values given at equal steps along a path, at fractions `places` (0..1) of its length."""
    values = np.atleast_1d(np.asarray(values, dtype=float))
    if len(values) == 1:
        return np.full((len(places), 1), values[0])
    steps = np.linspace(0, 1, len(values))
    return _curve(tuple(steps.tolist()), tuple(values.tolist()))(places)[:, None]


def _unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)


class Elements(NamedTuple):
    """Small pieces of a rod.

    Attributes
    ----------
    points : (n, 3) array
        Their centres in cm.
    whole, core : (n,) arrays
        cm³ of the rod, and of what lies inside its shell.
    chord : (n,) array
        Their length (cm) in the direction of the rays.
    """

    points: np.ndarray
    whole: np.ndarray
    core: np.ndarray
    chord: np.ndarray


def tube(path, height, width, shell, step, outward=None):
    """Curved rod of elliptical section with a shell, as elements of volume.

    Parameters
    ----------
    path : (k, 3) array
        Points on its axis in cm.
    height, width : float or sequence
        Half-axes (cm) along the path: `width` in the direction `outward`, `height` across it.
    shell : float or sequence
        Thickness (cm) of the shell (a bone's cortex), 0 for a solid rod.
    step : float
        Distance between elements in cm; a little less than a pixel leaves no gaps.
    outward : callable, optional
        Maps points (n, 3) to vectors (n, 3); by default the direction of the rays.

    Returns
    -------
    Elements
    """
    path = np.asarray(path, dtype=float)
    distance = np.r_[0, np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))]
    count = max(int(distance[-1] / step), 8)
    place = (np.arange(count) + 0.5) / count
    axis = PchipInterpolator(distance, path)(place * distance[-1])
    forward = _unit(np.gradient(axis, axis=0))
    out = np.tile([0.0, 1.0, 0.0], (count, 1)) if outward is None else outward(axis)
    out = _unit(out - (out * forward).sum(axis=1, keepdims=True) * forward)
    up = np.cross(forward, out)
    across = _unit(np.stack([forward[:, 2], np.zeros(count), -forward[:, 0]], axis=1))
    up_share = (across * up).sum(axis=1)[:, None] ** 2
    out_share = (across * out).sum(axis=1)[:, None] ** 2
    height, width, shell = (_along(value, place) for value in (height, width, shell))

    half = np.sqrt(height**2 * up_share + width**2 * out_share)
    samples = int(2 * half.max() / step) + 3
    offset = ((np.arange(samples) + 0.5) / samples * 2 - 1) * half

    def chord_of(a, b):
        reach = np.sqrt(a**2 * up_share + b**2 * out_share)
        return 2 * a * b / reach * np.sqrt(np.maximum(1 - (offset / reach) ** 2, 0))

    area = 2 * half / samples * distance[-1] / count
    chord = chord_of(height, width)
    # the cortex is thinner on the flat sides than on the upper and lower rim
    inner_chord = chord_of(np.maximum(height - shell, 0.02), np.maximum(width - 0.8 * shell, 0.02))
    points = axis[:, None] + offset[..., None] * across[:, None]
    # where the rod runs along the ray its cross-section spreads along its shadow; steps of the
    # golden ratio fill it evenly
    along = _unit(forward * (1, 0, 1))
    fill = (np.arange(points[..., 0].size).reshape(offset.shape) * 0.6180339887) % 1 - 0.5
    spread = (
        2
        * width
        * np.clip(10 * np.abs(forward[:, 1:2]) - 9, 0, 1)
        * np.sqrt(1 - (offset / half) ** 2)
    )
    points += (fill * spread)[..., None] * along[:, None]
    whole, core = chord * area, inner_chord * area
    return Elements(points.reshape(-1, 3), whole.ravel(), core.ravel(), chord.ravel())


def polygon(grid, corners):
    """Window of the film and mask of a polygon given by its corners (x, z) in cm."""
    corners = np.asarray(corners, dtype=float)
    (x_low, z_low), (x_high, z_high) = corners.min(axis=0), corners.max(axis=0)
    window = grid.window(x_low, x_high, z_low, z_high)
    cut = grid.part(window)
    inside = np.zeros(cut.shape, bool)
    for (x0, z0), (x1, z1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        crossing = (z0 > cut.z) != (z1 > cut.z)
        inside ^= crossing & (cut.x < (x1 - x0) * (cut.z - z0) / (z1 - z0 + 1e-9) + x0)
    return window, inside


def enlarge(low, shape):
    """Bilinear enlargement of a coarse image to `shape`."""

    def positions(coarse, fine):
        place = np.clip((np.arange(fine) + 0.5) * coarse / fine - 0.5, 0, coarse - 1)
        first = np.minimum(place.astype(int), coarse - 2)
        return first, (place - first).astype(np.float32)

    low = np.asarray(low, np.float32)
    first, part = positions(low.shape[0], shape[0])
    rows = low[first] * (1 - part)[:, None] + low[first + 1] * part[:, None]
    first, part = positions(low.shape[1], shape[1])
    return rows.take(first, axis=1) * (1 - part) + rows.take(first + 1, axis=1) * part


def texture(grid, rng, slope, finest, coarsest):
    """Random cloud with a power spectrum 1/f**slope between two sizes in cm.

    Anatomical background has such a spectrum, slope about 3 (Burgess, Med. Phys. 28, 2001).

    Returns
    -------
    (h, w) float32 array with mean 0 and standard deviation 1.
    """
    spacing = max(finest / 3, 0.042)
    count = tuple(int(np.ceil(side * grid.pixel / spacing)) for side in grid.shape)
    noise = rng.standard_normal(count, dtype=np.float32)
    weight = spectrum(count, spacing, slope, finest, coarsest)
    cloud = fft.irfft2(fft.rfft2(noise) * weight, count)
    return enlarge(cloud / cloud.std(), grid.shape)


@lru_cache(maxsize=16)  # more than a film has textures: the next film has the same
def spectrum(count, spacing, slope, finest, coarsest):
    """Weight of each frequency of a `texture`: float32 array."""
    rows = np.fft.fftfreq(count[0])[:, None] / spacing
    columns = np.fft.rfftfreq(count[1])[None] / spacing
    frequency = np.hypot(rows, columns).astype(np.float32)
    kept = (frequency > 1 / coarsest) & (frequency < 1 / finest)
    return np.where(kept, np.maximum(frequency, 1e-6) ** (-slope / 2), 0).astype(np.float32)


def smooth(image, grid, sigma):
    """Gaussian blur with sigma in cm."""
    return ndi.gaussian_filter(image, sigma / grid.pixel, mode="nearest")
