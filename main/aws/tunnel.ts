import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import { type Socket, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { KiB, SECOND } from '../../shared/units.ts';
import { ProxyRefusal } from './network-failure.ts';
import { type ProxyFor, isUsableProxy, unusableProxy } from './proxy.ts';

/** A proxy that has not opened the way within this time is given up. */
const PATIENCE_MS = 30 * SECOND;
const MAX_HEAD = 16 * KiB;

type Connected = (error: Error | null, stream: Duplex) => void;

/**
 * Reaches HTTPS services through the proxy for each, by CONNECT (RFC 9110, 9.3.6), or directly where there is none. The
 * proxy sees no more than the host's name.
 */
export class TunnelAgent extends Agent {
  readonly #proxyFor: ProxyFor;

  constructor(proxyFor: ProxyFor, options: AgentOptions) {
    super(options);
    this.#proxyFor = proxyFor;
  }

  override createConnection(options: RequestOptions, connected?: Connected): undefined {
    this.#wayTo(options.host ?? '', options.port ?? 443).then(
      (way) => {
        connected?.(null, super.createConnection({ ...options, ...way }) as Duplex);
      },
      (error: unknown) => {
        (connected as ((error: Error) => void) | undefined)?.(error as Error);
      },
    );
  }

  async #wayTo(host: string, port: number | string): Promise<{ socket?: Socket }> {
    const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const proxyUrl = await this.#proxyFor(`https://${target}`);
    if (proxyUrl === null) return {};
    if (!isUsableProxy(proxyUrl)) throw new ProxyRefusal(unusableProxy(proxyUrl));
    return { socket: await openTunnel(new URL(proxyUrl), target) };
  }
}

function openTunnel(proxy: URL, target: string): Promise<Socket> {
  const socket = connectTo(proxy);
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new ProxyRefusal(`the proxy ${proxy.host} does not answer`)));
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization(proxy)}\r\n`);
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new ProxyRefusal(`the proxy ${proxy.host} hung up`));
    });
    socket.on('data', function read(chunk: Buffer) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0 && head.length < MAX_HEAD) return;
      socket.off('data', read);
      const refusal = refusalIn(head.toString('latin1'), proxy);
      if (refusal) {
        socket.destroy();
        reject(refusal);
        return;
      }
      socket.pause();
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      resolve(socket);
    });
  });
}

function connectTo(proxy: URL): Socket {
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  if (proxy.protocol === 'https:') return connectTls({ host, port: Number(proxy.port || 443), servername: host });
  return connect({ host, port: Number(proxy.port || 80) });
}

function authorization({ username, password }: URL): string {
  if (username === '') return '';
  const secret = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return `Proxy-Authorization: Basic ${secret}\r\n`;
}

function refusalIn(head: string, proxy: URL): ProxyRefusal | null {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === '200') return null;
  if (status === '407') return new ProxyRefusal(`the proxy ${proxy.host} asks for a password`);
  return new ProxyRefusal(
    `the proxy ${proxy.host} does not open the way${status === undefined ? '' : ` (status ${status})`}`,
  );
}
