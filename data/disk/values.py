"""Facts as arrays, and back: what has been read is kept on disk as numbers and words, never as code to be run.

Written are frozen dataclasses and named tuples of the classes that the caller names, and what they hold: numbers, words,
dates, paths, tuples, lists, mappings and sets of these, arrays, geometries, tables, and coordinate reference systems. What comes
back is equal in every bit: types, row labels, missing values.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely

from .kept import packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

_TREE = "tree"
_PLAIN = (bool, int, float, str)
_WITH_MISSING = ("str", "string", "boolean", "Int64")  # types of columns that pandas adds to those of numpy


class UnkeepableError(TypeError):
    """A value holds something that cannot be written as arrays: a mistake of the program."""


def to_arrays(value: object, classes: Iterable[type]) -> dict[str, NDArray[Any]]:
    """Write a value as arrays by name.

    Parameters
    ----------
    value
        What is kept.
    classes
        Every dataclass and named tuple in it; their names must differ.

    Raises
    ------
    UnkeepableError
        It holds something else.
    """
    writer = _Writer({one.__name__: one for one in classes})
    tree = writer.write(value)
    words = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    return {**writer.arrays, _TREE: np.frombuffer(words.encode("utf-8", "surrogatepass"), dtype=np.uint8)}


def from_arrays(arrays: Mapping[str, NDArray[Any]], classes: Iterable[type]) -> Any:  # noqa: ANN401 - whatever was written
    """Take back what :func:`to_arrays` wrote.

    Parameters
    ----------
    arrays
        As it gave them.
    classes
        The same.
    """
    tree = json.loads(arrays[_TREE].tobytes().decode("utf-8", "surrogatepass"))
    return _Reader({one.__name__: one for one in classes}, arrays).read(tree)


class _Writer:
    """Goes down a value; whatever is not plain becomes ``[kind, content]``."""

    def __init__(self, classes: Mapping[str, type]) -> None:
        self._classes = classes
        self.arrays: dict[str, NDArray[Any]] = {}
        self._kinds: dict[type, Callable[[Any], object]] = {
            tuple: lambda value: ["tuple", self._each(value)],
            list: lambda value: ["list", self._each(value)],
            frozenset: lambda value: ["set", self._each(sorted(value))],
            dict: lambda value: ["mapping", [self._each(value), self._each(value.values())]],
            dt.date: lambda value: ["date", value.isoformat()],
            type(Path()): lambda value: ["path", str(value)],
            pyproj.CRS: lambda value: ["crs", value.srs],
            np.ndarray: self._array,
            pd.DataFrame: self._table,
            geopandas.GeoDataFrame: self._table,
        }

    def write(self, value: Any) -> object:  # noqa: ANN401 - anything is asked for, most is refused
        kind = type(value)
        if value is None or kind in _PLAIN:
            return value
        if kind in self._kinds:
            return self._kinds[kind](value)
        if self._classes.get(kind.__name__) is not kind:
            message = f"{kind.__module__}.{kind.__qualname__}"
            raise UnkeepableError(message)
        return [kind.__name__, self._each(_parts(value))]

    def _each(self, values: Iterable[object]) -> list[object]:
        return [self.write(value) for value in values]

    def _array(self, values: NDArray[Any]) -> object:
        if values.dtype != object:
            return ["array", self._store({"": values})]
        if all(value is None or isinstance(value, shapely.Geometry) for value in values.flat):
            flat = np.asarray(values.ravel(), dtype=object)
            return ["geometries", [self._store(packed(flat)), list(values.shape)]]
        return ["objects", [self._each(values.ravel().tolist()), list(values.shape)]]

    def _table(self, frame: pd.DataFrame) -> object:
        labels = frame.index
        if not isinstance(labels, pd.RangeIndex) or frame.columns.nlevels > 1:
            message = "a table with row labels of its own"
            raise UnkeepableError(message)
        columns = [[str(name), self._column(frame[name])] for name in frame.columns]
        crs, geometry = None, None
        if isinstance(frame, geopandas.GeoDataFrame):
            crs, geometry = self.write(frame.crs), frame.active_geometry_name
        return ["table", [columns, [labels.start, labels.stop, labels.step], geometry, crs]]

    def _column(self, column: pd.Series) -> object:
        kind = str(column.dtype)
        if kind not in _WITH_MISSING:
            return self._array(np.asarray(column.to_numpy()))
        return ["column", [kind, [None if pd.isna(one) else self.write(one) for one in column.tolist()]]]

    def _store(self, arrays: Mapping[str, NDArray[Any]]) -> int:
        number = len({name.partition(" ")[0] for name in self.arrays})
        self.arrays |= {f"{number} {name}": values for name, values in arrays.items()}
        return number


class _Reader:
    """Builds a value from its tree."""

    def __init__(self, classes: Mapping[str, type], arrays: Mapping[str, NDArray[Any]]) -> None:
        self._classes = classes
        self._arrays = arrays
        self._kinds: dict[str, Callable[[Any], object]] = {
            "tuple": lambda content: tuple(self._each(content)),
            "list": self._each,
            "set": lambda content: frozenset(self._each(content)),
            "mapping": lambda content: dict(zip(*map(self._each, content), strict=True)),
            "date": dt.date.fromisoformat,
            "path": Path,
            "crs": pyproj.CRS.from_user_input,
            "array": lambda number: self._arrays[f"{number} "],
            "geometries": lambda content: self._geometries(*content),
            "objects": lambda content: self._objects(*content),
            "column": lambda content: pd.array(self._each(content[1]), dtype=content[0]),
            "table": lambda content: self._table(*content),
        }

    def read(self, tree: Any) -> Any:  # noqa: ANN401 - whatever was written
        if not isinstance(tree, list):
            return tree
        kind, content = tree
        if kind in self._kinds:
            return self._kinds[kind](content)
        return _made(self._classes[kind], self._each(content))

    def _each(self, trees: Iterable[Any]) -> list[Any]:
        return [self.read(tree) for tree in trees]

    def _geometries(self, number: int, shape: list[int]) -> NDArray[np.object_]:
        return unpacked({name: self._arrays[f"{number} {name}"] for name in ("length", "bytes")}).reshape(
            shape
        )

    def _objects(self, trees: list[Any], shape: list[int]) -> NDArray[np.object_]:
        found = np.empty(len(trees), dtype=object)
        found[:] = self._each(trees)
        return found.reshape(shape)

    def _table(
        self, columns: list[Any], labels: list[int], geometry: str | None, crs: object
    ) -> pd.DataFrame:
        values = {name: self.read(column) for name, column in columns}
        start, stop, step = labels
        frame = pd.DataFrame(values, index=pd.RangeIndex(start, stop, step))
        return (
            frame
            if geometry is None
            else geopandas.GeoDataFrame(frame, geometry=geometry, crs=self.read(crs))
        )


def _parts(value: Any) -> list[object]:  # noqa: ANN401 - a dataclass or a named tuple
    if isinstance(value, tuple):
        return list(value)
    return [getattr(value, field.name) for field in dataclasses.fields(value)]


def _made(kind: Callable[..., object], parts: list[object]) -> object:
    if not dataclasses.is_dataclass(kind):
        return kind(*parts)
    names = [field.name for field in dataclasses.fields(kind)]
    return kind(**dict(zip(names, parts, strict=True)))
