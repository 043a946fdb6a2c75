"""What pages turn out to be at first sight: walls, error pages, maintenance, empty names, shells, and pages that only look so.

The rows say what the products named say, in their own words, with status 200: the hardest case.
"""

from __future__ import annotations

import pytest

TEXT = "<p>" + "Le bac traverse le fleuve toutes les vingt minutes, par tous les temps. " * 8 + "</p>"
MENTION = "<a href=/accessibilite>Accessibilité : non conforme</a>"
HOME = f"<html><head><title>Bac</title></head><body><main>{TEXT}</main><footer>{MENTION}</footer></body></html>"
HEADER = "<header><a href=/>Bac à voile</a><nav><a href=/horaires>Horaires</a> <a href=/tarifs>Tarifs</a> <a href=/acces>Venir</a></nav></header>"
FOOTER = f"<footer><ul><li><a href=/plan>Plan du site</a></li><li>{MENTION}</li></ul></footer>"


def bare(title: str, body: str, head: str = "") -> str:
    """A page alone, with nothing of a site around it."""
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def among(title: str, body: str, head: str = "") -> str:
    """A page of a site, between its header and its foot."""
    return bare(f"{title} - Bac à voile", f"{HEADER}<main>{body}</main>{FOOTER}<script src=/site.js></script>", head)


