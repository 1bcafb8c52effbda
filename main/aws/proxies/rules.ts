import { type Way, parseProxy } from './proxy.ts';

/**
 * The ways in the answer of a system's proxy settings, as browsers and PAC files write it: `PROXY host:port; HTTPS host:port;
 * DIRECT`, to be tried in this order. Empty rules mean a direct connection.
 */
export function waysOfRules(rules: string): Way[] {
  const ways = rules
    .split(';')
    .map((rule) => rule.trim())
    .filter((rule) => rule !== '')
    .map(wayOfRule);
  return ways.length === 0 ? [null] : ways;
}

function wayOfRule(rule: string): Way {
  const [kind = '', address = ''] = rule.split(/\s+/);
  const name = kind.toUpperCase();
  if (name === 'DIRECT' || address === '') return null;
  return parseProxy(`${schemes[name] ?? kind.toLowerCase()}://${address}`);
}

/** Browsers let a SOCKS5 proxy look names up; version 4 cannot. */
const schemes: Readonly<Record<string, string>> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS: 'socks4',
  SOCKS4: 'socks4',
  SOCKS5: 'socks5h',
};
