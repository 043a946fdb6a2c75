"""Sites that scripts write, in many hands, and for each the same site written by a server.

``SITES[name]`` gives the pages of ``name.example`` and of its twin ``name-twin.example``, by path.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from tests.crawling.local_web import page

Pages = Mapping[str, str | Iterable[bytes]]

HOME = """<h1>Bac à voile</h1><p>Le bac traverse l’estuaire toutes les vingt minutes, de six heures à minuit, et porte
trente voitures. Les vélos passent sans attendre ; les remorques réservent la veille, avant dix-huit heures.</p>"""
DECLARATION = """<h1>Déclaration d’accessibilité</h1>
<p>Le Port de l’Embouchure s’engage à rendre son service accessible, conformément à l’article 47 de la loi n° 2005-102 du
11 février 2005. Cette déclaration s’applique à Bac à voile.</p>
<h2>État de conformité</h2><p>Bac à voile est non conforme avec le RGAA 4.1 : aucun audit n’a encore été mené.</p>
<h2>Établissement de cette déclaration</h2><p>Cette déclaration a été établie le 3 mars 2026.</p>
<h2>Retour d’information et contact</h2><p>Écrivez à <a href="mailto:quai@port.example">quai@port.example</a>.</p>
<h2>Voies de recours</h2><p>Vous pouvez saisir le Défenseur des droits.</p>"""
MISSING = "<h1>Page introuvable</h1><p>Cette page n’existe pas.</p>"
FOOT = """<footer id="pied"><ul><li><a href="/plan">Plan du site</a></li>
<li><a href="/accessibilite">Accessibilité : non conforme</a></li>
<li><a href="/mentions-legales">Mentions légales</a></li></ul></footer>"""

_HEAD = '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Bac à voile</title>'


def written(main: str, foot: str = FOOT, more: str = "") -> str:
    return f"{_HEAD}{more}</head><body><header><p>Le Port</p></header><main>{main}</main>{foot}</body></html>"


def script(text: str) -> Iterable[bytes]:
    return page(text, headers=("Content-Type: text/javascript; charset=utf-8",))


def data(value: object) -> Iterable[bytes]:
    return page(json.dumps(value), headers=("Content-Type: application/json",))


_CONTENT = {"/": HOME, "/accessibilite": DECLARATION, "": MISSING}
TWIN: Pages = {"/": written(HOME), "/accessibilite": written(DECLARATION)}


def every(shell: str, parts: Pages) -> Pages:
    """An application that answers every path with one shell, and finds its way in the browser."""
    return Everywhere(shell, {**parts, "/": shell})


class Everywhere(dict[str, "str | Iterable[bytes]"]):
    def __init__(self, shell: str, pages: Pages) -> None:
        super().__init__(pages)
        self._shell = shell

    def get(self, path: str, _: object = None) -> str | Iterable[bytes]:
        return super().get(path, self._shell)


_REACT_SHELL = f"""{_HEAD}<script type="module" crossorigin src="/assets/index-4f1c2a.js"></script>
<link rel="stylesheet" crossorigin href="/assets/index-9b1d.css"></head>
<body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div></body></html>"""
_REACT = """import {chrome} from './chrome-77aa.js';
const element = (tag, html) => Object.assign(document.createElement(tag), {innerHTML: html});
const pages = await (await fetch('/api/pages')).json();
const root = document.getElementById('root');
root.append(element('header', '<p>Le Port</p>'), element('main', pages[location.pathname] ?? pages['']));
root.insertAdjacentHTML('beforeend', chrome);"""

_VUE_SHELL = f"""{_HEAD}<script defer src="/js/chunk-vendors.8d1.js"></script><script defer src="/js/app.2c9.js"></script>
</head><body><div id="app"></div><!-- built files will be auto injected --></body></html>"""
_VUE = """window.addEventListener('load', () => setTimeout(() => {
  const request = new XMLHttpRequest();
  request.open('GET', '/api/pages');
  request.onload = () => {
    const pages = JSON.parse(request.responseText);
    document.getElementById('app').innerHTML =
      '<header><p>Le Port</p></header><main>' + (pages[location.pathname] || pages['']) + '</main>' + window.vendors.foot;
  };
  request.send();
}, 300));"""

_NEXT_SHELL = f"""{_HEAD}<script src="/_next/static/chunks/webpack-1.js" defer=""></script></head><body>
<div id="__next"></div>
<script id="__NEXT_DATA__" type="application/json">{{"props":{{}},"page":"/[[...slug]]","buildId":"x1"}}</script></body></html>"""
_NEXT = """const load = (name) => new Promise((done) => {
  const tag = document.createElement('script');
  tag.src = `/_next/static/chunks/${name}.js`;
  tag.onload = done;
  document.head.append(tag);
});
load('pages-9').then(() => {
  const {page} = JSON.parse(document.getElementById('__NEXT_DATA__').textContent);
  const shown = self.__PAGES[location.pathname] || self.__PAGES[''];
  document.getElementById('__next').innerHTML = `<header><p>Le Port</p></header><main>${shown}</main>${self.__FOOT}`;
});"""

_LATE = """setTimeout(async () => {
  const foot = await (await fetch('/fragments/pied.html')).text();
  document.body.insertAdjacentHTML('beforeend', foot);
}, 800);"""
_LATE_TAG = '<script defer src="/js/pied.js"></script>'

_ON_SIGHT = """new IntersectionObserver(([seen], observer) => {
  if (!seen.isIntersecting) return;
  observer.disconnect();
  seen.target.innerHTML = %s;
}).observe(document.getElementById('fin'));"""
_AFAR = '<div id="fin" style="margin-top: 4000px"></div>'

_ROUTES_SHELL = f"""{_HEAD}<script defer src="/js/routes.js"></script></head><body><div id="app"></div></body></html>"""
_FOOT = FOOT.replace('href="/', 'href="#/')
_ROUTES = """const pages = %s;
const draw = () => { document.getElementById('app').innerHTML = pages[location.hash.slice(1) || '/'] || pages['']; };
addEventListener('hashchange', draw);
draw();"""

_TOOL = "<h1>Marée</h1><form><label>Port <input name=port></label><button>Voir</button></form>"
_TOOL_TAG = '<script defer src="/js/maree.js"></script>'

_COMPONENTS = """customElements.define('port-pied', class extends HTMLElement {
  connectedCallback() { this.attachShadow({mode: 'open'}).innerHTML = `<style>a { color: blue }</style>%s`; }
});"""

SITES: Mapping[str, tuple[Pages, Pages]] = {
    "react": (
        every(
            _REACT_SHELL,
            {
                "/assets/index-4f1c2a.js": script(_REACT),
                "/assets/chrome-77aa.js": script(f"export const chrome = {json.dumps(FOOT)};"),
                "/api/pages": data(_CONTENT),
            },
        ),
        TWIN,
    ),
    "vue": (
        every(
            _VUE_SHELL,
            {
                "/js/chunk-vendors.8d1.js": script(f"window.vendors = {{foot: {json.dumps(FOOT)}}};"),
                "/js/app.2c9.js": script(_VUE),
                "/api/pages": data(_CONTENT),
            },
        ),
        TWIN,
    ),
    "next": (
        every(
            _NEXT_SHELL,
            {
                "/_next/static/chunks/webpack-1.js": script(_NEXT),
                "/_next/static/chunks/pages-9.js": script(
                    f"self.__PAGES = {json.dumps(_CONTENT)}; self.__FOOT = {json.dumps(FOOT)};"
                ),
            },
        ),
        TWIN,
    ),
    "late-footer": (
        {
            "/": written(HOME * 3, "", _LATE_TAG),
            "/accessibilite": written(DECLARATION, "", _LATE_TAG),
            "/js/pied.js": script(_LATE),
            "/fragments/pied.html": FOOT,
        },
        {"/": written(HOME * 3), "/accessibilite": written(DECLARATION)},
    ),
    "foot-on-sight": (
        {
            "/": written(HOME * 3, _AFAR, '<script defer src="/js/fin.js"></script>'),
            "/accessibilite": written(DECLARATION),
            "/js/fin.js": script(_ON_SIGHT % json.dumps(FOOT)),
        },
        {"/": written(HOME * 3), "/accessibilite": written(DECLARATION)},
    ),
    "routes": (
        {
            "/": _ROUTES_SHELL,
            "/js/routes.js": script(
                _ROUTES % json.dumps({at: f"<main>{main}</main>{_FOOT}" for at, main in _CONTENT.items()})
            ),
        },
        TWIN,
    ),
    "looks-empty": (
        {"/": written(_TOOL, more=_TOOL_TAG), "/accessibilite": written(DECLARATION, more=_TOOL_TAG)},
        {"/": written(_TOOL), "/accessibilite": written(DECLARATION)},
    ),
    "components": (
        {
            "/": written(HOME, "<port-pied></port-pied>", '<script defer src="/js/port.js"></script>'),
            "/accessibilite": written(DECLARATION),
            "/js/port.js": script(_COMPONENTS % FOOT),
        },
        {"/": written(HOME), "/accessibilite": written(DECLARATION)},
    ),
    "decided": (
        {"/": written(HOME, more=_TOOL_TAG), "/accessibilite": written(DECLARATION, more=_TOOL_TAG)},
        TWIN,
    ),
    "bare": (
        {"/": written(HOME * 3, "", '<script src="/js/carte.js"></script>'), "/js/carte.js": script("let carte = 1;")},
        {"/": written(HOME * 3, "")},
    ),
}
