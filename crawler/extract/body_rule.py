"""Whether the user's rule for the body of an article found one."""

from __future__ import annotations

from archive.model import Article
from config.model import BodyRules


def unmatched_rule(rules: BodyRules, article: Article) -> str:
    """Say which rule of `[source.body]` matched nothing, so that the body was found without it; ''
    where it matched, where there is none, and of an article that a feed's own text made."""
    name = "css" if rules.css else "xpath"
    rule = rules.css or rules.xpath
    if not rule or article.is_of_feed or dict(article.evidence).get("text") == "rules":
        return ""
    return f"[source.body] {name} = {rule!r} matched nothing: the body was found without it"
