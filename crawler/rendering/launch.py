from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Playwright

_WINDOW = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess")
"""What a whole Chromium makes ready in each new window for somebody who would type an address there: seven tenths of what
a small page costs. A headless shell has no windows."""

# The last --disable-features counts, so that ours has to say those of Playwright again (a test holds them together).
_OF_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
_ARGUMENTS = (
    # Whatever escapes the answers of a page finds no name and no proxy.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-proxy-server",
    # WebRTC sends datagrams to the addresses that a page names, and heeds neither. A browser knows one of these two names.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--js-flags=--max-old-space-size=512",
    f"--disable-features={','.join((*_OF_PLAYWRIGHT, *_WINDOW))}",
)


async def launched(playwright: Playwright, program: Path, home: str) -> Chromium:
    return await playwright.chromium.launch(
        executable_path=program,
        args=_ARGUMENTS,
        chromium_sandbox=os.geteuid() != 0,  # which root has no right to
        env={"HOME": home, "PATH": os.environ.get("PATH", ""), "LANG": "fr_FR.UTF-8"},
        handle_sigint=False,
        handle_sigterm=False,
        handle_sighup=False,
    )
