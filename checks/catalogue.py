"""Every rule, in the order in which scorecards show them. A test compares this list with the files, both ways."""

from __future__ import annotations

from hashlib import sha256

from checks.model.rule import Rule
from checks.rules.accessibility import (
    accessibility_declaration,
    accessibility_declaration_consistency,
    accessibility_declaration_model,
    accessibility_declaration_validity,
    accessibility_mention,
    accessibility_plan,
    accessibility_schema,
)
from checks.rules.legal import legal_notice, privacy_policy, terms_of_use
from checks.rules.security import (
    clickjacking_protection,
    content_security_policy,
    cookies,
    hsts,
    https,
    referrer_policy,
    security_headers,
    security_txt,
    x_content_type_options,
)
from checks.rules.transparency import budget_freshness, budget_page, source_code, source_licence, statistics_page

RULES: tuple[Rule, ...] = (
    accessibility_mention.RULE,
    accessibility_declaration.RULE,
    accessibility_declaration_model.RULE,
    accessibility_declaration_validity.RULE,
    accessibility_declaration_consistency.RULE,
    accessibility_schema.RULE,
    accessibility_plan.RULE,
    statistics_page.RULE,
    budget_page.RULE,
    budget_freshness.RULE,
    source_code.RULE,
    source_licence.RULE,
    legal_notice.RULE,
    privacy_policy.RULE,
    terms_of_use.RULE,
    https.RULE,
    security_headers.RULE,
    hsts.RULE,
    content_security_policy.RULE,
    clickjacking_protection.RULE,
    x_content_type_options.RULE,
    referrer_policy.RULE,
    cookies.RULE,
    security_txt.RULE,
)

BY_ID = {rule.id: rule for rule in RULES}


def ruleset_digest() -> str:
    """``sha256:…`` of the ids and versions: two runs with the same digest were judged by the same rules."""
    text = "\n".join(f"{rule.id} {rule.version} {rule.status}" for rule in sorted(RULES, key=lambda rule: rule.id))
    return f"sha256:{sha256(text.encode()).hexdigest()}"
