import { type RequestListener, type Server, createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { afterEach } from 'vitest';
import { testCertificate } from './certificate.ts';

/** An HTTPS server with the tests' certificate. Gone after the test. */
export async function httpsServer(answer: RequestListener): Promise<{ url: string }> {
  const server = createServer(testCertificate, answer);
  return { url: `https://localhost:${await listen(server)}` };
}

export type TestProxy = { url: string; tunnels: { target: string; authorization: string | undefined }[] };

/** A proxy that opens tunnels, or answers `status` instead. Gone after the test. */
export async function proxyServer(status = 200): Promise<TestProxy> {
  const tunnels: TestProxy['tunnels'] = [];
  const server = createPlainServer();
  server.on('connect', (request, client, head) => {
    tunnels.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    client.on('error', () => undefined);
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url ?? ''}`);
    const target = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      target.pipe(client).pipe(target);
    });
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, tunnels };
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  running.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return (server.address() as AddressInfo).port;
}

const running: { server: Server; sockets: Set<Socket> }[] = [];
afterEach(async () => {
  for (const { server, sockets } of running.splice(0)) {
    // Tunnels are no longer connections in the eyes of the server, so it would wait for them.
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});
