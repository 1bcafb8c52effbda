import { randomBytes } from 'node:crypto';
import type { TaskId } from '../../../shared/task.ts';

/** A new one: a UUID of version 7 (RFC 9562), `now` in milliseconds since 1970 and 74 random bits. */
export function newTaskId(now: number): TaskId {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Math.max(0, Math.floor(now)) % 2 ** 48, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return groups.join('-') as TaskId;
}
