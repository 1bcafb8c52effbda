import fs from 'node:fs';
import path from 'node:path';

/** Packs the files of a flat folder into an asar archive: four sizes, a table of contents in JSON, the contents. */
export function packAsar(/** @type {string} */ folder, /** @type {string} */ archive) {
  const contents = fs.readdirSync(folder).map((name) => ({ name, bytes: fs.readFileSync(path.join(folder, name)) }));
  /** @type {Record<string, { size: number, offset: string }>} */
  const files = {};
  let offset = 0;
  for (const { name, bytes } of contents) {
    files[name] = { size: bytes.length, offset: String(offset) };
    offset += bytes.length;
  }
  fs.writeFileSync(archive, Buffer.concat([header(JSON.stringify({ files })), ...contents.map(({ bytes }) => bytes)]));
}

/** Chromium's pickle format twice over: the size of the table's pickle, then the pickled string, padded to four bytes. */
function header(/** @type {string} */ table) {
  const text = Buffer.from(table);
  const padded = Math.ceil(text.length / 4) * 4;
  const bytes = Buffer.alloc(16 + padded);
  [4, 8 + padded, 4 + padded, text.length].forEach((size, index) => bytes.writeUInt32LE(size, index * 4));
  text.copy(bytes, 16);
  return bytes;
}
