import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { testCertificate } from '../../support/certificate.ts';
import { Measured } from '../measured.ts';

const source = new URL('upload-sink.c', import.meta.url);
const kept = fileURLToPath(new URL('../../../.local/bench/', import.meta.url));

/** PEM files of the certificate that the sink shows over TLS. */
export function certificateFiles(): { cert: string; key: string } {
  mkdirSync(kept, { recursive: true });
  const files = { cert: `${kept}cert.pem`, key: `${kept}key.pem` };
  writeFileSync(files.cert, testCertificate.cert);
  writeFileSync(files.key, testCertificate.key);
  return files;
}

/** Starts the sink, compiling it first when that was not done yet. */
export function startUploadSink(tls: boolean): Measured {
  const { cert, key } = certificateFiles();
  return new Measured(tls ? [cert, key] : [], {}, compiledSink());
}

function compiledSink(): string {
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const program = `${kept}upload-sink-${hash}`;
  if (existsSync(program)) return program;
  mkdirSync(kept, { recursive: true });
  execFileSync('cc', ['-O2', '-o', `${program}.new`, fileURLToPath(source), '-lssl', '-lcrypto', '-lpthread']);
  renameSync(`${program}.new`, program);
  return program;
}
