import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { KiB, MiB } from '../../shared/units.ts';
import { type Fallback, LineSplitter } from './lines.ts';
import type { Line } from './entry.ts';

const CHUNK = 1 * MiB;
const BEGINNING = 64 * KiB;

/** The first kilobytes of a file, as text, from the first character on that is no blank. */
export async function beginning(file: string): Promise<string> {
  for await (const bytes of bytesOf(file, BEGINNING)) {
    const text = bytes.toString('utf8').trimStart();
    if (text !== '') return text;
  }
  return '';
}

/** The lines of a file, in pieces. `onFallback` hears of each line that is no UTF-8. */
export async function* linesOf(
  file: string,
  fallback: Fallback,
  onFallback: () => void = () => undefined,
): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter(fallback, onFallback);
  for await (const bytes of bytesOf(file, CHUNK)) yield splitter.push(bytes);
  yield splitter.end();
}

/**
 * The bytes of a text file in pieces, without a byte order mark. Text in UTF-16, as Windows writes it, comes as UTF-8; what
 * gzip has compressed, which its first bytes tell, as it was. Throws what the file system or the decompression throws.
 */
export async function* bytesOf(file: string, chunkSize = CHUNK): AsyncGenerator<Buffer> {
  const handle = await open(file, 'r');
  try {
    let decode: Decode | null = null;
    for await (const bytes of (await isCompressed(handle))
      ? decompressed(handle, chunkSize)
      : chunks(handle, chunkSize)) {
      decode ??= decoderFor(bytes);
      yield decode(bytes);
    }
  } finally {
    await handle.close();
  }
}

type Decode = (bytes: Buffer) => Buffer;

/** By the byte order mark, or by the zero that half of a Latin letter is in UTF-16. */
function decoderFor([first = 0, second = 0, third = 0]: Uint8Array): Decode {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return transcoding('utf-16le');
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return transcoding('utf-16be');
  const hasMark = first === 0xef && second === 0xbb && third === 0xbf;
  return hasMark ? withoutFirst(3) : (bytes) => bytes;
}

/** The decoder takes the byte order mark off. */
function transcoding(encoding: 'utf-16le' | 'utf-16be'): Decode {
  const decoder = new TextDecoder(encoding);
  return (bytes) => Buffer.from(decoder.decode(bytes, { stream: true }), 'utf8');
}

function withoutFirst(length: number): Decode {
  let left = length;
  return (bytes) => {
    const rest = bytes.subarray(left);
    left = 0;
    return rest;
  };
}

async function isCompressed(handle: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

async function* chunks(handle: FileHandle, chunkSize: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.alloc(chunkSize);
  for (let position = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, chunkSize, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function decompressed(handle: FileHandle, chunkSize: number): AsyncIterable<Buffer> {
  const source = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: chunkSize });
  // What goes wrong reaches whoever reads.
  return pipeline(source, createGunzip(), () => undefined);
}
