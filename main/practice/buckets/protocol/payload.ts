import { createHash } from 'node:crypto';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import { Refused } from './refused.ts';
import { type Refusal, refusals } from './refusals.ts';
import type { ChunkSigner } from './chunk-signer.ts';

/** What `x-amz-content-sha256` says of the body. */
export type Payload =
  | { kind: 'hashed'; sha256: string }
  | { kind: 'unsigned' }
  /** In chunks with, perhaps, signatures of their own and headers after them. */
  | { kind: 'chunked'; isSigned: boolean; hasTrailer: boolean };

export function readPayload(text: string | null): Result<Payload, Refusal> {
  if (text === null) return fail(refusals.payloadHeaderMissing());
  if (/^[0-9a-f]{64}$/.test(text)) return ok({ kind: 'hashed', sha256: text });
  switch (text) {
    case 'UNSIGNED-PAYLOAD':
      return ok({ kind: 'unsigned' });
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return ok({ kind: 'chunked', isSigned: false, hasTrailer: true });
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      return ok({ kind: 'chunked', isSigned: true, hasTrailer: false });
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      return ok({ kind: 'chunked', isSigned: true, hasTrailer: true });
    default:
      return fail(refusals.payloadHeader(text));
  }
}

/** A chunk's head, or a header after the chunks. */
const MAX_LINE = 1024;

export type Chunks = {
  /** Proves each chunk; null when they are not signed. */
  signer: ChunkSigner | null;
  /** Headers that come after the chunks are put here, names in lower case. */
  trailer: Map<string, string>;
};

/** The data of a body in the form `aws-chunked`. Throws `Refused`. */
export async function* dataOf(source: AsyncIterable<Buffer>, { signer, trailer }: Chunks): AsyncIterable<Buffer> {
  const reader = new ChunkReader(source);
  for (;;) {
    const [size = '', ...extensions] = (await reader.line()).split(';');
    if (!/^[0-9a-fA-F]{1,8}$/.test(size)) throw new Refused(refusals.incomplete());
    const signature = extensions.find((extension) => extension.startsWith('chunk-signature='))?.slice(16) ?? '';
    const hash = createHash('sha256');
    let left = parseInt(size, 16);
    const isLast = left === 0;
    while (left > 0) {
      const piece = await reader.bytes(left);
      left -= piece.length;
      if (signer) hash.update(piece);
      yield piece;
    }
    if (signer && !signer.proves(hash.digest('hex'), signature)) throw new Refused(signer.refusal());
    if (isLast) break;
    if ((await reader.line()) !== '') throw new Refused(refusals.incomplete());
  }
  await readTrailer(reader, signer, trailer);
}

async function readTrailer(
  reader: ChunkReader,
  signer: ChunkSigner | null,
  trailer: Map<string, string>,
): Promise<void> {
  const signed: string[] = [];
  let signature: string | null = null;
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    if (name === 'x-amz-trailer-signature') signature = value;
    else {
      trailer.set(name, value);
      signed.push(`${name}:${value}\n`);
    }
  }
  if (signer && signed.length > 0 && !signer.provesTrailer(signed.join(''), signature ?? '')) {
    throw new Refused(signer.refusal());
  }
}

/** Lines and bytes of a stream, of which no more is held than a piece of it. */
class ChunkReader {
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  /** Without its end. The end of the stream is an empty line. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + 2);
        return line;
      }
      if (this.#rest.length > MAX_LINE) throw new Refused(refusals.incomplete());
      if (await this.#more()) continue;
      if (this.#rest.length > 0) throw new Refused(refusals.incomplete());
      return '';
    }
  }

  /** Some bytes, at most so many. */
  async bytes(most: number): Promise<Buffer> {
    while (this.#rest.length === 0) if (!(await this.#more())) throw new Refused(refusals.incomplete());
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }

  async #more(): Promise<boolean> {
    const next = await this.#pieces.next();
    if (next.done) return false;
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    return true;
  }
}
