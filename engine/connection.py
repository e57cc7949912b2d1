"""The one way to connect: pydantic payloads, our codec, and encrypted failure attributes."""

import dataclasses

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes

from engine.codec import EncryptionCodec
from settings import CodecKeys, Settings, engine_connection

TASK_QUEUE = "claimflow"


def data_converter(codec: CodecKeys) -> DataConverter:
    return dataclasses.replace(
        pydantic_data_converter,
        payload_codec=EncryptionCodec(active=codec.active, keys=codec.keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def connect(settings: Settings) -> Client:
    """Raises RuntimeError when the engine does not answer."""
    return await Client.connect(
        **engine_connection(settings), data_converter=data_converter(settings.codec)
    )
