import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { KiB } from '../../shared/units.ts';

const BEGINNING = 64 * KiB;

/** The first line that is not empty, as far as it reaches; empty for a file without any. */
export async function beginning(file: string): Promise<string> {
  for await (const text of textOf(file, BEGINNING)) return text.trimStart().split('\n', 1)[0] ?? '';
  return '';
}

/**
 * The text of a file in pieces: UTF-8, or UTF-16 as Windows writes it, which its byte order mark tells; also when gzip
 * has compressed it, which its first bytes tell. Throws what the file system or the decompression throws.
 */
export async function* textOf(file: string, chunkSize: number): AsyncGenerator<string> {
  const handle = await open(file, 'r');
  try {
    let decoder: TextDecoder | null = null;
    for await (const bytes of (await isCompressed(handle))
      ? decompressed(handle, chunkSize)
      : chunks(handle, chunkSize)) {
      decoder ??= new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8');
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder?.decode() ?? '';
  } finally {
    await handle.close();
  }
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
