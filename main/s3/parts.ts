import type { Piece } from '../../shared/checksum.ts';
import { type ByteRange } from '../../shared/part-plan.ts';
import { type Result, ok } from '../../shared/result.ts';
import type { SendPartOptions } from '../aws/part-sender.ts';
import { garbled } from '../aws/garbled.ts';
import { listAll } from '../aws/list-all.ts';
import type { SourceFile } from '../core/ports.ts';
import { checksumIn } from './checksums.ts';
import type { Client } from './client.ts';
import { checksumHeader, isConfirmed, unconfirmed } from './put.ts';
import { etagIn } from './refs.ts';
import { type Session, type SessionFailure, aboutSession } from './session.ts';
import { type XmlElement, countOf, elementsOf, isTrueIn, neededText, optionalText, readXml } from './xml.ts';

export type PartOfUpload = Session & { source: SourceFile; range: ByteRange; partSize: number };

/** Sends a part with the SHA-256 that S3 has to find as well. Sent again, it takes the place of the first. */
export async function uploadPart(
  client: Client,
  { source, range, partSize, ...session }: PartOfUpload,
  options: SendPartOptions,
): Promise<Result<Piece, SessionFailure>> {
  const partNumber = String(range.first / partSize + 1);
  const operation = { ...aboutSession('PUT', session, { partNumber }), action: 's3:PutObject', isRepeatable: false };
  const sent = await client.sendPart(operation, { source, range, withTree: false }, checksumHeader, options);
  if (!sent.ok) return sent;
  const { headers } = sent.value.response;
  const piece: Piece = { ...range, checksum: `sha256:${sent.value.hashes.linear}`, receipt: etagIn(headers['etag']) };
  if (piece.receipt === '') return garbled('it lacks the tag of the part');
  return isConfirmed(client, checksumIn(headers['x-amz-checksum-sha256']), piece.checksum) ? ok(piece) : unconfirmed;
}

/** `checksum`: null where the service has computed none. */
export type RemotePart = Omit<Piece, 'checksum'> & { checksum: Piece['checksum'] | null };

/** All parts that the service has, by their numbers. */
export function listParts(
  client: Client,
  { partSize, ...session }: Session & { partSize: number },
  signal: AbortSignal,
): Promise<Result<RemotePart[], SessionFailure>> {
  return listAll(async (marker: string | null) => {
    const query = { 'max-parts': '1000', ...(marker !== null && { 'part-number-marker': marker }) };
    const operation = {
      ...aboutSession('GET', session, query),
      action: 's3:ListMultipartUploadParts',
      isRepeatable: true,
    };
    const answer = await client.call(operation, signal);
    return answer.ok ? readXml(answer.value.body, 'ListPartsResult', (root) => readPage(root, partSize)) : answer;
  });
}

function readPage(root: XmlElement, partSize: number) {
  const isMore = isTrueIn(root, 'IsTruncated');
  const readPart = (part: XmlElement): RemotePart => {
    const first = (countOf(part, 'PartNumber') - 1) * partSize;
    return {
      first,
      last: first + countOf(part, 'Size') - 1,
      checksum: checksumIn(optionalText(part, 'ChecksumSHA256')),
      receipt: etagIn(neededText(part, 'ETag')),
    };
  };
  return {
    items: elementsOf(root, 'Part').map(readPart),
    next: isMore ? neededText(root, 'NextPartNumberMarker') : null,
  };
}
