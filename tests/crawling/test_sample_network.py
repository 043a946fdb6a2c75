from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from lxml import etree, html

from checks.model.service import PHASE_GROUPS, PhaseGroup
from crawler.registry import read_registry
from crawler.sample_network import SampleNetwork, sample_network
from crawler.sample_network.hosts import HOSTS, SITES
from tests.features.sample_network_expected import EXPECTED, NOT_AUDITED

PAGES = sorted(SITES.rglob("*.html"))


@pytest.fixture(scope="module")
def network() -> Iterator[SampleNetwork]:
    with sample_network() as running:
        yield running


@pytest.fixture
def web(network: SampleNetwork) -> Iterator[httpx.Client]:
    with client_of(network) as client:
        yield client


def client_of(network: SampleNetwork, **options) -> httpx.Client:
    context = ssl.create_default_context(cafile=network.ca_file)
    return httpx.Client(proxy=network.proxy_url, verify=context, trust_env=False, timeout=5, **options)


@pytest.mark.parametrize(
    "url, status, expected",
    [
        ("http://carnet-vert.example", 301, "https://carnet-vert.example/"),
        ("http://carnet-vert.example?a=1", 301, "https://carnet-vert.example/?a=1"),
        ("http://carnet-vert.example:80//[stats?a=1", 301, "https://carnet-vert.example//[stats?a=1"),
        ("https://guichet-demenage.example/demarches", 301, "https://www.guichet-demenage.example/demarches"),
        ("https://relais-quartier.example/stats", 301, "https://www.voisins-solidaires.example/stats"),
        ("https://ma-mairie-simple.example/statistiques", 302, "/connexion"),
    ],
)
def test_addresses_that_lead_elsewhere(web, url, status, expected):
    answer = web.get(url)
    assert (answer.status_code, answer.headers["location"]) == (status, expected)


@pytest.mark.parametrize(
    "url, status, words",
    [
        ("https://carnet-vert.example", 200, "Accessibilité : partiellement conforme"),
        ("https://carnet-vert.example/accessibilite/", 200, "78,26"),
        ("https://carnet-vert.example/?page=2", 200, "carnet de vos espaces verts"),
        ("https://carnet-vert.example/robots.txt", 200, "Disallow: /connexion/"),
        ("https://carnet-vert.example/.well-known/security.txt", 200, "Expires:"),
        ("https://carnet-vert.example/404", 404, "Page non trouvée"),
        ("https://carnet-vert.example/../hosts.py", 404, "Page non trouvée"),
        ("https://carnet-vert.example/%2e%2e/%2e%2e/hosts.py", 404, "Page non trouvée"),
        ("https://signal-plage.example/accessibilite/", 404, "introuvable"),
        ("https://echo-conseils.example/stats", 404, "404 Not Found"),
        ("https://covoit-marche.example/nulle-part", 200, "Page introuvable"),
        ("https://agenda-civique.example/nulle-part", 200, '<div id="root"></div>'),
        ("https://permis-mouillage.example/robots.txt", 403, "être humain"),
        ("https://memoire-des-dunes.example/", 200, "Request Rejected"),
        ("https://aides-pedale.example/", 503, "maintenance"),
        ("https://registre-digues.example/robots.txt", 200, "Disallow: /"),
        ("https://portail.example/emploi/", 200, "Un métier public"),
        ("https://portail.example/logement", 200, "Un toit communal"),
        ("https://pad.incubateur-civique.example/s/budgets#guichet-demenage", 200, "181 600 €"),
        ("https://pad.incubateur-civique.example/s/autre", 404, "404 Not Found"),
        ("http://ponts-ouverts.example/accessibilite", 200, "non-conforme"),
    ],
)
def test_pages(web, url, status, words):
    answer = web.get(url)
    assert answer.status_code == status
    assert words in answer.text
    assert answer.http_version == "HTTP/1.1"


@pytest.mark.parametrize(
    "url, media_type",
    [
        ("https://carnet-vert.example/", "text/html; charset=utf-8"),
        ("https://carnet-vert.example/robots.txt", "text/plain; charset=utf-8"),
        ("https://agenda-civique.example/assets/index-C0b1u5xQ.js", "text/javascript; charset=utf-8"),
        ("https://api.marees-ouvertes.example/v1/stations.json", "application/json; charset=utf-8"),
    ],
)
def test_media_types(web, url, media_type):
    assert web.get(url).headers["content-type"] == media_type


def test_headers_of_a_host_go_with_its_pages_and_its_errors(web):
    for path in ("/", "/nulle-part"):
        assert (
            "frame-ancestors 'none'" in web.get(f"https://carnet-vert.example{path}").headers["content-security-policy"]
        )


