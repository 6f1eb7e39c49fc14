"""WebSockets among the clients of load.py: each says something now and then, in pieces, and holds what
comes back against what it said; the count of its messages goes along with it from worker to worker."""

import asyncio
import random
import time

from . import websocket
from .load_account import Account, Ends, Failure

COUNT_EACH = 8  # messages
PAUSE = 0.2


class Talker(websocket.Talker, Ends):
    def __init__(self):
        Ends.__init__(self)
        self.said = 0

    async def connect(self, address):
        await super().connect(address)
        self.note(self.writer)

    async def open(self, address):
        await self.connect(address)
        status = (await self.handshake()).split()[1].decode()
        if status != "101":
            raise Failure(f"answered {status}")

    async def talk(self, dice):
        """One message and its answer."""
        self.said += 1
        counts = self.said % COUNT_EACH == 0
        payload = "count" if counts else f"{self.said} " + "x" * dice.randrange(300)
        data = b"".join(websocket.message(payload, dice.randrange(1, 4)))
        cut = dice.randrange(len(data))
        self.write(data[:cut])
        await asyncio.sleep(dice.choice([0, PAUSE]))
        self.write(data[cut:])
        told = await self.hear()
        if isinstance(told, tuple):
            raise Failure(f"goodbye {told}")
        if counts and websocket.counted(told)[0] != self.said or not counts and told != payload:
            raise Failure("wrong_message") from AssertionError(f"{told!r:.80} for {payload!r:.80}")


class WebSockets(Account):
    async def client(self, number):
        dice = random.Random(number)
        talker = None
        last = False
        while not last:
            last = self.run.stop.is_set()
            began = time.monotonic()
            young = talker or Talker()
            try:
                if talker is None:
                    address = self.address(number, self.run.sockets)
                    await asyncio.wait_for(young.open(address), self.run.patience)
                    talker = young
                self.count["requests"] += 1
                await asyncio.wait_for(young.talk(dice), self.run.patience)
                self.answered(began)
            except (Failure, asyncio.TimeoutError, asyncio.IncompleteReadError, OSError) as error:
                self.failed(error if isinstance(error, Failure) else self._named(error), young)
                if hasattr(young, "writer"):
                    young.writer.close()
                talker = None
                await asyncio.sleep(0.05)
            self.run.answered(self.name, number)
            await asyncio.wait([self.run.stopping], timeout=dice.choice([0, PAUSE]))
        if talker is not None:
            talker.writer.close()

    @staticmethod
    def _named(error):
        if isinstance(error, asyncio.TimeoutError):
            return Failure("timed_out")
        if isinstance(error, ConnectionRefusedError):
            return Failure("connect_refused")
        return Failure("socket_ended")
