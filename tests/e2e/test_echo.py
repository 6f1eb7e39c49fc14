"""An application at the connection height: bytes back and forth, and a polite end."""

import signal
import threading

import pytest

from harness import client
from harness.build import BUILD


@pytest.fixture
def echo(make_hupd):
    hupd = make_hupd(version=None, connection={"idle_timeout": "0s"})
    hupd.library.move_in(BUILD / "libecho.so")
    return hupd.run()


def exchange(connection, data):
    connection.send(data)
    return connection._take(len(data))


def test_echo_answers_what_it_is_sent(echo):
    with client.Connection(echo.address()) as connection:
        assert exchange(connection, b"hello") == b"hello"
        assert exchange(connection, b"again") == b"again"


def test_echo_answers_more_than_any_buffer_holds(echo):
    data = bytes(range(256)) * 16384  # 4 MiB
    with client.Connection(echo.address()) as connection:
        sender = threading.Thread(target=connection.send, args=(data,))
        sender.start()
        assert connection._take(len(data)) == data
        sender.join(10)


def test_new_connections_after_a_reload_are_the_new_generations(echo):
    echo.reload()
    with client.Connection(echo.address()) as connection:
        assert exchange(connection, b"hello") == b"hello"
    echo.wait_settled(2)


def test_what_is_queued_is_delivered_before_a_connection_moves(echo):
    """Nothing of what the server took is lost, and nothing of what comes afterwards."""
    with client.Connection(echo.address()) as connection:
        assert exchange(connection, b"hello") == b"hello"
        connection.send(b"x" * 100_000)
        assert connection._take(100_000) == b"x" * 100_000
        echo.reload()
        echo.wait_settled(2)
        assert exchange(connection, b"and on") == b"and on"


def test_echo_stops_gracefully(echo):
    with client.Connection(echo.address()) as connection:
        assert exchange(connection, b"hello") == b"hello"
        echo.send(signal.SIGTERM)
        assert connection.rest() == b""
    assert echo.wait_exit() == 0
