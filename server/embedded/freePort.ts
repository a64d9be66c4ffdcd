import { createServer } from 'node:net';

/** Whether nobody listens on this TCP port of the loopback address. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await listen(port, host)) !== null;
}

/** A TCP port of the loopback address that was free a moment ago: whoever takes it must expect to lose it. */
export async function freePort(): Promise<number> {
  const port = await listen(0, '127.0.0.1');
  if (port === null) throw new Error('The operating system has no free TCP port.');
  return port;
}

async function listen(port: number, host: string): Promise<number | null> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}