def test_head_has_the_headers_and_no_body(web):
    answer = web.head("https://carnet-vert.example/stats")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) == len(web.get("https://carnet-vert.example/stats").content)


@pytest.mark.parametrize("origin", ["https://carnet-vert.example", "http://carnet-vert.example"])
def test_options(web, origin):
    answer = web.options(f"{origin}/")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    "host, status, allowed",
    [("signal-plage", 204, "https://a.example"), ("trajet-doux", 405, None), ("carnet-vert", 204, None)],
)
def test_preflights(web, host, status, allowed):
    answer = web.options(f"https://{host}.example/", headers={"Origin": "https://a.example"})
    assert (answer.status_code, answer.headers.get("access-control-allow-origin")) == (status, allowed)
    assert answer.headers.get("access-control-allow-credentials") == ("true" if allowed else None)


def test_cookies_of_every_hop(web):
    answers = [web.get("https://guichet-demenage.example/"), web.get("https://www.guichet-demenage.example/")]
    assert [answer.headers.get_list("set-cookie")[0].partition("=")[0] for answer in answers] == ["route", "session"]
    assert len(web.get("https://signal-plage.example/").headers.get_list("set-cookie")) == 2


def test_an_unknown_method_is_refused(web):
    assert web.post("https://carnet-vert.example/", content=b"a=1").status_code == 501


def test_an_unknown_host_is_a_dead_server(web):
    with pytest.raises(httpx.ProxyError, match="502"):
        web.get("https://quai-libre.example/")
    with pytest.raises(httpx.RemoteProtocolError):
        web.get("http://quai-libre.example/")
    with pytest.raises(httpx.RemoteProtocolError):
        web.get("http://carnet-vert.example:8080/")


def test_a_port_that_is_not_that_of_the_web_is_dead(web):
    with pytest.raises(httpx.ProxyError, match="502"):
        web.get("https://carnet-vert.example:8443/")


@pytest.mark.parametrize("request_line", ["GET / HTTP/1.1", "GET http://[/ HTTP/1.1", "GET ftp://a.example/ HTTP/1.1"])
def test_what_no_proxy_understands_is_a_bad_request(network, request_line):
    with socket.create_connection(("127.0.0.1", urlsplit(network.proxy_url).port), timeout=5) as connection:
        connection.sendall(f"{request_line}\r\nHost: a.example\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


def test_certificates_are_of_the_session_alone(network):
    stranger = httpx.Client(proxy=network.proxy_url, trust_env=False, timeout=5)
    with stranger, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        stranger.get("https://carnet-vert.example/")


def test_an_expired_certificate_is_refused_by_who_verifies(network, web):
    with pytest.raises(httpx.ConnectError, match="certificate has expired"):
        web.get("https://ponts-ouverts.example/")
    with httpx.Client(proxy=network.proxy_url, verify=False, trust_env=False) as careless:  # noqa: S501, on purpose
        assert "NON-CONFORME" in careless.get("https://ponts-ouverts.example/").text


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_silent_host_takes_the_request_and_says_nothing(network, scheme):
    with client_of(network) as client, pytest.raises(httpx.ReadTimeout):
        client.get(f"{scheme}://passe-bac.example/", timeout=0.3)


def test_a_connection_is_kept_for_the_next_request():
    with sample_network() as network, client_of(network) as client:
        for path in ("/", "/stats", "/nulle-part"):
            client.head(f"https://carnet-vert.example{path}")
            client.get(f"https://carnet-vert.example{path}")
            client.options(f"https://carnet-vert.example{path}")
        assert [method for method, _, _ in network.requests].count("CONNECT") == 1


def test_requests_are_recorded_as_received():
    with sample_network() as network, client_of(network) as client:
        client.get("http://carnet-vert.example/stats?x=%C3%A9", follow_redirects=True)
        with pytest.raises(httpx.ProxyError):
            client.head("https://pass-kermesse.example/")
    assert network.requests == (
        ("GET", "carnet-vert.example", "/stats?x=%C3%A9"),
        ("CONNECT", "carnet-vert.example", ""),
        ("GET", "carnet-vert.example", "/stats?x=%C3%A9"),
        ("CONNECT", "pass-kermesse.example", ""),
    )


def test_many_clients_at_once_are_all_counted():
    def visit() -> None:
        with client_of(network) as client:
            for host in ("carnet-vert.example", "portail.example", "trajet-doux.example"):
                client.get(f"https://{host}/").raise_for_status()

    with sample_network() as network:
        visitors = [threading.Thread(target=visit) for _ in range(8)]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join(30)
        assert [method for method, _, _ in network.requests].count("GET") == 24


def test_clients_that_go_away_do_no_harm(capfd):
    with sample_network() as network:
        address = ("127.0.0.1", urlsplit(network.proxy_url).port)
        for sent in (
            b"",
            b"GET ht",
            b"CONNECT carnet-vert.example:443 HTTP/1.1\r\n\r\n",
            b"GET http://passe-bac.example/ HTTP/1.1\r\n\r\n",
        ):
            with socket.create_connection(address, timeout=5) as connection:
                connection.sendall(sent)
        with client_of(network) as client:
            assert client.get("https://carnet-vert.example/").status_code == 200
    assert capfd.readouterr() == ("", "")


def test_the_network_closes_at_once_whoever_waits():
    failures = []

    def wait() -> None:
        with client_of(network) as client:
            try:
                client.get("https://passe-bac.example/", timeout=60)
            except httpx.TransportError as error:
                failures.append(error)

    with sample_network() as network:
        waiting = threading.Thread(target=wait)
        waiting.start()
        while ("GET", "passe-bac.example", "/") not in network.requests:
            time.sleep(0.01)
        end = time.monotonic() + 2
    waiting.join(5)
    assert time.monotonic() < end
    assert len(failures) == 1
    assert not network.ca_file.exists()


def test_environment_leads_a_client_into_the_network(network, monkeypatch):
    for name, value in network.environment().items():
        monkeypatch.setenv(name, value)
    context = ssl.create_default_context(cafile=network.environment()["SSL_CERT_FILE"])
    assert httpx.get("https://carnet-vert.example/", verify=context).status_code == 200
    assert network.environment()["NO_PROXY"] == ""


def test_every_folder_is_a_host():
    served = {name for name, host in HOSTS.items() if not host.moved_to and not host.is_silent}
    assert {folder.name for folder in SITES.iterdir()} == served


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(SITES).as_posix())
def test_pages_are_good_html(page: Path):
    source = page.read_text("utf-8")
    parser = html.HTMLParser(encoding="utf-8")
    root = html.document_fromstring(source.encode(), parser=parser)
    # libxml2 knows HTML 4 only: elements of HTML 5 are "invalid tags" to it.
    errors = [error.message for error in parser.error_log if error.type_name != "HTML_UNKNOWN_TAG"]
    assert errors == []
    assert root.findtext(".//title").strip()
    assert len(source.splitlines()) <= 150


