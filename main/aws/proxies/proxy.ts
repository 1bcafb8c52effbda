import { keepSecret } from '../../../shared/redact.ts';

/** What Firn can speak with a proxy; anything else is told when it is needed. */
const usable = ['http', 'https', 'socks', 'socks4', 'socks4a', 'socks5', 'socks5h'] as const;
export type ProxyScheme = (typeof usable)[number];

/** A proxy as settings name it. Plain data: it goes to worker threads. */
export type Proxy = {
  /** Lower case, without the colon. */
  scheme: string;
  /** Without brackets; empty when the address cannot be read. */
  host: string;
  port: number;
  login: ProxyLogin | null;
};

export type ProxyLogin = { username: string; password: string };

/** The way to a host: through a proxy, or null for directly. */
export type Way = Proxy | null;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };
const SOCKS_PORT = 1080;

/**
 * Reads `scheme://user:password@host:port`; without a scheme it is `http`, as curl has it. The password is all up to the last
 * `@`, so that it may have a literal `#`, `/` or `@`; a `%` that begins no percent-encoding stands for itself.
 */
export function parseProxy(text: string): Proxy {
  const pattern = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:(.*)@)?(\[[0-9a-f:.%]+\]|[^\s/@:?#[\]]+)(?::(\d{1,5}))?\/?$/is;
  const [, scheme = 'http', userInfo, host = '', port] = pattern.exec(text.trim()) ?? [];
  const lower = scheme.toLowerCase();
  return {
    scheme: lower,
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? (DEFAULT_PORTS[lower] ?? SOCKS_PORT) : Number(port),
    login: userInfo === undefined || userInfo === '' ? null : loginOf(userInfo),
  };
}

/** Host and port, which is all of a proxy that is ever told. */
export function nameOf({ host, port }: Pick<Proxy, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export function isUsable(proxy: Proxy): proxy is Proxy & { scheme: ProxyScheme } {
  return proxy.host !== '' && (usable as readonly string[]).includes(proxy.scheme);
}

function loginOf(userInfo: string): ProxyLogin {
  const colon = userInfo.indexOf(':');
  const [username, password] = colon < 0 ? [userInfo, ''] : [userInfo.slice(0, colon), userInfo.slice(colon + 1)];
  keepSecret(password);
  return hideLogin({ username: decoded(username), password: decoded(password) });
}

/** Keeps the login out of all text that this thread makes. */
export function hideLogin(login: ProxyLogin): ProxyLogin {
  keepSecret(login.password);
  keepSecret(basicOf(login));
  return login;
}

/** What stands in `Proxy-Authorization` after `Basic`. */
export function basicOf({ username, password }: ProxyLogin): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
