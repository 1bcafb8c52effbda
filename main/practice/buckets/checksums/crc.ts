import { crc32 } from 'node:zlib';

/** A checksum that grows with the bytes. */
export type Running = { update(bytes: Uint8Array): unknown; digest(): Buffer };

/** A cyclic redundancy check whose bits are reflected, with all ones at its beginning and its end. */
export type Crc = {
  /** Of the checksum, in bits. */
  width: 32 | 64;
  /** Reflected: the lowest bit belongs to the highest power. */
  polynomial: bigint;
  start(): Running;
};

/** ISO-HDLC, as in Ethernet and zip. */
export const CRC32: Crc = {
  width: 32,
  polynomial: 0xedb8_8320n,
  start() {
    let crc = 0;
    return {
      update(bytes) {
        crc = crc32(bytes, crc);
      },
      digest: () => fourBytes(crc),
    };
  },
};

/** Castagnoli's, as in iSCSI. */
export const CRC32C: Crc = {
  width: 32,
  polynomial: 0x82f6_3b78n,
  start() {
    const { low } = tableOf(CRC32C);
    let crc = 0xffff_ffff;
    return {
      update(bytes) {
        // A loop over numbers: this is where the time goes.
        for (let at = 0; at < bytes.length; at += 1) crc = (low[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
      },
      digest: () => fourBytes(~crc >>> 0),
    };
  },
};

/** NVMe's, which S3 computes of whatever comes without a checksum of its own. */
export const CRC64NVME: Crc = {
  width: 64,
  polynomial: 0x9a6c_9329_ac4b_c9b5n,
  start() {
    const { low, high } = tableOf(CRC64NVME);
    // Two halves, since numbers of 64 bits would be slow.
    let upper = 0xffff_ffff;
    let lower = 0xffff_ffff;
    return {
      update(bytes) {
        for (let at = 0; at < bytes.length; at += 1) {
          const index = (lower ^ (bytes[at] ?? 0)) & 0xff;
          lower = ((lower >>> 8) | (upper << 24)) ^ (low[index] ?? 0);
          upper = (upper >>> 8) ^ (high[index] ?? 0);
        }
      },
      digest: () => Buffer.concat([fourBytes(~upper >>> 0), fourBytes(~lower >>> 0)]),
    };
  },
};

/** The checksum of bytes that consist of two pieces, of the pieces' own checksums and the length of the second. */
export function joinCrcs(crc: Crc, first: Buffer, second: Buffer, secondLength: number): Buffer {
  // Appending zeros multiplies by powers of x; what the second piece adds is its own remainder.
  const shifted = multiply(crc, powerOfX(crc, BigInt(secondLength) * 8n), toNumber(first));
  return toBytes(crc, shifted ^ toNumber(second));
}

/** x to the power of `exponent`, modulo the polynomial. */
function powerOfX(crc: Crc, exponent: bigint): bigint {
  const one = 1n << BigInt(crc.width - 1);
  let power = one;
  let square = one >> 1n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) power = multiply(crc, power, square);
    square = multiply(crc, square, square);
  }
  return power;
}

function multiply({ width, polynomial }: Crc, a: bigint, b: bigint): bigint {
  let product = 0n;
  let factor = b;
  for (let bit = 1n << BigInt(width - 1); bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
  }
  return product;
}

type Table = { low: Uint32Array; high: Uint32Array };
const tables = new Map<Crc, Table>();

/** What each byte comes to, in halves; the upper one is empty for a checksum of 32 bits. */
function tableOf(crc: Crc): Table {
  const known = tables.get(crc);
  if (known) return known;
  const table: Table = { low: new Uint32Array(256), high: new Uint32Array(256) };
  for (let byte = 0; byte < 256; byte += 1) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ crc.polynomial : value >> 1n;
    table.low[byte] = Number(value & 0xffff_ffffn);
    table.high[byte] = Number(value >> 32n);
  }
  tables.set(crc, table);
  return table;
}

function fourBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function toBytes({ width }: Crc, value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(width / 4, '0'), 'hex');
}
