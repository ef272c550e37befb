"""Count the bits that two sets of masks share, 64 at once: a vector operation that numba has no name for.

A mask of 4 bits chooses a table of 16 bytes: how many bits it shares with each of the other masks. One
instruction looks that up for all bytes of a vector. Masks of 8 bits that are combined and counted took 2.6
times as long for each vector on a processor with AVX2, where LLVM counts the bits of a byte by two such
look-ups, and half as many words again are empty in words of 4. Processors without the instruction combine and
count, in LLVM's own terms.

It is written in LLVM's terms, since in plain loops that the compiler vectorises the sums go to memory after
every mask: the compiler cannot rule out that sums and masks overlap. These ones took six times as long.
"""

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils as untyped_cgutils
from numba.core.base import BaseContext
from numba.core.typing.templates import Signature
from numba.extending import intrinsic

LANES = 64
"""Tokens side by side in one vector: one byte of mask each."""
CELLS = 4
"""Neighbouring bins counted in one go, so that a mask is read once for all."""
MAX_ENTRIES = 63
"""Masks of 4 bits that a count of one byte can add up."""

cgutils: Any = untyped_cgutils  # numba's own types stop here

_BYTE, _INDEX = ir.IntType(8), ir.IntType(64)
_ANYTHING = ir.Undefined
_SHARED = [[(mask & bits).bit_count() for bits in range(16)] for mask in range(16)]
_LOOK_UPS = (("+avx512bw", 64, "llvm.x86.avx512.pshuf.b.512"), ("+avx2", 32, "llvm.x86.avx2.pshuf.b"))
"""Instructions that look bytes up in a table of 16: what the processor must have, bytes at once, name."""


def _add_shared_bits(
    _typing_context: object,
    counts: types.Type,
    block: types.Type,
    _bin_index: types.Type,
    _bins: types.Type,
    words: types.Type,
    _start: types.Type,
    _stop: types.Type,
) -> tuple[Signature, Callable[..., ir.Value]]:
    """Add the bits that one token's masks share with those of `LANES` others, in `CELLS` bins of theirs.

    In Python this would be, for ``cell`` from ``bin_index`` to ``bin_index + CELLS - 1`` and every lane::

        for entry in range(start, stop):
            word, mask = words[entry] >> 4, words[entry] & 15
            shared = block[(word * bins + cell) * LANES + lane] & mask
            counts[cell * LANES + lane] += shared.bit_count()

    Parameters
    ----------
    counts : 1-D array of uint16
    block : 1-D array of uint8, ordered by word, bin, lane
    bin_index, bins, start, stop : int
        ``stop - start`` is at most `MAX_ENTRIES`.
    words : 1-D array of uint32
    """
    integer = types.int64
    return types.void(counts, block, integer, integer, words, integer, integer), _generate


def _generate(
    typed_context: BaseContext, builder: ir.IRBuilder, signature: Signature, arguments: list[ir.Value]
) -> ir.Value:
    """Write the loop over entries, its sums in registers."""
    context: Any = typed_context
    counts, block, words = (
        context.make_array(signature.args[position])(context, builder, arguments[position]).data
        for position in (0, 1, 4)
    )
    bin_index, bins, start, stop = (arguments[position] for position in (2, 3, 5, 6))
    features = context.codegen().magic_tuple()[2].split(",")
    width, name = next(((width, name) for needs, width, name in _LOOK_UPS if needs in features), (LANES, ""))
    vector = ir.VectorType(_BYTE, width)
    places = [(cell, lane) for cell in range(CELLS) for lane in range(0, LANES, width)]
    sums = [cgutils.alloca_once_value(builder, ir.Constant(vector, None)) for _ in places]
    with cgutils.for_range(builder, stop, start=start) as loop:
        entry = builder.zext(builder.load(builder.gep(words, [loop.index])), _INDEX)
        word, mask = builder.lshr(entry, _INDEX(4)), builder.and_(entry, _INDEX(15))
        row = builder.add(bin_index, builder.mul(word, bins))
        operand = (_table if name else _repeated)(builder, mask, width)
        for place, total in zip(places, sums, strict=True):
            bits = builder.load(_vector_at(builder, block, row, place, vector), align=1)
            shared = _look_up(builder, name, operand, bits) if name else _count(builder, operand, bits)
            builder.store(builder.add(builder.load(total), shared), total)
    wide = ir.VectorType(ir.IntType(16), width)
    for place, total in zip(places, sums, strict=True):
        target = _vector_at(builder, counts, bin_index, place, wide)
        added = builder.zext(builder.load(total), wide)
        builder.store(builder.add(builder.load(target, align=2), added), target, align=2)
    return cast(ir.Value, context.get_dummy_value())


def _table(builder: ir.IRBuilder, mask: ir.Value, width: int) -> ir.Value:
    """Load the table of the bits that a mask shares with any 4 bits, once for every 16 bytes of a vector."""
    module = builder.module
    row = ir.ArrayType(_BYTE, 16)
    values = ir.Constant(ir.ArrayType(row, 16), [ir.Constant(row, bits) for bits in _SHARED])
    tables = module.globals.get("shared_bits")
    if tables is None:
        tables = cgutils.global_constant(module, "shared_bits", values)
    sixteen = ir.VectorType(_BYTE, 16)
    place = builder.gep(tables, [_INDEX(0), mask])
    table = builder.load(builder.bitcast(place, sixteen.as_pointer()), align=1)
    lanes = ir.Constant(ir.VectorType(ir.IntType(32), width), [lane % 16 for lane in range(width)])
    return builder.shuffle_vector(table, ir.Constant(sixteen, _ANYTHING), lanes)


def _look_up(builder: ir.IRBuilder, name: str, table: ir.Value, bits: ir.Value) -> ir.Value:
    function = ir.FunctionType(bits.type, [bits.type, bits.type])
    return builder.call(cgutils.get_or_insert_function(builder.module, function, name), [table, bits])


def _repeated(builder: ir.IRBuilder, mask: ir.Value, width: int) -> ir.Value:
    """Put a mask into every byte of a vector."""
    anything = ir.Constant(ir.VectorType(_BYTE, width), _ANYTHING)
    first_lane = ir.Constant(ir.VectorType(ir.IntType(32), width), None)
    one = builder.insert_element(anything, builder.trunc(mask, _BYTE), ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(one, anything, first_lane)


def _count(builder: ir.IRBuilder, mask: ir.Value, bits: ir.Value) -> ir.Value:
    function = ir.FunctionType(bits.type, [bits.type])
    name = f"llvm.ctpop.v{bits.type.count}i8"
    count = cgutils.get_or_insert_function(builder.module, function, name)
    return builder.call(count, [builder.and_(bits, mask)])


def _vector_at(
    builder: ir.IRBuilder, base: ir.Value, row: ir.Value, place: tuple[int, int], vector: ir.VectorType
) -> ir.Value:
    """Point to some lanes of a row of cells."""
    cell, lane = place
    index = builder.mul(builder.add(row, _INDEX(cell)), _INDEX(LANES))
    return builder.bitcast(builder.gep(base, [builder.add(index, _INDEX(lane))]), vector.as_pointer())


add_shared_bits = cast(Callable[..., None], intrinsic(_add_shared_bits))
