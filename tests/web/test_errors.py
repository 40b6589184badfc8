from tests.client import StaffClient


def test_an_unknown_address_is_a_kind_404_page(client: StaffClient) -> None:
    response = client.get("/nothing-here")
    assert response.status_code == 404
    assert "<h1>" in response.text


def test_every_answer_carries_the_security_headers(client: StaffClient) -> None:
    headers = client.get("/login").headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
