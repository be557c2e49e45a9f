"""Writing an ONNX file without the `onnx` package, which would add 64 MB to every installation.

A model is a handful of protobuf messages, and protobuf's wire format is two rules: a number is a
varint, everything else is its length and its bytes. Field numbers are those of onnx.proto (IR 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

CONTRIB = "com.microsoft"  # onnxruntime's own operators
IR_VERSION = 8
OPSETS = {"": 17, CONTRIB: 1}
ELEMENT_TYPES = {"float32": 1, "uint8": 2, "int8": 3, "int64": 7}
FLOAT, INT, INTS = 1, 2, 7  # kinds of attribute


@dataclass(slots=True)
class Graph:
    """Nodes and constants, in the order in which they are added."""

    nodes: list[bytes] = field(default_factory=list)
    constants: list[bytes] = field(default_factory=list)

    def constant(self, name: str, array: npt.NDArray[np.generic]) -> str:
        """Store an array in the file and return its name."""
        dims = b"".join(_number(1, size) for size in array.shape)
        kind = _number(2, ELEMENT_TYPES[array.dtype.name])
        raw = np.ascontiguousarray(array).tobytes()
        self.constants.append(dims + kind + _text(8, name) + _bytes(9, raw))
        return name

    def node(
        self,
        operator: str,
        inputs: Sequence[str],
        outputs: str | Sequence[str],
        *,
        domain: str = "",
        **attributes: float | int | Sequence[int],
    ) -> str:
        """Add an operator and return the name of its first output."""
        names = [outputs] if isinstance(outputs, str) else list(outputs)
        self.nodes.append(
            b"".join(_text(1, name) for name in inputs)
            + b"".join(_text(2, name) for name in names)
            + _text(4, operator)
            + b"".join(_bytes(5, _attribute(*pair)) for pair in attributes.items())
            + _text(7, domain)
        )
        return names[0]

    def model(
        self,
        inputs: Mapping[str, Sequence[int | str]],
        outputs: Mapping[str, Sequence[int | str]],
    ) -> bytes:
        """The whole file: int64 inputs, float outputs, a text as dimension leaves it open."""
        graph = (
            b"".join(_bytes(1, node) for node in self.nodes)
            + _text(2, "graph")
            + b"".join(_bytes(5, constant) for constant in self.constants)
            + b"".join(_bytes(11, _value(name, "int64", inputs[name])) for name in inputs)
            + b"".join(_bytes(12, _value(name, "float32", outputs[name])) for name in outputs)
        )
        opsets = (_text(1, domain) + _number(2, version) for domain, version in OPSETS.items())
        return (
            _number(1, IR_VERSION)
            + _text(2, "warmline")
            + _bytes(7, graph)
            + b"".join(_bytes(8, opset) for opset in opsets)
        )


def _attribute(name: str, value: float | int | Sequence[int]) -> bytes:
    if isinstance(value, float):
        content = _key(2, 5) + np.float32(value).tobytes() + _number(20, FLOAT)
    elif isinstance(value, int):
        content = _number(3, value) + _number(20, INT)
    else:
        content = b"".join(_number(8, item) for item in value) + _number(20, INTS)
    return _text(1, name) + content


def _value(name: str, kind: str, shape: Iterable[int | str]) -> bytes:
    dims = (_number(1, size) if isinstance(size, int) else _text(2, size) for size in shape)
    tensor = _number(1, ELEMENT_TYPES[kind]) + _bytes(2, b"".join(_bytes(1, dim) for dim in dims))
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _text(number: int, text: str) -> bytes:
    return _bytes(number, text.encode())


def _bytes(number: int, content: bytes) -> bytes:
    return _key(number, 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _key(number, 0) + _varint(value)


def _key(number: int, wire_type: int) -> bytes:
    return _varint(number << 3 | wire_type)


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1  # negative numbers as two's complement
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
