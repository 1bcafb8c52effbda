import { createHash } from 'node:crypto';
import type { Checksum } from '../../shared/checksum.ts';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { SendPartOptions, SentHashes } from '../aws/part-sender.ts';
import { garbled } from '../aws/garbled.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import type { SourceFile } from '../core/ports.ts';
import { base64Of, checksumIn } from './checksums.ts';
import type { Client } from './client.ts';
import type { S3Refusal } from './refusal.ts';
import { etagIn, versionIn } from './refs.ts';

/** Something has the name already: nothing was changed. */
export type NameTaken = { kind: 'taken' };

export type PutObject = {
  bucket: string;
  key: string;
  source: SourceFile;
  headers: Record<string, string>;
  mayReplace: boolean;
};

export type StoredObject = { etag: string; versionId: string | null; checksum: Checksum | null };

/** Only where nothing has the name. Services that do not know the condition pass it over. */
export function unlessTaken(mayReplace: boolean): Record<string, string> {
  return mayReplace ? {} : { 'if-none-match': '*' };
}

export function readTaken({ status }: S3Refusal): NameTaken | null {
  return status === 412 ? { kind: 'taken' } : null;
}

/** Stores a whole file in one request, with the SHA-256 that S3 has to find as well. */
export async function putObject(
  client: Client,
  { bucket, key, source, headers, mayReplace }: PutObject,
  options: SendPartOptions,
): Promise<Result<StoredObject & { checksum: Checksum }, Failure | NameTaken>> {
  const operation = {
    method: 'PUT',
    bucket,
    key,
    headers: { ...headers, ...unlessTaken(mayReplace) },
    action: 's3:PutObject',
    isRepeatable: false,
    ownOutcome: readTaken,
  } as const;
  const { size } = source.identity;
  const sent =
    size === 0
      ? await putNothing(client, operation, options.signal)
      : await client.sendPart(
          operation,
          { source, range: { first: 0, last: size - 1 }, withTree: false },
          checksumHeader,
          options,
        );
  if (!sent.ok) return sent;
  const checksum: Checksum = `sha256:${sent.value.hashes.linear}`;
  const stored = readStored(sent.value.response);
  return isConfirmed(client, stored.checksum, checksum) ? ok({ ...stored, checksum }) : unconfirmed;
}

export function checksumHeader({ linear }: Pick<SentHashes, 'linear'>): Record<string, string> {
  return { 'x-amz-checksum-sha256': base64Of(`sha256:${linear}`) };
}

/** Whether the service told the checksum that Firn computed, or is one that tells none. */
export function isConfirmed({ provider }: Client, told: Checksum | null, own: Checksum): boolean {
  return told === null ? !provider.confirmsChecksums : told === own;
}

export const unconfirmed = garbled('it does not confirm the checksum of the bytes that were sent');

/** A file without bytes is an object, too; there is nothing of it to be read. */
async function putNothing(
  client: Client,
  operation: Parameters<Client['call']>[0] & { ownOutcome: typeof readTaken },
  signal: AbortSignal,
): Promise<Result<{ response: HttpAnswer; hashes: { linear: string } }, Failure | NameTaken>> {
  const linear = createHash('sha256').digest('hex');
  const headers = { ...operation.headers, ...checksumHeader({ linear }) };
  const answer = await client.call<NameTaken>({ ...operation, headers, body: new Uint8Array() }, signal);
  return answer.ok ? ok({ response: answer.value, hashes: { linear } }) : fail(answer.failure);
}

function readStored({ headers }: HttpAnswer): StoredObject {
  return {
    etag: etagIn(headers['etag']),
    versionId: versionIn(headers['x-amz-version-id']),
    checksum: checksumIn(headers['x-amz-checksum-sha256']),
  };
}
