import { type FileHandle, open } from 'node:fs/promises';
import { KiB } from '../../shared/units.ts';

const BEGINNING = 64 * KiB;

/** The first line that is not empty, as far as it reaches; empty for a file without any. */
export async function beginning(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    for await (const text of textOf(handle, BEGINNING)) return text.trimStart().split('\n', 1)[0] ?? '';
    return '';
  } finally {
    await handle.close();
  }
}

/** The text of a file in pieces: UTF-8, or UTF-16 as Windows writes it, which its byte order mark tells. */
export async function* textOf(handle: FileHandle, chunkSize: number): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  const buffer = Buffer.alloc(chunkSize);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, chunkSize);
    if (bytesRead === 0) break;
    decoder ??= new TextDecoder(buffer[0] === 0xff && buffer[1] === 0xfe ? 'utf-16le' : 'utf-8');
    yield decoder.decode(buffer.subarray(0, bytesRead), { stream: true });
  }
  yield decoder?.decode() ?? '';
}
