import { type Result, fail, ok } from '../../../../shared/result.ts';
import { type ChecksumAlgorithm, checksumAlgorithms, elementOf } from '../checksums/algorithms.ts';
import { type XmlElement, textOf } from '../xml/read.ts';
import type { Call } from './call.ts';
import { type Refusal, refusals } from './refusals.ts';
import { readDocument } from './xml-body.ts';

/** A part as a completion names it. `etag` without quotes. */
export type NamedPart = { number: number; etag: string; checksums: ReadonlyMap<ChecksumAlgorithm, string> };

/** The parts of a completion's body, at least one and in ascending order. */
export function readPartList(call: Call, uploadId: string): Result<NamedPart[], Refusal> {
  const root = readDocument(call, 'CompleteMultipartUpload');
  if (!root.ok) return root;
  const parts: NamedPart[] = [];
  for (const child of root.value.children) {
    const part = child.name === 'Part' ? readPart(child) : null;
    if (!part) return fail(refusals.malformedXml());
    parts.push(part);
  }
  if (parts.length === 0) return fail(refusals.noParts());
  const isAscending = parts.every(({ number }, index) => number > (parts[index - 1]?.number ?? 0));
  return isAscending ? ok(parts) : fail(refusals.partOrder(uploadId));
}

function readPart(element: XmlElement): NamedPart | null {
  const number = textOf(element, 'PartNumber') ?? '';
  const etag = textOf(element, 'ETag');
  if (!/^\d{1,5}$/.test(number) || etag === null) return null;
  const checksums = checksumAlgorithms.flatMap((algorithm) => {
    const text = textOf(element, elementOf(algorithm));
    return text === null ? [] : [[algorithm, text] as const];
  });
  return { number: Number(number), etag: etag.replace(/^"(.*)"$/, '$1'), checksums: new Map(checksums) };
}
