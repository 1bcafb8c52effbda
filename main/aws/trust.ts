import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { UnusableCertificates } from './network-failure.ts';
import { systemCertificates } from './system-certificates.ts';

/**
 * The files of certificates (PEM) that the environment names to be trusted besides the usual ones: networks that look into TLS
 * have one of their own. `AWS_CA_BUNDLE` is the AWS CLI's; Node reads `NODE_EXTRA_CA_CERTS` by itself, but neither beside others
 * nor in packages of Firn, whose fuses keep Node's variables out.
 */
export function caFilesOf(environment: NodeJS.ProcessEnv): string[] {
  const { AWS_CA_BUNDLE = '', NODE_EXTRA_CA_CERTS = '' } = environment;
  return [AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS].filter((file) => file !== '');
}

/**
 * Trust in the certificates of Mozilla that Node brings, in those of the system, and in those of the files. Takes some
 * milliseconds and is made once for all connections.
 * @throws UnusableCertificates when a file is not what its name promises: nothing can be trusted then.
 */
export function trust(files: readonly string[]): tls.SecureContext {
  const own = files.flatMap(certificatesIn);
  return tls.createSecureContext({ ca: withoutTwins([...tls.rootCertificates, ...systemCertificates(), ...own]) });
}

/** Most of the system's certificates are Mozilla's again, with other line ends; parsing them is what takes the time. */
function withoutTwins(certificates: readonly string[]): string[] {
  return [...new Map(certificates.map((pem) => [pem.replace(/\s/g, ''), pem])).values()];
}

const certificate = /-----BEGIN (TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (TRUSTED )?CERTIFICATE-----/g;

function certificatesIn(file: string): string[] {
  const found = readText(file).match(certificate) ?? [];
  if (found.length === 0) throw new UnusableCertificates(`there are no certificates (PEM) in ${file}`);
  return found.map((pem, index) => {
    if (!isCertificate(pem)) throw new UnusableCertificates(`certificate ${index + 1} in ${file} cannot be read`);
    return pem;
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UnusableCertificates(`the certificates in ${file} cannot be read`);
  }
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
