"""Pages as a browser shows them, for those that scripts write.

The browser has no network: each of its requests is answered by us, the page itself from its capture, its scripts and data
by the fetcher of whoever asks. So the proxy, the certificates, the guard against private addresses and robots.txt are
those of the crawl, and no page is asked of a site twice (docs/decisions/0012).
"""
