import httpx
import pytest
from publisher import Answer, page, serving

from corpus.addresses import GuardedTransport, check_address, is_public
from corpus.errors import FetchError


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_only_what_everyone_can_reach_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "must begin with https"),
        ("ftp://a.example/x", "must begin with https"),
        ("https:///x", "must begin with https"),
        ("https://me:secret@a.example/", "a.example holds a name or password"),
        ("https://a.example:99999999/", "is no address of the web"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        check_address(url)


def client(found: dict[str, list[str]], allowed: set[str]) -> httpx.Client:
    transport = GuardedTransport(allowed.__contains__, lambda host, port: found[host])
    return httpx.Client(transport=transport, follow_redirects=True)


def test_a_name_that_leads_inside_is_not_asked() -> None:
    with (
        client({"a.example": ["10.0.0.1"]}, set()) as asking,
        pytest.raises(FetchError, match=r"a\.example is at 10\.0\.0\.1, inside a private network"),
    ):
        asking.get("http://a.example/")


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    with serving() as publisher:
        publisher.pages["/gate"] = Answer(page("Guards stand."))
        port = httpx.URL(publisher.address).port
        found = {"a.example": ["10.0.0.1", "127.0.0.1"]}
        with client(found, {"127.0.0.1"}) as asking:
            response = asking.get(f"http://a.example:{port}/gate")
        assert response.content == page("Guards stand.")
        assert str(response.url) == f"http://a.example:{port}/gate"
        assert publisher.headers_of("/gate")[0]["Host"] == f"a.example:{port}"


def test_a_redirect_that_leads_inside_is_not_followed() -> None:
    with serving() as publisher:
        port = httpx.URL(publisher.address).port
        inside = f"http://inside.example:{port}/secret"
        publisher.pages["/gate"] = Answer(status=302, headers={"Location": inside})
        found = {"a.example": ["127.0.0.1"], "inside.example": ["127.0.0.2"]}
        with (
            client(found, {"127.0.0.1"}) as asking,
            pytest.raises(FetchError, match=r"inside\.example is at 127\.0\.0\.2"),
        ):
            asking.get(f"http://a.example:{port}/gate")
        assert publisher.asked["/secret"] == 0
