"""What stands in front of several hupds: each connection goes, byte by byte, to whom it was to go when
it came, to its end."""

import asyncio
import threading


class Front:
    """with Front(address) as front: … front.lead_to(another)."""

    def __init__(self, address):
        self._to = address
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self):
        self._thread.start()
        self._server = self._wait(asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024))
        self.address = "127.0.0.1:%d" % self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def lead_to(self, address):
        """Connections that come from now on."""
        async def change():
            self._to = address
        self._wait(change())

    def _wait(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _close(self):
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader, writer):
        host, _, port = self._to.rpartition(":")
        try:
            far = await asyncio.open_connection(host, int(port))
        except OSError:
            return writer.transport.abort()  # which a client sees as a reset
        await asyncio.gather(self._pass(reader, far[1]), self._pass(far[0], writer))
        writer.close()
        far[1].close()

    async def _pass(self, reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.write_eof()
        except OSError:
            writer.transport.abort()
