"""What the scripts of a page can try to reach an address; ``AT`` stands for host and port. In a browser that is left alone
all of :data:`STAYING` but ``transport`` arrive there."""

from __future__ import annotations

_PEER = (
    "{const peer = new RTCPeerConnection({iceServers: [{urls: [URLS], username: 'a', credential: 'b'}]});"
    "peer.createDataChannel('x'); peer.createOffer().then(offer => peer.setLocalDescription(offer))}"
)

STAYING = {
    "websocket": "new WebSocket('ws://AT/ws'); new WebSocket('wss://AT/wss')",
    "stun": _PEER.replace("URLS", "'stun:AT', 'turn:AT?transport=udp'"),
    "turn": _PEER.replace("URLS", "'turn:AT?transport=tcp', 'turns:AT?transport=tcp'"),
    "peer": """const one = new RTCPeerConnection(); one.createDataChannel('x'); one.createOffer().then(async offer => {
        await one.setLocalDescription(offer); const other = new RTCPeerConnection(); await other.setRemoteDescription(offer);
        await one.setRemoteDescription(await other.createAnswer()); const [host, port] = 'AT'.split(':');
        for (const kind of ['udp 2122260223 ' + host + ' ' + port + ' typ host', 'tcp 1518280447 ' + host + ' ' + port
            + ' typ host tcptype passive'])
            await one.addIceCandidate({candidate: 'candidate:1 1 ' + kind, sdpMid: '0', sdpMLineIndex: 0})})""",
    "links": """for (const rel of ['preconnect', 'dns-prefetch', 'prefetch', 'preload', 'prerender', 'modulepreload', 'icon',
        'manifest', 'stylesheet']) { const link = document.createElement('link'); link.rel = rel; link.as = 'script';
        link.href = 'http://AT/' + rel; document.head.append(link) }""",
    "speculation": """const rules = document.createElement('script'); rules.type = 'speculationrules';
        rules.text = JSON.stringify({prefetch: [{source: 'list', urls: ['http://AT/a']}], prerender: [{source: 'list',
        urls: ['http://AT/b']}]}); document.head.append(rules)""",
    "asking": """fetch('http://AT/fetch', {mode: 'no-cors'}); navigator.sendBeacon('http://AT/beacon', 'x');
        new EventSource('http://AT/events'); import('http://AT/module.js'); new Image().src = 'http://AT/image';
        {const ask = new XMLHttpRequest(); ask.open('POST', 'http://AT/xhr'); ask.send('a')}""",
    "opening": """window.open('http://AT/open'); {const link = document.createElement('a'); link.href = 'http://AT/a';
        link.target = '_blank'; link.ping = 'http://AT/ping'; document.body.append(link); link.click()}""",
    "form": """{const form = document.createElement('form'); form.action = 'http://AT/form'; form.target = '_blank';
        document.body.append(form); form.submit()}""",
    "workers": """new Worker(URL.createObjectURL(new Blob(["fetch('http://AT/w'); new WebSocket('ws://AT/');"
        + "importScripts('http://AT/i.js')"]))); new SharedWorker(URL.createObjectURL(new Blob(["fetch('http://AT/s')"])));
        navigator.serviceWorker?.register('/sw.js')""",
    "elements": """for (const kind of ['iframe', 'object', 'embed', 'frame', 'video', 'audio', 'img', 'script']) {
        const one = document.createElement(kind); one.src = one.data = 'http://AT/' + kind; document.body.append(one) }""",
    "frame": """{const frame = document.createElement('iframe'); frame.srcdoc = '<script>new WebSocket("ws://AT/");'
        + 'fetch("http://AT/f")</scr' + 'ipt><meta http-equiv=refresh content="0;url=http://AT/">';
        document.body.append(frame)}""",
    "transport": "new WebTransport('https://AT/')",
}
LEAVING = {
    "location": "location = 'http://AT/location'",
    "post": """const form = document.createElement('form'); form.action = 'http://AT/post'; form.method = 'post';
        document.body.append(form); form.submit()""",
    "refresh": "document.head.innerHTML = '<meta http-equiv=refresh content=\"0; url=http://AT/refresh\">'",
}


def page_that(tricks: dict[str, str], *places: str) -> str:
    """A page that tries each trick with each place; one that fails does not stop the others."""
    tries = "".join(f"try {{ {trick} }} catch {{}}\n".replace("AT", at) for trick in tricks.values() for at in places)
    return f"<html><head></head><body><p>Le bac</p><script>{tries}</script></body></html>"
