import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below what operating systems give to outgoing connections (from 32768 on Linux): a server that ended must find its port
 * free when it comes back, and any client could have been given it meanwhile.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const MAX_ATTEMPTS = 1_000;

/** Whether nobody listens on this TCP port of the loopback address. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A TCP port of the loopback address that was free a moment ago: whoever takes it must expect to lose it. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No free TCP port between ${FIRST_PORT} and ${LAST_PORT}.`);
}
