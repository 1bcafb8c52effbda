import { isLoopback } from './loopback.ts';

/** The proxy for a URL; null for a direct connection. */
export type ProxyFor = (url: string) => Promise<string | null> | string | null;

export function isUsableProxy(proxyUrl: string): boolean {
  return URL.canParse(proxyUrl) && /^https?:$/.test(new URL(proxyUrl).protocol);
}

export function unusableProxy(proxyUrl: string): string {
  return `the proxy ${proxyUrl} is of a kind that Firn cannot use`;
}

/**
 * The proxy that the environment names for a URL, as curl reads it: `https_proxy` or `all_proxy` in either case, unless
 * `no_proxy` covers the host. Null for a direct connection. Nothing on this computer is ever reached through a proxy.
 */
export function proxyFromEnvironment(url: string, environment: NodeJS.ProcessEnv = process.env): string | null {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== 'https:' || isLoopback(hostname)) return null;
  const value = (name: string): string => environment[name] ?? environment[name.toUpperCase()] ?? '';
  const proxy = value('https_proxy') || value('all_proxy');
  if (proxy === '' || isExcepted(hostname, port || '443', value('no_proxy'))) return null;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** Hosts separated by commas or blanks, each with all that is below it; `*` for all. */
function isExcepted(hostname: string, port: string, exceptions: string): boolean {
  return exceptions.split(/[\s,]+/).some((exception) => {
    const [, host = '', onlyPort = ''] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(exception.toLowerCase()) ?? [];
    if (exception === '*') return true;
    if (host === '' || (onlyPort !== '' && onlyPort !== port)) return false;
    return hostname === host || hostname.endsWith(`.${host}`);
  });
}

/**
 * The proxy in the answer of a system's proxy settings, as browsers write it: `PROXY host:port; HTTPS host:port; DIRECT`.
 * Takes the first; null for a direct connection.
 */
export function proxyFromRules(rules: string): string | null {
  const [kind = 'DIRECT', address = ''] = (rules.split(';')[0] ?? '').trim().split(/\s+/);
  if (kind.toUpperCase() === 'DIRECT' || address === '') return null;
  return `${schemes[kind.toUpperCase()] ?? kind.toLowerCase()}://${address}`;
}

const schemes: Readonly<Record<string, string>> = { PROXY: 'http', HTTPS: 'https', SOCKS: 'socks4', SOCKS5: 'socks5' };