NOINDEX = "<meta name=robots content='noindex,nofollow'>"
CLOUDFLARE = (
    "<h2>Why have I been blocked?</h2><p>This website is using a security service to protect itself from online attacks. "
    "The action you just performed triggered the security solution. There are several actions that could trigger this block "
    "including submitting a certain word or phrase, a SQL command or malformed data.</p><h2>What can I do to resolve this?</h2>"
    "<p>You can email the site owner to let them know you were blocked. Please include what you were doing when this page came "
    "up and the Cloudflare Ray ID found at the bottom of this page.</p><p>Cloudflare Ray ID: 830aa4ef09258f0a • Your IP: "
    "<button>Click to reveal</button> • Performance &amp; security by <a href=https://www.cloudflare.com/5xx>Cloudflare</a></p>"
)
ANUBIS = (
    "<p>Loading...</p><details><summary>Why am I seeing this?</summary><p>You are seeing this because the administrator of this "
    "website has set up <a href=https://github.com/TecharoHQ/anubis>Anubis</a> to protect the server against the scourge of AI "
    "companies aggressively scraping websites. This can and does cause downtime for the websites, which makes their resources "
    "inaccessible for everyone.</p><p>Anubis is a compromise. Anubis uses a Proof-of-Work scheme in the vein of Hashcash, a "
    "proposed proof-of-work scheme for reducing email spam. The idea is that at individual scales the additional load is "
    "ignorable, but at mass scraper levels it adds up and makes scraping much more expensive.</p><p>Please note that Anubis "
    "requires the use of modern JavaScript features that plugins like JShelter will disable.</p></details><footer><p>Protected by "
    "<a href=https://anubis.techaro.lol>Anubis</a> from <a href=https://techaro.lol>Techaro</a>.</p></footer>"
)
WALLS = {
    "cloudflare challenge": bare("Just a moment...", "<noscript>Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={}</script>", NOINDEX),
    "cloudflare challenge in French": bare("Un instant…", "<h1>bac-a-voile.example</h1><h2>Vérifiez que vous êtes humain en effectuant l’action ci-dessous.</h2><p>bac-a-voile.example doit examiner la sécurité de votre connexion avant de poursuivre.</p>"),
    "cloudflare turnstile": bare("Un instant…", "<h1>bac-a-voile.example</h1><p>Vérification de sécurité en cours</p>"),
    "cloudflare under attack": bare("Just a moment...", "<h1>Checking your browser before accessing bac-a-voile.example.</h1><p>This process is automatic. Your browser will redirect to your requested content shortly. Please allow up to 5 seconds…</p><p>DDoS protection by Cloudflare. Ray ID: 6f1</p>"),
    "cloudflare block": bare("Attention Required! | Cloudflare", f"<h1>Sorry, you have been blocked</h1><h2>You are unable to access bac-a-voile.example</h2>{CLOUDFLARE}"),
    "cloudflare 1020": bare("Access denied | bac-a-voile.example used Cloudflare to restrict access", "<h1>Error 1020</h1><p>Ray ID: 7a1 • 2026-11-23 10:00:00 UTC</p><h2>Access denied</h2><h2>What happened?</h2><p>This website is using a security service to protect itself from online attacks.</p>"),
    "cloudflare 1015": bare("Access denied | bac-a-voile.example used Cloudflare to restrict access", "<h1>Error 1015</h1><h2>You are being rate limited</h2><p>The owner of this website has banned you temporarily from accessing this website.</p>"),
    "akamai": bare("Access Denied", "<h1>Access Denied</h1>You don't have permission to access \"http://bac-a-voile.example/\" on this server.<p>Reference #18.5e641160.1700000000.1a2b3c</p><p>https://errors.edgesuite.net/18.5e641160</p>"),
    "akamai challenge": bare("Challenge Validation", "<div id=sec-if-container></div><script src='/_sec/cp_challenge/ak-challenge-4-4.js'></script><p>Powered and protected by Akamai</p>"),
    "imperva": "<html style='height:100%'><head><META NAME='ROBOTS' CONTENT='NOINDEX, NOFOLLOW'></head><body><iframe id='main-iframe' src='/_Incapsula_Resource?CWUDNSAI=9&incident_id=1'>Request unsuccessful. Incapsula incident ID: 1-2</iframe></body></html>",
    "imperva advanced": bare("Pardon Our Interruption", "<h1>Pardon Our Interruption</h1><p>As you were browsing something about your browser made us think you were a bot. There are a few reasons this might happen:</p><ul><li>You've disabled JavaScript in your web browser.</li><li>You're a power user moving through this website with super-human speed.</li><li>You've disabled cookies in your web browser.</li><li>A third-party browser plugin, such as Ghostery or NoScript, is preventing JavaScript from running. Additional information is available in this <a href=https://help.example>support article</a>.</li></ul><p>To regain access, please make sure that cookies and JavaScript are enabled before reloading the page.</p>"),
    "datadome": bare("bac-a-voile.example", "<p id=cmsg>Please enable JS and disable any ad blocker</p><script>var dd={'rt':'c'}</script><script src='https://ct.captcha-delivery.com/c.js'></script>"),
    "datadome interstitial": bare("", "<iframe src='https://geo.captcha-delivery.com/captcha/?initialCid=1' title='DataDome CAPTCHA'></iframe>"),
    "f5": bare("Request Rejected", "The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 1234567890<br><br><a href='javascript:history.back();'>[Go Back]</a>"),
    "f5 in French": bare("Requête rejetée", "<p>L’URL demandée a été rejetée. Veuillez contacter votre administrateur.</p><p>Votre identifiant de support est : 1234567890</p>"),
    "f5 bot defence": bare("", "<script>window.bobcmn='1'</script><script src='/TSPD/0812?type=5'></script><noscript>Please enable JavaScript to view the page content.<br>Your support ID is: 123.</noscript>", NOINDEX),
    "sucuri": bare("Sucuri WebSite Firewall - Access Denied", "<h1>Access Denied - Sucuri Website Firewall</h1><p>If you are the site owner (or you manage this site), please whitelist your IP or if you think this block is an error please <a href=https://support.sucuri.net>open a support ticket</a> and make sure to include the block details (displayed in the box below), so we can assist you in troubleshooting the issue.</p><h2>Block details:</h2><table><tr><td>Your IP:</td><td>192.0.2.1</td></tr><tr><td>URL:</td><td>bac-a-voile.example/</td></tr><tr><td>Your Browser:</td><td>Mozilla/5.0 (X11; Linux x86_64)</td></tr><tr><td>Block ID:</td><td>GEO02</td></tr><tr><td>Block reason:</td><td>Access from your Country was disabled by the administrator.</td></tr></table><p>© 2026 Sucuri Inc. All rights reserved.</p>"),
    "sucuri redirect": bare("You are being redirected...", "<noscript>Javascript is required. Please enable javascript before you are allowed to see this page.</noscript><script>var s={},u,c,U,r,i,l=0,a,e=eval,w=String.fromCharCode,sucuri_cloudproxy_js='',S='cz0i';</script>"),
    "aws waf challenge": bare("", "<div id='challenge-container'></div><script>window.awsWafCookieDomainList=[];window.gokuProps={}</script><script src='https://a1.token.awswaf.com/a1/challenge.js'></script><noscript><h1>JavaScript is disabled</h1>In order to continue, we need to verify that you're not a robot.</noscript>"),
    "aws waf captcha": bare("Human Verification", "<div id='captcha-container'></div><script src='https://a1.captcha.awswaf.com/a1/captcha.js'></script>"),
    "cloudfront": bare("ERROR: The request could not be satisfied", "<h1>403 ERROR</h1><h2>The request could not be satisfied.</h2><hr>Request blocked. We can't connect to the server for this app or website at this time. There might be too much traffic or a configuration error. Try again later, or contact the app or website owner.<br>If you provide content to customers through CloudFront, you can find steps to troubleshoot and help prevent this error by reviewing the CloudFront documentation.<pre>Generated by cloudfront (CloudFront) Request ID: abc==</pre>"),
    "anubis": bare("Making sure you're not a bot!", f"<main><h1>Making sure you're not a bot!</h1>{ANUBIS}</main>", NOINDEX),
    "anubis in French": bare("Vérification que vous n'êtes pas un robot !", "<h1>Vérification que vous n'êtes pas un robot !</h1><p>Chargement...</p><details><summary>Pourquoi est-ce que je vois ceci ?</summary><p>Vous voyez ceci parce que l'administrateur de ce site web a configuré Anubis pour protéger le serveur contre le fléau des entreprises d'IA qui aspirent agressivement les sites web.</p></details>"),
    "go-away": bare("Checking you are not a bot", "<h1>Checking you are not a bot</h1><p>Loading challenge js-refresh...</p><p>You are seeing this because the administrator of this website has set up go-away to protect the server.</p>"),
    "google": bare("https://bac-a-voile.example/", "<form><div class=g-recaptcha></div></form><p>Our systems have detected unusual traffic from your computer network. This page checks to see if it's really you sending the requests, and not a robot.</p>"),
    "recaptcha interstitial": bare("reCAPTCHA", "<p>We are sorry to interrupt you. In order to continue using this site, please complete the reCAPTCHA below.</p><div class='g-recaptcha'></div>"),
    "hcaptcha interstitial": bare("Security check", "<h1>One more step</h1><h2>Please complete the security check to access bac-a-voile.example</h2><div class=h-captcha></div>"),
    "human": bare("Access to this page has been denied", "<div id=px-captcha></div><p>Press &amp; Hold to confirm you are a human (and not a bot).</p><p>Reference ID 8d1</p>"),
    "human, older": bare("Access to this page has been denied.", "<p>Access to this page has been denied because we believe you are using automation tools to browse the website.</p><p>Please make sure that Javascript and cookies are enabled on your browser.</p>"),
    "kasada": "<!DOCTYPE html><html><head></head><body><script>window.KPSDK={};</script><script src='/149e9513-01fa/2d206a39/ips.js?ak_bmsc=1'></script></body></html>",
    "ddos-guard": bare("DDoS-Guard", "<h1>Checking your browser before accessing bac-a-voile.example</h1><p>Please allow up to 5 seconds...</p><script src='/.well-known/ddos-guard/js-challenge/index.js'></script>"),
    "wordfence": bare("Your access to this site has been limited", "<h1>Your access to this site has been limited by the site owner</h1><p>Your access to this service has been limited. (HTTP response code 503)</p><p>If you think you have been blocked in error, contact the owner of this site for assistance.</p>"),
    "fortiweb": bare("Web Page Blocked!", "<h1>Web Page Blocked!</h1><p>The page cannot be displayed. Please contact the administrator for additional information.</p><p>URL: bac-a-voile.example/ Client IP: 192.0.2.1 Attack ID: 20000051 Message ID: 00012</p>"),
    "radware": bare("Unauthorized Request Blocked", "<h1>Unauthorized Activity Has Been Detected</h1><p>You are seeing this page because we have detected unauthorized activity.</p><p>Case Number: 12</p>"),
    "azure": bare("Azure WAF", "<p>The request is blocked.</p><p>0a1b2cZQAAAAD</p>"),
    "mod_security": bare("Not Acceptable!", "<h1>Not Acceptable!</h1><p>An appropriate representation of the requested resource could not be found on this server. This error was generated by Mod_Security.</p>"),
    "imunify360": bare("One moment, please...", "<h1>Please wait while your request is being verified...</h1><script>setTimeout(function(){location.reload()},1)</script>"),
    "siteground": bare("Robot Challenge Screen", "<p>Checking the site connection security</p>", "<meta http-equiv=refresh content='0;/.well-known/captcha/?r=%2F'>"),
    "vercel": bare("Vercel Security Checkpoint", "<p>We're verifying your browser</p><a href=https://vercel.link>Website owner? Click here to fix</a>"),
    "fastly": bare("Client Challenge", "<p>JavaScript is disabled in your browser.</p><p>Please enable JavaScript to proceed.</p><p>A required part of this site couldn’t load. This may be due to a browser extension, network issues, or browser settings.</p>"),
    "bunkerweb": bare("Bot Detection", "<h1>Bot Detection</h1><p>Please wait while we check if you are a Human</p>"),
    "waiting room": bare("File d’attente", "<h1>Vous êtes dans la file d’attente</h1><p>Vous serez redirigé automatiquement vers le site. Temps d’attente estimé : 4 minutes.</p>"),
    "firewall of an administration": bare("Accès refusé", "<h1>Accès refusé</h1><p>Votre requête a été bloquée par notre pare-feu applicatif. Si le problème persiste, transmettez cet identifiant d’événement : 4f-2.</p>"),
    "firewall, in its own colours": among("Requête bloquée", "<h1>Votre requête a été bloquée</h1><p>Identifiant : 12345.</p>"),
    "captcha of an administration": bare("Vérification anti-robot", "<p>Afin de poursuivre votre navigation, veuillez recopier les caractères de l’image.</p><img alt=Captcha src=/c.png><input name=captcha><button>Continuer</button>"),
    "rate limit": bare("Trop de requêtes", "<h1>Trop de requêtes</h1><p>Vous avez effectué trop de requêtes. Réessayez dans quelques minutes.</p>"),
}  # fmt: skip
REASONS = {200: "blocked", 403: "blocked", 429: "server-error", 503: "server-error"}


