"""A store that speaks S3, served on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import boto3
import httpx
import pytest
from fsspec.asyn import AbstractFileSystem
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from checks.model.place import Place, publish
from crawler.places import place_of

BUCKET = "audits"


@dataclass(frozen=True)
class Store:
    endpoint: str

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """While it asks who is there, and knows nobody."""
        self._reset_auth("0")
        try:
            yield
        finally:
            self._reset_auth("inf")

    def _reset_auth(self, free: str) -> None:
        httpx.post(f"{self.endpoint}/moto-api/reset-auth", content=free.encode()).raise_for_status()


@contextmanager
def serving() -> Iterator[Store]:
    """The store, known to this process and to those that it starts by the variables of its environment."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with redirect_stdout(StringIO()):
        server.start()
    _, port = server.get_host_and_port()
    endpoint = f"http://127.0.0.1:{port}"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "who",
            "AWS_SECRET_ACCESS_KEY": "a-secret",
            "AWS_DEFAULT_REGION": "eu-west-3",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
        }.items():
            patch.setenv(name, value)
        try:
            forget()
            boto3.client("s3").create_bucket(
                Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
            )
            yield Store(endpoint)
        finally:
            forget()
            server.stop()


def forget() -> None:
    """As in a new process: file systems keep the address and the keys that they were made with."""
    S3FileSystem.clear_instance_cache()
    AbstractFileSystem.clear_instance_cache()


def copied(folder: Path, address: str) -> Place:
    """A folder with all that it holds, put at an address."""
    place = place_of(address)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        publish(file, place / file.relative_to(folder).as_posix())
    return place
