"""Invented public services served on loopback, so that an audit can be seen and tested without the web."""

from crawler.sample_network.network import SampleNetwork, sample_network

__all__ = ["SampleNetwork", "sample_network"]
