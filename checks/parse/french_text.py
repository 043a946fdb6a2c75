"""Sentences that pages use to say that they are not what was asked. All patterns read folded text."""

from __future__ import annotations

import re

MISSING = re.compile(
    r"page (?:introuvable|inconnue|inexistante|non trouvee|absente|not found)|(?:erreur|error|page|code|http|statut)\W{1,3}404\b"
    r"|^404\b(?! ?(?:€|eur|%|[a-z]{2,}))|^404\W{0,3}(?:not found|page|error|erreur|introuvable|oups|oops)|\b404 (?:not found|error)|[|-] ?404$"
    r"|(?:page|contenu|ressource|adresse|document)\b[^.]{0,60}(?:n'existe (?:pas|plus)|n'est (?:plus|pas) (?:disponible|en ligne)|a ete (?:supprimee?|deplacee?)|introuvable)"
    r"|(?:page|resource|url|document)\b[^.]{0,40}(?:could not be found|cannot be found|was not found|does(?: not|n't) exist|no longer exists)"
    r"|\bnot found\b|n'avons pas (?:pu )?trouver? (?:la|cette) page|pas trouve (?:la|cette) page|page (?:demandee |recherchee )?est introuvable"
)
UNDER_CONSTRUCTION = re.compile(
    r"en cours de (?:redaction|construction|creation|preparation|mise a jour|developpement|realisation|finalisation)"
    r"|bientot (?:disponible|en ligne|publie\w*|ici)|disponibles? (?:bientot|prochainement)|prochainement (?:disponible|en ligne|publie\w*)"
    r"|(?:page|contenu|section|rubrique|document|declaration|chiffres|statistiques|budget)s? (?:est |sont )?(?:a venir|en construction|en travaux)"
    r"|sera bientot|seront bientot|seront publie\w* |sera publie\w* |coming soon|under construction|work in progress|lorem ipsum|a completer\b|\btodo\b"
)
UNFILLED = re.compile(
    r"\[ ?(?:nom|url|adresse|dates?|organisme|entite|site|service|e-?mail|courriel|telephone|nn+|xx+|pourcentage|taux|www\.|a completer|non[ /])[^\]]{0,80}\]"
    r"|\{\{[^}]{0,60}\}\}|< ?(?:nom|date|organisme|url) [^>]{0,40}>|\b(?:xx+|nn+) ?%|\b(?:jj|xx)/(?:mm|xx)/(?:aaaa|xxxx)\b"
    r"|\b(?:est|:) (?:non ?/ ?partiellement|totalement ?/ ?partiellement|non, partiellement ou totalement)"
)
WALL = re.compile(
    r"just a moment|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|attention required"
    r"|enable javascript and cookies to continue|disable any ad blocker|ddos protection|access denied|request unsuccessful"
    r"|verifi\w+ que vous (?:etes|n'etes pas)|vous n'etes pas un robot|verification de (?:votre navigateur|securite)|acces (?:refuse|bloque|interdit)"
    r"|request verification|pardon (?:our|the) interruption|made us think (?:that )?you (?:are|were) a (?:bot|robot)|complete the captcha"
    r"|(?:completez|resolvez|remplissez) le captcha|human verification"
    r"|requete (?:bloquee|rejetee|suspecte)|request (?:blocked|rejected)|requested url was rejected"
)
WALL_MARKS = re.compile(
    r"_incapsula_|cf-chl|cf_chl|challenge-platform|datadome|px-captcha|perimeterx|hcaptcha|g-recaptcha|geo\.captcha"
    r"|awswafcookie|aws-waf|/_sec/cp_challenge|/akam/\d|anubis_challenge|ddos-guard|/ips\.js\?|reblaze|sucuri_cloudproxy"
)
MAINTENANCE = re.compile(
    r"(?:site|service|page|plateforme|application)\b[^.]{0,30}\ben maintenance|maintenance en cours|operation de maintenance"
    r"|(?:est|sommes) (?:actuellement )?en maintenance|(?:site|service)\b[^.]{0,20}\b(?:temporairement|momentanement) (?:indisponible|ferme)|under maintenance"
)
PARKED = re.compile(
    r"(?:domaine|domain)\b[^.]{0,40}\b(?:a vendre|en vente|for sale|parked|parking|expire)|buy this domain|acheter ce (?:nom de )?domaine"
    r"|site en attente|default web page|welcome to nginx|apache2 [^.]{0,10}default page|\bit works!"
)
LOADING = re.compile(r"\b(?:chargement|loading)\b|(?:activer|activez|enable|requires?|necessite) javascript")
LOGIN_PATH = re.compile(
    r"/(?:login|log-in|signin|sign-in|servicelogin|connexion|se-connecter|authentification|auth|sso|oidc|oauth2?|saml)(?:[/?#.]|$)|/users/sign_in"
)
LOGIN_TITLE = re.compile(
    r"^(?:(?:page de )?connexion|se connecter|connectez-vous|identification|identifiez-vous|authentification|s'identifier|log ?in|sign ?in)\b"
)
SCRIPT_PLEA = re.compile(r"java ?script")
MEASURES = re.compile(
    r"matomo|piwik|analytics|gtag|googletagmanager|gtm\.js|plausible|umami|audience|//stats?\.|eulerian|xiti|smarttag|posthog|hotjar"
    r"|tarteaucitron|axeptio|didomi|orejime|klaro|consent|cookie|crisp\.chat|tawk\.to|sentry|captcha|addthis|sharethis"
)
"""Addresses of scripts that count visits, ask for consent or open a chat: none of them writes the foot of a page."""
