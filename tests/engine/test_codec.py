"""What enters the engine can be read with its key only, and with every key that once was active."""

import asyncio
from collections.abc import Sequence

import pytest
from cryptography.exceptions import InvalidTag
from temporalio.api.common.v1 import Payload

from engine.codec import EncryptionCodec
from engine.connection import data_converter
from settings import CodecKeys

KEYS = {"k1": bytes(32), "k2": bytes(range(32))}
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'"Wilma Tarrow"')


def test_a_payload_comes_back_as_it_was() -> None:
    codec = EncryptionCodec(active="k1", keys=KEYS)

    sealed = _encode(codec, [PLAIN, PLAIN])

    assert _decode(codec, sealed) == [PLAIN, PLAIN]


def test_nothing_of_a_payload_can_be_read_without_the_key() -> None:
    (sealed,) = _encode(EncryptionCodec(active="k1", keys=KEYS), [PLAIN])

    assert b"Wilma" not in sealed.SerializeToString()
    assert b"json/plain" not in sealed.SerializeToString()
    assert sealed.metadata["key"] == b"k1"


def test_the_same_payload_is_never_sealed_alike_twice() -> None:
    first, second = _encode(EncryptionCodec(active="k1", keys=KEYS), [PLAIN, PLAIN])

    assert first.data != second.data


def test_an_old_key_still_reads_after_a_new_one_is_active() -> None:
    sealed = _encode(EncryptionCodec(active="k1", keys=KEYS), [PLAIN])

    rotated = EncryptionCodec(active="k2", keys=KEYS)

    assert _decode(rotated, sealed) == [PLAIN]
    assert _encode(rotated, [PLAIN])[0].metadata["key"] == b"k2"


def test_an_unknown_key_is_named_with_what_to_do() -> None:
    sealed = _encode(EncryptionCodec(active="k2", keys=KEYS), [PLAIN])
    codec = EncryptionCodec(active="k1", keys={"k1": KEYS["k1"]})

    with pytest.raises(ValueError, match=r"no key 'k2': add it to codec\.json"):
        _decode(codec, sealed)


def test_a_payload_that_was_never_sealed_is_read_as_it_is() -> None:
    assert _decode(EncryptionCodec(active="k1", keys=KEYS), [PLAIN]) == [PLAIN]


@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    codec = EncryptionCodec(active="k1", keys=KEYS)
    (sealed,) = _encode(codec, [PLAIN])
    changed = bytearray(sealed.data)
    changed[place] ^= 1

    with pytest.raises(InvalidTag):
        _decode(codec, [Payload(metadata=sealed.metadata, data=bytes(changed))])


def test_a_payload_under_another_keys_name_is_refused() -> None:
    keys = {"k1": KEYS["k1"], "k2": KEYS["k1"]}
    codec = EncryptionCodec(active="k1", keys=keys)
    (sealed,) = _encode(codec, [PLAIN])
    renamed = Payload(metadata={**sealed.metadata, "key": b"k2"}, data=sealed.data)

    with pytest.raises(InvalidTag):
        _decode(codec, [renamed])


def test_the_keys_never_appear_in_a_repr() -> None:
    keys = CodecKeys(active="k2", keys={"k2": b"secret" * 5 + b"ab"})

    assert "secret" not in repr(keys)
    assert data_converter(keys).payload_codec is not None


def _encode(codec: EncryptionCodec, payloads: Sequence[Payload]) -> list[Payload]:
    return asyncio.run(codec.encode(payloads))


def _decode(codec: EncryptionCodec, payloads: Sequence[Payload]) -> list[Payload]:
    return asyncio.run(codec.decode(payloads))
