"""What servers and robots read of the site."""

from __future__ import annotations

from collections.abc import Iterator

from reports.render.disclosure import robots_txt, security_txt
from reports.render.pages.writer import File, Writer
from reports.render.serving import Serving, apache_file, headers_file, nginx_file


def pages(writer: Writer) -> Iterator[File]:
    publisher = writer.report.publisher
    serving = Serving(root=publisher.root if publisher else "/")
    yield writer.page("404.html", "missing.html", root=serving.root)
    yield "_headers", headers_file(serving)
    yield "nginx.conf", nginx_file(serving)
    yield ".htaccess", apache_file(serving)
    yield "robots.txt", robots_txt(serving.root)
    if publisher and publisher.security:
        yield ".well-known/security.txt", security_txt(publisher, publisher.security)
