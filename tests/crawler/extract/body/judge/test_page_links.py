"""Where a page's linked headlines lead, and what its JSON-LD says of its being one article."""

import json
import math

from crawler.extract.body.judge.page_links import address_form, claim_features, link_features
from crawler.extract.head.metadata import read_metadata
from crawler.extract.tree import parse_html

SITE = "https://www.tidewater.example"
HEADLINE = "Harbour dues rise again as the dredging bill comes due"


def links(*addresses: str) -> str:
    return "".join(
        f'<a href="{address}">{HEADLINE}, part {address[-3:]}</a>' for address in addresses
    )


def told(address: str, *addresses: str) -> tuple[float, float]:
    tree = parse_html(f"<html><body>{links(*addresses)}<a href=/m/>Markets</a></body></html>")
    assert tree is not None
    found = link_features(tree, f"{SITE}{address}", 1.0)
    return found["alike"], found["below"]


STORIES = (
    "/markets/rates-held-again-10482",
    "/markets/wheat-falls-further-10483",
    f"{SITE}/ports/new-cranes-for-the-quay-10484",
    "ferry-line-sold-to-rival-10485",
)


def test_an_articles_neighbours_have_addresses_like_its_own() -> None:
    assert told("/markets/copper-climbs-once-more-10481", *STORIES) == (1.0, 0.0)


def test_a_lists_headlines_lead_below_its_own_address() -> None:
    # the last is relative to it
    assert told("/markets/", *STORIES) == (0.0, 0.75)


def test_links_to_the_page_itself_and_to_other_sites_tell_nothing() -> None:
    own = "/markets/copper-climbs-once-more-10481"
    alike, below = told(own, f"{own}?reply=1", f"{own}?reply=2", f"{own}#c3",
                        "https://other.example/a/1", "mailto:a@b.example", STORIES[0])  # fmt: skip
    assert math.isnan(alike)
    assert math.isnan(below)


def test_the_form_of_an_address_is_what_its_parts_are_made_of() -> None:
    assert address_form("/a/20250102/strike-at-the-port-12.html", "") == ("w", "n", "s", "html", "")
    assert address_form("/a/20250102/99812.html", "") == ("w", "n", "n", "html", "")
    assert address_form("/list_3.html", "from=rss") == ("w", "html", "")
    assert address_form("/show.php", "id=812") == ("w", "php", "?")


def claims(*objects: object) -> tuple[float, int]:
    """Whether a list is claimed, and how many headlines."""
    said = "".join(f'<script type="application/ld+json">{json.dumps(o)}</script>' for o in objects)
    tree = parse_html(f"<html><head>{said}</head><body><p>Text.</p></body></html>")
    assert tree is not None
    found = claim_features(read_metadata(tree, SITE))
    return found["list_claim"], round(math.expm1(found["claimed_headlines"]))


def test_a_page_that_claims_several_headlines_or_a_list_is_told_from_one_article() -> None:
    article = {"@type": "NewsArticle", "headline": HEADLINE}
    other = {"@type": ["Article"], "headline": "Another"}
    assert claims(article) == (0.0, 1)
    assert claims(article, article, {"@type": "WebPage", "name": "x"}) == (0.0, 1)
    assert claims([article, other]) == (0.0, 2)
    assert claims({"@type": "CollectionPage"}) == (1.0, 0)
    assert math.isnan(claims()[0])
