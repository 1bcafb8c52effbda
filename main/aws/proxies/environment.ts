import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../loopback.ts';
import { type Way, parseProxy } from './proxy.ts';

/**
 * The way that the environment names for a URL, as curl reads it: `https_proxy` or `all_proxy` in either case, unless
 * `no_proxy` covers the host. Undefined when it says nothing. Nothing on this computer is ever reached through a proxy.
 *
 * Not proxy-from-env: it cannot tell "no proxy for this host" from "no proxy named", takes `no_proxy=amazonaws.com` for that
 * one host, where curl and the AWS CLI take all below it, and takes an address without a scheme for an HTTPS proxy.
 */
export function wayOfEnvironment(url: string, environment: NodeJS.ProcessEnv = process.env): Way | undefined {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== 'https:' || isLoopback(hostname)) return null;
  const value = (name: string): string => environment[name] ?? environment[name.toUpperCase()] ?? '';
  if (isExcepted(hostname, port || '443', value('no_proxy'))) return null;
  const proxy = value('https_proxy') || value('all_proxy');
  return proxy === '' ? undefined : parseProxy(proxy);
}

/** Hosts separated by commas or blanks, each with all that is below it; `10.0.0.0/8` for addresses; `*` for all. */
function isExcepted(hostname: string, port: string, exceptions: string): boolean {
  return exceptions.split(/[\s,]+/).some((exception) => {
    if (exception.includes('/')) return isWithin(hostname, exception);
    const [, host = '', onlyPort = ''] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(exception.toLowerCase()) ?? [];
    if (exception === '*') return true;
    if (host === '' || (onlyPort !== '' && onlyPort !== port)) return false;
    return hostname === host || hostname.endsWith(`.${host}`);
  });
}

/** Whether the host is an address of this range (CIDR). A name is never looked up for that, as curl does not. */
function isWithin(hostname: string, range: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  const [network = '', bits = ''] = range.replaceAll(/[[\]]/g, '').split('/');
  const version = isIP(network);
  const isRange = version !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
  if (!isRange || isIP(address) !== version) return false;
  const type = version === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(network, Number(bits), type);
  return block.check(address, type);
}
