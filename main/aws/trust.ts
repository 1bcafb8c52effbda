import { readFileSync } from 'node:fs';
import { type SecureContext, createSecureContext, rootCertificates } from 'node:tls';
import { type Result, fail, ok } from '../../shared/result.ts';

/**
 * Files of certificates (PEM) to trust besides the usual ones. Networks that look into TLS need theirs named in
 * `AWS_CA_BUNDLE`, as for the AWS CLI. Node reads `NODE_EXTRA_CA_CERTS` by itself, but not beside others.
 */
export function caFilesOf(environment: NodeJS.ProcessEnv): string[] {
  const { AWS_CA_BUNDLE = '', NODE_EXTRA_CA_CERTS = '' } = environment;
  return AWS_CA_BUNDLE === '' ? [] : [AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS].filter((file) => file !== '');
}

/**
 * Trust in the usual certificates and in those of the files; `offline` when a file holds none, since nothing can be trusted
 * then. Made once for all connections: parsing the certificates takes longer than everything else in opening one.
 */
export function trust(files: readonly string[]): Result<SecureContext> {
  const certificates = [...rootCertificates];
  for (const file of files) {
    const text = textOf(file);
    if (!text.includes('-----BEGIN ')) {
      return fail({ kind: 'offline', detail: `there are no certificates to be read in ${file}, see AWS_CA_BUNDLE` });
    }
    certificates.push(text);
  }
  return ok(createSecureContext({ ca: certificates }));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
