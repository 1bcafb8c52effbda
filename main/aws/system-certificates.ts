import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';

/** Where distributions of Linux keep all trusted certificates in one file, as Go and curl look for them. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * The certificates (PEM) that this computer's administrator trusts. Linux has them in a file, which `SSL_CERT_FILE` names as for
 * OpenSSL; the stores of Windows and macOS are read by Node, from version 22.15 on. None where there is no such store.
 */
export function systemCertificates(environment: NodeJS.ProcessEnv = process.env): string[] {
  if (process.platform !== 'linux') return getCACertificates?.('system') ?? [];
  const { SSL_CERT_FILE = '' } = environment;
  for (const file of SSL_CERT_FILE === '' ? BUNDLES : [SSL_CERT_FILE]) {
    const found = readText(file).match(certificate);
    if (found) return found;
  }
  return [];
}

const { getCACertificates } = tls as { getCACertificates?: (type: 'system') => string[] };

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
