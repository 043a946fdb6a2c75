from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import trustme

from crawler.sample_network.hosts import AS_OF
from crawler.sample_network.server import Proxy

REGISTRY = Path(__file__).with_name("registry.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleNetwork:
    """The network while it is served. ``ca_file`` (PEM) signs its certificates; ``registry`` lists its services.

    It is to be judged as of ``as_of``.
    """

    proxy: Proxy
    ca_file: Path
    registry: Path = REGISTRY
    as_of: date = AS_OF

    @property
    def proxy_url(self) -> str:
        return f"http://127.0.0.1:{self.proxy.server_address[1]}"

    @property
    def requests(self) -> tuple[tuple[str, str, str], ...]:
        """What was received so far, in order: (method, host, path with its query); no path for a ``CONNECT``."""
        return tuple(self.proxy.requests)

    def environment(self) -> dict[str, str]:
        """The variables with which a process sees this network, and nothing else."""
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), self.proxy_url)
        return {**proxies, "NO_PROXY": "", "no_proxy": "", "SSL_CERT_FILE": str(self.ca_file)}


@contextmanager
def sample_network() -> Iterator[SampleNetwork]:
    """Serves the sample services on a free port of 127.0.0.1, until the block ends."""
    authority = trustme.CA()
    with tempfile.TemporaryDirectory(prefix="toise-") as folder:
        ca_file = Path(folder, "ca.pem")
        authority.cert_pem.write_to_path(str(ca_file))
        proxy = Proxy(authority)
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield SampleNetwork(proxy=proxy, ca_file=ca_file)
        finally:
            proxy.close()
            thread.join()
