// Draws assets/icon.svg in all the forms that operating systems want. Run by hand after a change (`node tools/icons.mjs`,
// needs rsvg-convert); what it makes is kept in the repository.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { inRoot } from './set-up/project.mjs';

const svg = inRoot('assets', 'icon.svg');

/** Side in pixels, and the four letters by which macOS knows such a picture: for ordinary screens, then for dense ones. */
const appleTypes = /** @type {const} */ ([
  [16, 'icp4'],
  [32, 'icp5'],
  [128, 'ic07'],
  [256, 'ic08'],
  [512, 'ic09'],
  [32, 'ic11'],
  [64, 'ic12'],
  [256, 'ic13'],
  [512, 'ic14'],
  [1024, 'ic10'],
]);
const windowsSizes = [16, 24, 32, 48, 64, 256];
const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

const png = (/** @type {number} */ side) =>
  execFileSync('rsvg-convert', ['--width', String(side), '--height', String(side), svg], { maxBuffer: 16 * 2 ** 20 });

/** An icon directory: a header, an entry of 16 bytes for each picture, the pictures as PNG. */
function ico(/** @type {number[]} */ sides) {
  const pictures = sides.map((side) => ({ side, bytes: png(side) }));
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  pictures.forEach(({ side, bytes }, index) => {
    const entry = 6 + 16 * index;
    head.writeUInt8(side % 256, entry);
    head.writeUInt8(side % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(bytes.length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += bytes.length;
  });
  return Buffer.concat([head, ...pictures.map(({ bytes }) => bytes)]);
}

/** Chunks of four letters, a length that counts the chunk's own head, and a PNG; all inside one such chunk. */
function icns(/** @type {readonly (readonly [number, string])[]} */ types) {
  const chunk = (/** @type {string} */ type, /** @type {Buffer} */ bytes) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(8 + bytes.length, 4);
    return Buffer.concat([head, bytes]);
  };
  return chunk('icns', Buffer.concat(types.map(([side, type]) => chunk(type, png(side)))));
}

fs.mkdirSync(inRoot('assets', 'icons'), { recursive: true });
for (const side of linuxSizes) fs.writeFileSync(inRoot('assets', 'icons', `${side}x${side}.png`), png(side));
fs.writeFileSync(inRoot('assets', 'icon.ico'), ico(windowsSizes));
fs.writeFileSync(inRoot('assets', 'icon.icns'), icns(appleTypes));
