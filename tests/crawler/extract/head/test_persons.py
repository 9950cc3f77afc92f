"""Which words of a byline are persons."""

import pytest

from crawler.extract.head.persons import persons


@pytest.mark.parametrize(
    "claim",
    [
        "Harbour Holding GmbH", "Deutsche Presse-Agentur", "University of Tidewater", "publisher",
        "mf", "wordpressadmin", "Anónimo", "selbst ist der Mann", "12 votes", "News desk",
        "www.x.com", "评论", "观潮证券研究",
    ],
)  # fmt: skip
def test_what_is_no_person(claim: str) -> None:
    assert persons([claim]) == ()


def test_site_is_no_person_in_its_own_spelling() -> None:
    assert persons(["La Marea"], avoid=frozenset({"lamarea"})) == ()


def test_names_with_particles_and_capitals_are_persons() -> None:
    claim = "By Ludwig van der Berg, ANN LEE and Jörg Müller"
    assert persons([claim]) == ("Ludwig van der Berg", "ANN LEE", "Jörg Müller")


@pytest.mark.parametrize(
    "claim",
    ["Donnerstag", "Alle Beiträge", "Eingestellt von", "LBCI", "Forst - LWF", "Anadolu Ajansı"],
)
def test_what_stands_beside_a_byline_is_no_person(claim: str) -> None:
    assert persons([claim]) == ()


def test_name_told_twice_without_a_space_is_one_name() -> None:
    assert persons(["Ann LeeAnn Lee"]) == ("Ann Lee",)


def test_broadcasters_region_is_no_person() -> None:
    assert persons(["Bo Ek, MDR THÜRINGEN"], avoid=frozenset({"mdr"})) == ("Bo Ek",)


@pytest.mark.parametrize(
    ("claim", "names"),
    [
        ("Ann Lee (ale), Bo Ek (boe), Per Lind, Oslo", ("Ann Lee", "Bo Ek", "Per Lind")),
        ("Ann Lee [al] and Bo Ek, New York", ("Ann Lee", "Bo Ek")),
        ("Ann Lee (Ostend)", ("Ann Lee",)),
        ("Redaktion (Ann Lee)", ("Ann Lee",)),
        ("ann@tidewater.test (Ann Lee)", ("Ann Lee",)),
        ("Ann Lee (mailto:ann@tidewater.test)", ("Ann Lee",)),
        ("Ann Lee <ann@tidewater.test>", ("Ann Lee",)),
        ("박준석 기자 외 1명", ("박준석",)),
        ("Ann Lee Updated", ("Ann Lee",)),
        ("Ann LeeDecember", ("Ann Lee",)),
        ("Theresa May", ("Theresa May",)),
        ("Regan September", ("Regan",)),
        ("Jan Ek and April Ross", ("Jan Ek", "April Ross")),
        ("Byron Parker", ("Byron Parker",)),
    ],
)
def test_signs_places_days_and_addresses_are_no_part_of_a_name(
    claim: str, names: tuple[str, ...]
) -> None:
    assert persons([claim]) == names


@pytest.mark.parametrize(
    "claim",
    [
        "Full Bio", "View Profile", "More Stories", "Follow Us", "About the Author",
        "Read Full Story", "Suche Erweiterte Suche", "The Tidewater Post", "Monday November",
        "Letzte Aktualisierung",
        "Leitender Wirtschaftsredakteur", "民意调查", "綜合編譯",
    ],
)  # fmt: skip
def test_phrases_of_menus_and_buttons_are_no_persons(claim: str) -> None:
    assert persons([claim]) == ()
