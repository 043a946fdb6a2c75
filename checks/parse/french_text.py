"""Sentences that pages use to say that they are not what was asked. All patterns read folded text."""

from __future__ import annotations

import re

MISSING = re.compile(
    r"page (?:introuvable|inconnue|inexistante|non trouvee|absente|not found)|\berreur 404\b|\b404\b(?! ?(?:€|eur|%))"
    r"|(?:page|contenu|ressource|adresse)[^.]{0,60}(?:n'existe (?:pas|plus)|n'est plus disponible|a ete (?:supprimee?|deplacee?)|introuvable)"
    r"|(?:page|resource|url|document)[^.]{0,40}(?:could not be found|cannot be found|was not found|does(?: not|n't) exist|no longer exists)"
    r"|\bnot found\b|nous n'avons pas trouve (?:la|cette) page|cette page est introuvable"
)
UNDER_CONSTRUCTION = re.compile(
    r"en cours de (?:redaction|construction|creation|preparation|mise a jour|developpement)|bientot (?:disponible|en ligne)"
    r"|(?:page|contenu|section|rubrique|document)s? (?:est |sont )?(?:a venir|en construction|en travaux)|sera bientot|seront bientot|coming soon"
    r"|under construction|lorem ipsum|a completer\b|\btodo\b"
)
UNFILLED = re.compile(
    r"[\[<{(]\s*(?:nom|url|adresse|date|organisme|entite|site|service|email|courriel|a completer|xx+)[^\]>})]{0,40}[\]>}]"
    r"|\bxx+ ?%|\b(?:jj|xx)/(?:mm|xx)/(?:aaaa|xxxx)\b|\bnotre site (?:web )?est (?:non|partiellement|totalement)/"
)
WALL = re.compile(
    r"just a moment|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|attention required"
    r"|enable javascript and cookies to continue|disable any ad blocker|ddos protection|access denied|request unsuccessful"
    r"|verifi\w+ que vous (?:etes|n'etes pas)|vous n'etes pas un robot|verification de (?:votre navigateur|securite)|acces (?:refuse|bloque|interdit)"
    r"|requete (?:bloquee|rejetee|suspecte)|request (?:blocked|rejected)|requested url was rejected"
)
WALL_MARKS = re.compile(
    r"_incapsula_|cf-chl|cf_chl|challenge-platform|datadome|px-captcha|perimeterx|hcaptcha|g-recaptcha|geo\.captcha"
    r"|awswafcookie|aws-waf|/_sec/cp_challenge|akamai|anubis|ddos-guard|kasada|reblaze|sucuri"
)
MAINTENANCE = re.compile(
    r"(?:site|service|page) (?:est )?(?:actuellement )?en maintenance|maintenance en cours|under maintenance"
)
PARKED = re.compile(
    r"(?:domaine|domain)[^.]{0,40}(?:a vendre|en vente|for sale|parked|parking|expire)|buy this domain|acheter ce (?:nom de )?domaine"
    r"|site en attente|default web page|welcome to nginx|apache2 .{0,10}default page|it works!"
)
LOGIN_PATH = re.compile(
    r"/(?:login|log-in|signin|sign-in|connexion|se-connecter|authentification|auth|sso|oidc|oauth2?|saml|account/login|users/sign_in)(?:[/?#.]|$)"
)
