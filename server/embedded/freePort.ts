import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Below what operating systems give to outgoing connections (from 32768 on Linux): a server that ended must find its port
 * free when it comes back, and any client could have been given it meanwhile.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const MAX_ATTEMPTS = 1_000;
const HOST = '127.0.0.1';

/** Whether nobody listens on this TCP port of the loopback address. */
export async function isPortFree(port: number, host = HOST): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * A TCP port of the loopback address that is free, and that nobody else who asks here is given as long as this process
 * lives. Whoever else takes it must be expected all the same.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if ((await reserve(port)) && (await isPortFree(port))) return port;
  }
  throw new Error(`No free TCP port between ${FIRST_PORT} and ${LAST_PORT}.`);
}

/** Holds the UDP port of the same number, which nobody uses, until this process ends, however it does. */
function reserve(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: HOST, exclusive: true }, () => resolve(true));
  });
}
