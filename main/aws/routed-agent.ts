import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import { type Socket, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { MINUTE } from '../../shared/units.ts';
import { ProxyProblem } from './network-failure.ts';
import { type Way, nameOf } from './proxies/proxy.ts';
import { openTunnel } from './proxies/tunnel.ts';

/** A proxy that failed is tried last for so long, as browsers do it. */
const SHUNNED_MS = 5 * MINUTE;

type Target = { host: string; port: number };
type Connected = (error: Error | null, stream: Duplex) => void;
export type WaysTo = (url: string) => Promise<readonly Way[]> | readonly Way[];

/**
 * Reaches HTTPS services by the first of several ways that opens: through proxies, or directly. Keeps connections and TLS
 * sessions as Node's own agent does, which the agents of the proxy libraries do not: they open the tunnels here.
 */
export class RoutedAgent extends Agent {
  readonly #waysTo: WaysTo;
  readonly #secureContext: SecureContext | undefined;
  readonly #shunnedUntil = new Map<string, number>();

  constructor(waysTo: WaysTo, options: AgentOptions) {
    super(options);
    this.#waysTo = waysTo;
    this.#secureContext = options.secureContext;
  }

  override createConnection(options: RequestOptions, connected?: Connected): undefined {
    const target = { host: options.host ?? '', port: Number(options.port ?? 443) };
    this.#open(target).then(
      (socket) => {
        connected?.(null, super.createConnection({ ...options, socket } as RequestOptions) as Duplex);
      },
      (error: unknown) => {
        (connected as ((error: Error) => void) | undefined)?.(error as Error);
      },
    );
  }

  async #open(target: Target): Promise<Socket> {
    const problems: Error[] = [];
    for (const way of this.#inOrder(await this.#waysTo(`https://${nameOf(target)}`))) {
      try {
        return await (way === null ? connectTo(target) : openTunnel(way, this.#tunnelTo(target)));
      } catch (error) {
        if (way) this.#shunnedUntil.set(nameOf(way), Date.now() + SHUNNED_MS);
        problems.push(error as Error);
      }
    }
    throw worst(problems);
  }

  #tunnelTo(target: Target): Parameters<typeof openTunnel>[1] {
    return { target, secureContext: this.#secureContext };
  }

  #inOrder(ways: readonly Way[]): Way[] {
    const now = Date.now();
    const isShunned = (way: Way): boolean => way !== null && (this.#shunnedUntil.get(nameOf(way)) ?? 0) > now;
    return [...ways.filter((way) => !isShunned(way)), ...ways.filter(isShunned)];
  }
}

/** A login can be given; for the rest, the proxies are what the user can look at. */
function worst(problems: readonly Error[]): Error {
  const proxies = problems.filter((problem) => problem instanceof ProxyProblem);
  return (
    proxies.find(({ login }) => login !== null) ??
    proxies[0] ??
    problems[0] ??
    new Error('the settings of proxies name no way at all')
  );
}

function connectTo(target: Target): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(target);
    socket.once('error', reject);
    socket.once('connect', () => {
      // The TLS layer on top of it listens from the next moment on.
      socket.off('error', reject).on('error', () => undefined);
      resolve(socket);
    });
  });
}
