from __future__ import annotations

import pytest

from crawler.text.image_addresses import image_url, page_base

PAGE = "https://daily.example/markets/1"


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("/i/1.jpg", "https://daily.example/i/1.jpg"),
        ("//cdn.example/i/1.jpg?w=7&x=a%20b", "https://cdn.example/i/1.jpg?w=7&x=a%20b"),
        ('http://h.example/x"onerror="alert(1)', "http://h.example/x%22onerror=%22alert%281%29"),
        ("http://h.example/x' onload='y", "http://h.example/x%27%20onload=%27y"),
        ("http://h.example/a b.jpg", "http://h.example/a%20b.jpg"),
        ("http://h.example/<b>`{{x}}`.jpg", "http://h.example/%3Cb%3E%60%7B%7Bx%7D%7D%60.jpg"),
        ("http://h.example/\u202egpj.exe", "http://h.example/%E2%80%AEgpj.exe"),
        ("http://h.example/\x07\x9b.jpg", "http://h.example/%07%C2%9B.jpg"),
        ("http://h.example/a)[b](c.jpg", "http://h.example/a%29%5Bb%5D%28c.jpg"),
        ("http://h.example/图.jpg?名=值", "http://h.example/%E5%9B%BE.jpg?%E5%90%8D=%E5%80%BC"),
        ("http://h.example/100%.jpg", "http://h.example/100%25.jpg"),
        ("http://h.example/%E5%9B%BE.jpg#top", "http://h.example/%E5%9B%BE.jpg"),
        ("http://me:secret@h.example/1.jpg'", "http://h.example/1.jpg%27"),
        ("http://例え.jp/1.jpg", "http://xn--r8jz45g.jp/1.jpg"),
        ("http://H.Example:8080/1.jpg", "http://h.example:8080/1.jpg"),
        ("http://[2606:4700::1111]:8080/1.jpg", "http://[2606:4700::1111]:8080/1.jpg"),
    ],
)
def test_an_address_is_percent_encoded(link: str, shown: str) -> None:
    assert image_url(PAGE, link) == shown
    assert image_url(PAGE, shown) == shown


@pytest.mark.parametrize(
    "link",
    [
        *("http://127.0.0.1/x.jpg", "http://localhost/x.jpg", "http://192.168.1.1/cgi?reboot=1"),
        *("http://[::1]/x.jpg", "http://0x7f.1/x.jpg", "http://2130706433/x.jpg"),
        *("http://router.lan/x.jpg", "http://printer/x.jpg", "//169.254.169.254/latest"),
        *("javascript:alert(1)", "data:image/png;base64,AAAA", "file:///etc/passwd", "http://"),
        "http://h.example/" + "a" * 5000,
        "http://h.example/" + "<" * 2000,  # thrice as long once it is encoded
    ],
)
def test_a_picture_in_the_reader_s_own_network_is_none(link: str) -> None:
    assert image_url(PAGE, link) == ""


def test_a_page_of_a_network_shows_the_pictures_there() -> None:
    assert image_url("http://10.0.0.2/news/1", "/1.jpg") == "http://10.0.0.2/1.jpg"
    assert image_url("http://wiki.lan/1", "http://10.0.0.2/1.jpg") == "http://10.0.0.2/1.jpg"


def test_the_base_of_a_public_page_is_no_private_host() -> None:
    assert page_base(PAGE, "http://127.0.0.1/") == PAGE
    assert page_base(PAGE, "https://cdn.example/") == "https://cdn.example/"
    assert page_base(PAGE, "") == PAGE
    assert page_base("http://10.0.0.2/", "http://10.0.0.3/") == "http://10.0.0.3/"
