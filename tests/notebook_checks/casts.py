"""Casts that give other numbers on another processor: floats into an integer too small for them.

C leaves the result open. An Intel processor wraps -6 to 250 in uint8, an Apple one and a browser's
WebAssembly make it 0, and NumPy says nothing. `watch` looks at each such cast as it happens and
warns of it: `astype` and `array[...] = floats` in cells, in helpers/ and in data/phantom/, and the
one-dimensional filters of SciPy (sobel, gaussian_laplace and the like), which write into the dtype
of their input. A warning on stderr fails the cell that it comes from.
"""

import ast
import builtins
import importlib.abc
import importlib.machinery
import linecache
import sys
import types
import warnings

import numpy as np

# Cells that teach the trap, by a piece of their source, and how they keep clear of its numbers.
TAUGHT = {
    "ndi.gaussian_laplace(stored, 1)": "lesson 08 prints what the results would have to hold",
}
WATCHED = ("helpers", "data.phantom")


class CastWarning(RuntimeWarning):
    """A float was cast to an integer that it has no place in."""


def warn_of(values, dtype, what):
    """Warn when floats, cut to whole numbers, do not all fit into an integer dtype."""
    values, dtype = np.asanyarray(values), np.dtype(dtype)
    if values.dtype.kind != "f" or dtype.kind not in "iu" or not values.size:
        return
    low, high = np.trunc(float(values.min())), np.trunc(float(values.max()))
    room = np.iinfo(dtype)
    if not (room.min <= low and high <= room.max) and not is_taught():
        warnings.warn(
            f"{what}: {low:.6g} to {high:.6g} do not fit into {dtype}; what comes out depends on"
            " the processor",
            CastWarning,
            stacklevel=3,
        )


def is_taught():
    """Tell whether the cast happens below a cell that teaches it."""
    frame = sys._getframe(2)
    while frame:
        if "ipykernel" in frame.f_code.co_filename:
            source = "".join(linecache.getlines(frame.f_code.co_filename))
            if any(piece in source for piece in TAUGHT):
                return True
        frame = frame.f_back
    return False


def cast(array, *words, **options):
    """Look at array.astype(...) before it happens."""
    if isinstance(array, np.ndarray | np.generic):
        warn_of(array, words[0] if words else options["dtype"], "astype")


def stored(array, values):
    """Return the values that are about to be assigned to a part of an array, looked at first."""
    if isinstance(array, np.ndarray) and isinstance(values, np.ndarray | np.floating | float):
        warn_of(values, array.dtype, "assignment")
    return values


# What a.astype(b) becomes. The cast stays in the line and the module that it is from, so that what
# else is warned of there is that module's, too.
ASTYPE = "(lambda array, *words, **options: "
ASTYPE += "(__cast__(array, *words, **options), array.astype(*words, **options))[1])"


class Looked(ast.NodeTransformer):
    """Put `cast` and `stored` into a source."""

    def visit_Call(self, node):
        """Put `cast` before a.astype(b)."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "astype":
            looked = ast.parse(ASTYPE, mode="eval").body
            return placed(node, looked, [node.func.value, *node.args], node.keywords)
        return node

    def visit_Assign(self, node):
        """Turn a[place] = b into a[place] = __stored__(a, b)."""
        self.generic_visit(node)
        target = node.targets[0]
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            array = ast.Name(target.value.id, ast.Load())
            node.value = placed(node, ast.Name("__stored__", ast.Load()), [array, node.value])
        return node


def placed(node, function, words, keywords=()):
    """Return a call that stands in the line of a node."""
    called = ast.Call(function, words, list(keywords))
    for each in (called, *ast.walk(function)):
        ast.copy_location(each, node)
    return ast.fix_missing_locations(called)


class Loader(importlib.machinery.SourceFileLoader):
    """Compile a module with `Looked`, never from or into the bytecode that Python keeps."""

    def get_code(self, fullname):
        """Return the code of a module."""
        tree = ast.parse(self.get_data(self.path))
        return compile(Looked().visit(tree), self.path, "exec", dont_inherit=True)


class Finder(importlib.abc.MetaPathFinder):
    """Find the watched modules where they are, and give them the loader above."""

    def find_spec(self, name, path=None, target=None):
        """Return the spec of a watched module, None for others."""
        if not name.startswith(WATCHED):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = Loader(spec.loader.name, spec.loader.path)
        return spec


def watch(shell=None):
    """Look at casts from now on: in modules, in SciPy's filters, in the cells of a shell."""
    builtins.__cast__, builtins.__stored__ = cast, stored
    sys.meta_path.insert(0, Finder())
    if shell:
        shell.ast_transformers.append(Looked())
    from scipy.ndimage import _filters

    compiled = _filters._nd_image

    def correlate1d(values, weights, axis, output, *rest):
        """Filter once more into floats when the result goes into integers."""
        if output.dtype.kind in "iu":
            exact = np.empty(output.shape, float)
            compiled.correlate1d(values, weights, axis, exact, *rest)
            warn_of(exact, output.dtype, "a filter of SciPy")
        compiled.correlate1d(values, weights, axis, output, *rest)

    _filters._nd_image = types.SimpleNamespace(
        **{name: getattr(compiled, name) for name in dir(compiled) if name[0] != "_"}
    )
    _filters._nd_image.correlate1d = correlate1d