@pytest.mark.parametrize("status", REASONS)
@pytest.mark.parametrize("name", WALLS)
def test_a_wall(judge, name: str, status: int):
    assert judge("accessibility-mention", {"body": WALLS[name], "status": status}).reason == REASONS[status]


@pytest.mark.parametrize("status", [200, 403, 405, 429, 503])
@pytest.mark.parametrize("name", WALLS)
def test_a_wall_before_a_declaration(judge, name: str, status: int):
    wall = {"body": WALLS[name], "status": status}
    verdict = judge("accessibility-declaration", HOME, pages=[("link", "/accessibilite", wall)])

    assert (verdict.reason, verdict.outcome) == ("server-error" if status == 429 else "blocked", "cantTell")


ERRORS = {
    "wordpress": among("Page non trouvée", "<h1>Oups ! Cette page est introuvable.</h1><p>Il semble que rien n’ait été trouvé à cet endroit. Essayez peut-être une recherche ?</p>"),
    "wordpress in English": among("Page not found", "<h1>Oops! That page can’t be found.</h1><p>It looks like nothing was found at this location. Maybe try a search?</p>"),
    "wordpress, nothing in its title": among("Bac", "<h1>C’est embarrassant…</h1><p>Il semble que rien n’ait été trouvé à cet endroit.</p>"),
    "drupal": among("Page non trouvée", "<h1>Page non trouvée</h1><p>La page demandée n’a pas pu être trouvée.</p>"),
    "drupal, nothing in its title": among("Bac", "<p>La page demandée n’a pas pu être trouvée.</p>"),
    "drupal in English": among("Page not found", "<h1>Page not found</h1><p>The requested page could not be found.</p>"),
    "spip": among("Erreur 404", "<h1>Erreur 404</h1><p>La page que vous cherchez n’existe pas.</p>"),
    "spip, no article": among("Bac", "<h1>Il n’y a pas d’article à cette adresse</h1>"),
    "joomla": among("404", "<h1>La page demandée est introuvable.</h1><p>Une erreur est survenue lors du traitement de votre requête.</p><p>Vous ne pouvez pas visiter cette page en raison :</p><ul><li>d’un favori obsolète</li><li>d’une adresse mal saisie</li></ul>"),
    "joomla in English": bare("Error: 404", "<h1>The requested page can't be found.</h1><p>An error has occurred while processing your request.</p>"),
    "joomla, an article": bare("Bac", "<div>404 - Article introuvable</div>"),
    "typo3": bare("Page Not Found", "<h1>Page Not Found</h1><p>The page did not exist or was inaccessible. Reason: ID was not an accessible page</p>"),
    "django": bare("Not Found", "<h1>Not Found</h1><p>The requested resource was not found on this server.</p>"),
    "django, debugging": bare("Page not found at /accessibilite", "<h1>Page not found <small>(404)</small></h1><p>Using the URLconf defined in bac.urls, Django tried these URL patterns.</p>"),
    "rails": bare("The page you were looking for doesn't exist (404)", "<h1>The page you were looking for doesn't exist.</h1><p>You may have mistyped the address or the page may have moved.</p>"),
    "rails in French": bare("La page que vous cherchez n’existe pas (404)", "<h1>La page que vous cherchez n’existe pas.</h1><p>Vous avez peut-être mal saisi l’adresse ou la page a été déplacée.</p>"),
    "next": bare("404: This page could not be found", "<h1>404</h1><h2>This page could not be found.</h2>"),
    "next, among": among("Bac", "<h1>404</h1><div><h2>This page could not be found.</h2></div>"),
    "nuxt": bare("404 - Page not found: /accessibilite", "<h1>404</h1><p>Page not found: /accessibilite</p><a href=/>Go back home</a>"),
    "sveltekit": bare("Bac", "<h1>404</h1><p>Not Found</p>"),
    "vuepress": among("Bac", "<h1>404</h1><blockquote>There's nothing here.</blockquote><a href=/>Take me home.</a>"),
    "docusaurus": among("Page introuvable", "<h1>Page introuvable</h1><p>Nous n’avons pas trouvé ce que vous recherchez.</p>"),
    "react router": bare("Bac", "<h2>Unexpected Application Error!</h2><h3>404 Not Found</h3>"),
    "apache": '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN"><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1><p>The requested URL was not found on this server.</p><hr><address>Apache/2.4.62 (Debian) Server at bac-a-voile.example Port 443</address></body></html>',
    "apache in French": bare("Objet non trouvé !", "<h1>Objet non trouvé !</h1><p>L’URL requise n’a pu être trouvée sur ce serveur. Si vous avez tapé l’URL à la main, veuillez vérifier l’orthographe et réessayer.</p><h2>Erreur 404</h2>"),
    "nginx": "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr><center>nginx</center></body></html>",
    "iis": bare("404 - File or directory not found.", "<h1>Server Error</h1><h2>404 - File or directory not found.</h2><h3>The resource you are looking for might have been removed, had its name changed, or is temporarily unavailable.</h3>"),
    "iis in French": bare("404 - Fichier ou répertoire introuvable.", "<h1>Erreur du serveur</h1><h2>404 - Fichier ou répertoire introuvable.</h2><h3>La ressource que vous recherchez a peut-être été supprimée ou renommée, ou est temporairement indisponible.</h3>"),
    "tomcat": bare("État HTTP 404 – Non trouvé", "<h1>État HTTP 404 – Non trouvé</h1><p>Type Rapport d’état</p><p>Description Le serveur d’origine n’a pas trouvé de représentation courante pour la ressource cible.</p>"),
    "spring": bare("", "<h1>Whitelabel Error Page</h1><p>This application has no explicit mapping for /error, so you are seeing this as a fallback.</p><div>There was an unexpected error (type=Not Found, status=404).</div>"),
    "express": bare("Error", "<pre>Cannot GET /accessibilite</pre>"),
    "go": "<html><body><pre>404 page not found</pre></body></html>",
    "flask": bare("404 Not Found", "<h1>Not Found</h1><p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>"),
    "symfony": bare("An Error Occurred: Not Found", '<h1>Oops! An Error Occurred</h1><h2>The server returned a "404 Not Found".</h2><p>Something is broken. Please let us know what you were doing when this error occurred.</p>'),
    "laravel": bare("Not Found", "<div>404</div><div>Not Found</div>"),
    "laravel in French": bare("Introuvable", "<div>404</div><div>Introuvable</div>"),
    "github pages": bare("Site not found · GitHub Pages", "<h1>404</h1><p><strong>There isn't a GitHub Pages site here.</strong></p>"),
    "gitbook": among("Page not found", "<h1>Page not found</h1><p>The page you are looking for doesn’t exist.</p>"),
    "netlify": bare("Page not found", "<h1>Page not found</h1><p>Looks like you’ve followed a broken link or entered a URL that doesn’t exist on this site.</p>"),
    "storage": bare("404 Not Found", "<h1>404 Not Found</h1><ul><li>Code: NoSuchKey</li><li>Message: The specified key does not exist.</li></ul>"),
    "prestashop": among("Bac", "<h4>La page que vous cherchez n’a pas été trouvée.</h4>"),
    "dsfr": among("Erreur 404", "<h1>Page non trouvée</h1><p>Erreur 404</p><p>La page que vous cherchez est introuvable. Excusez-nous pour la gêne occasionnée.</p><p>Si vous avez tapé l’adresse web dans le navigateur, vérifiez qu’elle est correcte. La page n’est peut-être plus disponible.</p><p>Dans ce cas, pour continuer votre visite vous pouvez consulter notre page d’accueil, ou effectuer une recherche avec notre moteur de recherche en haut de page. Sinon contactez-nous pour que l’on puisse vous rediriger vers la bonne information.</p>"),
    "by hand: lost": among("Oups", "<h1>Oups !</h1><p>Nous n’avons pas trouvé la page que vous cherchez.</p>"),
    "by hand: gone": among("Bac", "<h1>Désolé…</h1><p>Cette page a été supprimée ou n’a jamais existé.</p>"),
    "by hand: nowhere": among("Bac", "<h1>Perdu ?</h1><p>Aucune page ne correspond à cette adresse.</p>"),
    "by hand: moved": among("Bac", "<p>La page à laquelle vous tentez d’accéder n’existe pas ou plus.</p>"),
    "by hand: cannot": among("Bac", "<p>Impossible de trouver la page demandée.</p>"),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page(judge, name: str):
    asked = judge("accessibility-declaration", HOME, pages=[("link", "/accessibilite", ERRORS[name])])

    assert judge("accessibility-mention", ERRORS[name]).reason == "home-not-found"
    assert asked.reason == "soft-404"


CLOSED = {
    "wordpress": bare("Maintenance", "<p>Brièvement indisponible pour cause de maintenance planifiée. Revenez dans une minute.</p>"),
    "wordpress in English": bare("Maintenance", "<p>Briefly unavailable for scheduled maintenance. Check back in a minute.</p>"),
    "wordpress, broken": bare("WordPress › Erreur", "<p>Il y a eu une erreur critique sur ce site.</p><p><a href=https://fr.wordpress.org/support>En apprendre plus sur le débogage de WordPress.</a></p>"),
    "wordpress, no database": bare("Erreur de la base de données", "<h1>Erreur lors de la connexion à la base de données</h1>"),
    "drupal": bare("Site en cours de maintenance", "<h1>Site en cours de maintenance</h1><p>Bac à voile est en cours de maintenance. Nous serons de retour très bientôt. Merci de votre patience.</p>"),
    "drupal in English": bare("Site under maintenance", "<h1>Site under maintenance</h1><p>Bac is currently under maintenance. We should be back shortly. Thank you for your patience.</p>"),
    "drupal, broken": bare("", "<p>Le site Web a rencontré une erreur inattendue. Veuillez essayer de nouveau plus tard.</p>"),
    "joomla": bare("Bac", "<p>Ce site est en maintenance.<br>Merci de revenir ultérieurement.</p>"),
    "joomla in English": bare("Bac", "<p>This site is down for maintenance.<br>Please check back again soon.</p>"),
    "spip": bare("Site en travaux", "<h1>Site en travaux</h1><p>Attention : un problème technique (serveur SQL) empêche l’accès à cette partie du site. Merci de votre compréhension.</p>"),
    "laravel": bare("Service Unavailable", "<div>503</div><div>Service Unavailable</div>"),
    "nginx": bare("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>"),
    "apache": bare("500 Internal Server Error", "<h1>Internal Server Error</h1><p>The server encountered an internal error or misconfiguration.</p>"),
    "django": bare("Server Error (500)", "<h1>Server Error (500)</h1>"),
    "rails": bare("We're sorry, but something went wrong (500)", "<h1>We're sorry, but something went wrong.</h1>"),
    "symfony": bare("An Error Occurred: Internal Server Error", '<h1>Oops! An Error Occurred</h1><h2>The server returned a "500 Internal Server Error".</h2>'),
    "heroku": bare("Application Error", "<iframe src=//www.herokucdn.com/error-pages/application-error.html></iframe><p>An error occurred in the application and your page could not be served.</p>"),
    "dsfr": among("Service indisponible", "<h1>Service indisponible</h1><p>Erreur 503</p><p>Le service est momentanément indisponible, nous mettons tout en œuvre pour le rétablir.</p>"),
    "dsfr, unexpected": among("Erreur inattendue", "<h1>Erreur inattendue</h1><p>Erreur 500</p><p>Désolé, le service rencontre un problème, nous travaillons pour le résoudre le plus rapidement possible.</p>"),
    "by hand: back soon": bare("We’ll be back soon!", "<h1>We’ll be back soon!</h1><p>Sorry for the inconvenience but we’re performing some maintenance at the moment.</p>"),
    "by hand: sorry": bare("Bac", "<h1>Bac à voile</h1><p>Nous sommes navrés pour le dérangement, mais notre site est en cours de maintenance.</p>"),
    "by hand: works": bare("Bac", "<p>Le site est momentanément indisponible en raison de travaux de maintenance.</p>"),
    "by hand: update": among("Maintenance en cours", "<h1>Maintenance en cours</h1><p>Nous effectuons une mise à jour et serons de retour très bientôt !</p>"),
    "by hand: until": bare("Fermeture", "<p>La plateforme est fermée pour maintenance jusqu’à 18 heures.</p>"),
    "by hand: interrupted": bare("Bac", "<h1>Interruption de service</h1><p>Nos équipes sont mobilisées.</p>"),
}  # fmt: skip


@pytest.mark.parametrize("name", CLOSED)
def test_a_site_closed_for_a_while(judge, name: str):
    asked = judge("accessibility-declaration", HOME, pages=[("link", "/accessibilite", CLOSED[name])])

    assert judge("accessibility-mention", CLOSED[name]).reason == "server-error"
    assert (asked.reason, asked.outcome) == ("server-error", "cantTell")


EMPTY = {
    "apache debian": bare("Apache2 Debian Default Page: It works", "<div>Apache2 Debian Default Page</div><div>It works!</div>" + "<p>This is the default welcome page used to test the correct operation of the Apache2 server after installation on Debian systems. If you can read this page, it means that the Apache HTTP server installed at this site is working properly.</p>" * 9),
    "apache": "<html><body><h1>It works!</h1></body></html>",
    "red hat": bare("Test Page for the HTTP Server on Red Hat Enterprise Linux", "<h1>Red Hat Enterprise Linux <strong>Test Page</strong></h1><p>This page is used to test the proper operation of the HTTP server after it has been installed.</p>"),
    "nginx": bare("Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working. Further configuration is required.</p>"),
    "iis": bare("IIS Windows Server", "<a href=http://go.microsoft.com/fwlink/?linkid=66138><img src=iisstart.png alt=IIS></a>"),
    "caddy": bare("Caddy works!", "<h1>Congratulations!</h1><p>Your web server is working.</p>"),
    "tomcat": bare("Apache Tomcat/10.1", "<h1>Apache Tomcat/10.1</h1><h2>If you're seeing this, you've successfully installed Tomcat. Congratulations!</h2>"),
    "django": bare("The install worked successfully! Congratulations!", "<h1>The install worked successfully! Congratulations!</h1><p>You are seeing this page because DEBUG=True is in your settings file.</p>"),
    "plesk": bare("Web Server's Default Page", "<h1>Web Server's Default Page</h1><p>This page is generated by Plesk, the leading hosting automation software. You see this page because there is no Web site at this address.</p>"),
    "plesk in French": bare("Page par défaut du domaine", "<h1>Page par défaut du domaine</h1><p>Si vous voyez ce message, le site Web de ce domaine n’est pas encore disponible.</p>"),
    "cpanel": bare("Default Web Site Page", "<h1>SORRY!</h1><p>If you are the owner of this website, please contact your hosting provider.</p>"),
    "ovh": bare("Félicitations ! Votre domaine a bien été créé chez OVHcloud !", "<h1>Félicitations !</h1><p>Votre domaine a bien été créé chez OVHcloud !</p>"),
    "gandi": bare("bac-a-voile.example", "<h1>This domain name has been registered with Gandi.net</h1><p>It is currently parked by the owner.</p>"),
    "gandi in French": bare("bac-a-voile.example", "<p>Ce nom de domaine a été enregistré avec Gandi.net.</p>"),
    "ionos": bare("bac-a-voile.example", "<p>Ce domaine vient d’être enregistré pour l’un de nos clients.</p>"),
    "sedo": bare("bac-a-voile.example", "<p>Le domaine bac-a-voile.example est peut-être à vendre par son propriétaire !</p>"),
    "a broker": among("bac.example est à vendre", "<h1>Le nom de domaine bac.example est à vendre</h1><p>Faites une offre.</p>"),
    "godaddy": bare("bac-a-voile.example", "<p>This Web page is parked FREE, courtesy of GoDaddy.</p>"),
    "being built": bare("Site en construction", "<h1>Site en construction</h1><p>Revenez bientôt !</p>"),
    "being built, in a sentence": bare("Bac", "<img src=logo.png alt=Bac><p>Notre site est actuellement en cours de construction.</p>"),
    "coming": bare("Bac", "<h1>Bientôt en ligne</h1>"),
    "coming soon": bare("Coming Soon", "<h1>Coming soon</h1>"),
}  # fmt: skip


@pytest.mark.parametrize("name", EMPTY)
def test_a_name_with_nothing_behind(judge, name: str):
    assert judge("accessibility-mention", EMPTY[name]).reason == "moved"


SHELLS = {
    "react behind cloudflare": bare("Bac", "<div id=root></div><script src=/a.js></script><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"),
    "vue behind datadome": bare("Bac", "<div id=app></div><script src=https://js.datadome.co/tags.js></script><script src=/a.js></script>"),
    "angular behind akamai": bare("Bac", "<app-root></app-root><script src=/akam/13/6f1></script><script src=/main.js></script>"),
    "react behind imperva": bare("Bac", "<noscript>Vous devez activer JavaScript.</noscript><div id=root></div><script src=/a.js></script><script src='/_Incapsula_Resource?SWJIYLWA=719d'></script>"),
    "with a captcha for its forms": bare("Bac", "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div><script src=https://js.hcaptcha.com/1/api.js></script><script src=/a.js></script>"),
}  # fmt: skip


@pytest.mark.parametrize("name", SHELLS)
def test_a_shell_behind_a_service_that_watches_visitors(judge, name: str):
    assert judge("accessibility-mention", SHELLS[name]).reason == "needs-rendering"


PAGES = {
    # about errors
    "errors 404": among("Les erreurs 404 des sites publics", f"<h1>Les erreurs 404 des sites publics</h1>{TEXT}<p>Une page introuvable sur dix répond « 404 Not Found ».</p>"),
    "help": among("Page introuvable : que faire ?", f"<h1>Page introuvable : que faire ?</h1>{TEXT}<p>Vérifiez l’adresse saisie.</p>"),
    "how to": among("Comment corriger une erreur 404 ?", f"<h1>Comment corriger une erreur 404 ?</h1>{TEXT}"),
    "question": among("Aide", f"<h1>Aide</h1><h2>Pourquoi la page demandée n’existe-t-elle plus ?</h2>{TEXT}<h2>Pourquoi ai-je une erreur 404 ?</h2><p>Le lien est ancien.</p>"),
    "a number": bare("Bac", f"<h1>404 places assises</h1><p>Le bac en a 404.</p>{MENTION}"),
    "a bus": among("Ligne 404", "<h1>Ligne 404</h1><p>Le bus 404 dessert le port.</p>"),
    "a document": bare("Bac", f"<p>Le document n’existe plus qu’en version papier.</p><p>Le guide se retire au guichet.</p>{MENTION}"),
    "a page in French only": among("Bac", "<p>Cette page n’existe pas en anglais.</p><p>Le bac traverse à huit heures, midi et dix-huit heures, sauf le dimanche.</p>"),
    "a lost object": among("Objets trouvés", "<h1>Objets trouvés</h1><p>Un objet introuvable ? Écrivez au port.</p>"),
    "a search": among("Recherche", "<h1>Recherche</h1><p>Saisissez le nom d’un port ; si aucun résultat n’est trouvé, élargissez la recherche.</p>"),
    # about maintenance
    "roads": among("Maintenance des routes", f"<h1>Maintenance des routes</h1>{TEXT}<p>La route du port est en maintenance.</p>"),
    "a bridge": among("Le pont", "<h1>Le pont</h1><p>Le pont est actuellement en maintenance, prenez le bac.</p>"),
    "a service of repairs": among("Service de maintenance", "<h1>Le service de maintenance</h1><p>Le service maintient les bacs en état de marche. Deux bacs sont en maintenance.</p>"),
    "a night to come": among("Bac", "<p>Une opération de maintenance est prévue mardi de 22 h à minuit : le site sera indisponible.</p><p>Le bac traverse à huit heures, midi et dix-huit heures.</p>"),
    "a ferry out of order": bare("Bac", f"<h1>Le bac</h1><p>Le service de nuit est momentanément interrompu. Le bac traverse à huit heures, midi et dix-huit heures.</p>{MENTION}"),
    "a bridge being built": bare("Bac", f"<h1>Le bac</h1><p>Le pont est en construction : le bac traverse à huit heures, midi et dix-huit heures.</p>{MENTION}"),
    # about walls
    "captchas": among("Les captchas", "<h1>Les captchas</h1><p>« Vérifiez que vous êtes humain » : ces images excluent. Un captcha doit avoir un équivalent sonore.</p>"),
    "cloudflare": among("Cloudflare et l’attente", f"<h1>Cloudflare et l’attente</h1><p>« Just a moment… », « Checking your browser » : ce que dit Cloudflare.</p>{TEXT}"),
    "access": bare("Bac", f"<h1>Le bac</h1><p>Accès interdit aux poids lourds. Traversées à huit heures, midi et dix-huit heures.</p>{MENTION}"),
    "a refusal": among("Accès refusé à la formation : vos recours", f"<h1>Accès refusé à la formation : vos recours</h1>{TEXT}"),
    "a tiny page": bare("Bac", f"<h1>Le bac</h1><p>Il traverse à midi.</p>{MENTION}"),
    "a tiny page watched by cloudflare": bare("Bac", f"<h1>Le bac</h1><p>Il traverse à midi.</p>{MENTION}<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"),
    "a contact form": among("Contact", "<h1>Contact</h1><form><input name=message><div class=g-recaptcha></div><p>Cochez « Je ne suis pas un robot ».</p></form>"),
    "a queue": among("File d’attente", "<h1>Combien de temps attend-on ?</h1><p>Dans la file d’attente du bac, comptez vingt minutes.</p>"),
    # about names and servers
    "domain names": among("Noms de domaine", f"<h1>Votre nom de domaine</h1><p>Un domaine qui a expiré peut être à vendre.</p>{TEXT * 3}"),
    "a page coming soon": among("Bac", f"<h1>Le bac</h1>{TEXT}<p>Carte des ports : bientôt en ligne.</p>"),
    "works": bare("Bac", f"<h1>Un service en construction</h1><p>Le bac en version d’essai : dites-nous ce qui manque. Traversées à huit heures, midi et dix-huit heures.</p>{MENTION}"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_only_speaks_of_it(judge, name: str):
    assert judge("accessibility-mention", PAGES[name]).reason == "level-not"


SHORT = "<h1>Déclaration d’accessibilité</h1><p>Article 47 de la loi n° 2005-102 : ce site est non conforme avec le RGAA.</p>"
DECLARATIONS = {
    "captcha": f"{SHORT}<h2>Contenus non accessibles</h2><p>Le captcha « Vous n’êtes pas un robot ? » n’a pas d’équivalent sonore.</p>",
    "error page": f"{SHORT}<h2>Pages vérifiées</h2><ul><li>Accueil</li><li>Page d’erreur 404</li><li>Connexion</li></ul>",
    "page 404": f"{SHORT}<h2>Pages vérifiées</h2><ul><li>Accueil</li><li>Page 404</li><li>Page introuvable</li><li>Page de maintenance</li></ul>",
    "missing alternative": f"{SHORT}<h2>Non-conformités</h2><p>Le message « Page introuvable » n’est pas annoncé.</p>",
    "access": f"{SHORT}<p>Un contenu vous est refusé ? Le Défenseur des droits peut être saisi. Le document n’est pas disponible en braille.</p>",
    "works": f"{SHORT}<p>Le site est en maintenance le mardi matin.</p>",
}


@pytest.mark.parametrize("around", [bare, among])
@pytest.mark.parametrize("name", DECLARATIONS)
def test_a_declaration_that_speaks_of_it(judge, name: str, around):
    page = around("Accessibilité", DECLARATIONS[name])

    assert (
        judge("accessibility-declaration", HOME, pages=[("link", "/accessibilite", page)]).reason == "declaration-found"
    )