def test_links_lead_somewhere_save_those_broken_on_purpose(web):
    dead = set()
    for page in PAGES:
        host = page.relative_to(SITES).parts[0]
        base = f"https://{host}/"
        for link in etree.HTML(page.read_bytes()).xpath("//a/@href | //link/@href | //script/@src"):
            url = urljoin(base, link)
            name = urlsplit(url).hostname
            if name in HOSTS and not HOSTS[name].is_expired and web.get(url).status_code >= 400:
                dead.add(url)
    assert {url for url in dead if "permis-mouillage" not in url} == {
        "https://signal-plage.example/accessibilite/",
        "https://www.guichet-demenage.example/fichiers/schema-pluriannuel-2025-2027.pdf",
    }


def test_the_registry_has_the_form_of_the_beta_api(network):
    document = json.loads(network.registry.read_text("utf-8"))
    incubators = {entry["id"] for entry in document["included"] if entry["type"] == "incubator"}
    for entry in document["data"]:
        fields, related = entry["attributes"], entry["relationships"]
        assert entry["type"] == "startup"
        assert {"name", "pitch", "stats_url", "events", "phases", "sponsors", "thematiques", "technos"} <= fields.keys()
        assert {phase["name"] for phase in fields["phases"]} <= PHASE_GROUPS.keys()
        assert related["incubator"]["data"] == related["incubators"]["data"][0]
        assert {incubator["id"] for incubator in related["incubators"]["data"]} <= incubators


def test_the_registry_lists_what_is_served_and_what_is_expected(network):
    registry = read_registry(str(network.registry))
    services = {service.id: service for service in registry.services}
    hosts = {urlsplit(service.url).hostname for service in services.values() if service.url}
    assert services.keys() == EXPECTED.keys() | NOT_AUDITED
    assert hosts - HOSTS.keys() == {"quai-libre.example", "pass-kermesse.example"}
    assert {service.id for service in registry.services if service.group() is PhaseGroup.STOPPED} == NOT_AUDITED
    assert {service.id for service in registry.services if service.warnings} == {"guichet-demenage", "relais-quartier"}


def test_the_network_stays_small():
    assert sum(file.stat().st_size for file in SITES.rglob("*") if file.is_file()) < 200_000
