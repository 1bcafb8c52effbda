import type { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Which connections lead nowhere any more. Plain data: it goes to worker threads. */
export type DeadConnections =
  | { kind: 'all' }
  /** `addresses`: those that this computer has now. */
  | { kind: 'from-elsewhere'; addresses: string[] };

export function isDead({ localAddress }: Socket, dead: DeadConnections): boolean {
  if (dead.kind === 'all') return true;
  return localAddress !== undefined && !dead.addresses.includes(withoutZone(localAddress));
}

/** The addresses of this computer's interfaces. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((known) =>
    (known ?? []).map(({ address }) => withoutZone(address)),
  );
}

/** Without the interface's name, and an IPv4 address without the dress of an IPv6 one. */
function withoutZone(address: string): string {
  return address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/, '');
}
