import type { SourceFile } from '../../../main/core/ports.ts';
import type { PlaceAdmin } from '../../../main/places/ports/place-admin.ts';
import type { PlacePorts } from '../../../main/places/ports/place-ports.ts';
import type { Stored, UploadRequest } from '../../../main/places/ports/upload-target.ts';
import type { Checksum } from '../../../shared/checksum.ts';
import { MiB } from '../../../shared/units.ts';
import { leaves } from '../practice-data.ts';
import { valueOf } from '../value-of.ts';

/** A place that is there and empty, at a service whose clock stands until it is moved. */
export type PlaceScene = {
  ports: PlacePorts;
  admin: PlaceAdmin;
  /** Its name for `admin`, and one that does not exist. */
  name: string;
  otherName: string;
  file(name: string, bytes: Uint8Array): Promise<SourceFile>;
  pass(ms: number): void;
};
export type OpenPlace = () => Promise<PlaceScene>;

export const never = new AbortController().signal;
export const quiet = { signal: never, onSent: () => undefined };

/** Of the smallest part size that the place takes: two whole parts and some. */
export function requestIn({ ports }: PlaceScene, below = 'a.raw'): UploadRequest & { bytes: Buffer } {
  const [partSize = MiB] = ports.target.rules.partSizes;
  const name = ports.names.encode({ path: `/photos/${below}`, below, modifiedAt: 1_700_000_000_000 });
  const size = 2 * partSize + 1000;
  return { name, size, partSize, storageClass: null, bytes: leaves(size) };
}

/** Whether a list tells of a file what was noted of it; not every list tells the time. */
export function isNamed({ ports: { names } }: PlaceScene, told: string, noted: string): boolean {
  const [is, was] = [names.decode(told), names.decode(noted)];
  return is?.path === was?.path && (is?.modifiedAt ?? null) === (is?.modifiedAt === null ? null : was?.modifiedAt);
}

/** Uploads it in parts; what is left to do is to finish. */
export async function sendAll(scene: PlaceScene, { bytes, ...request }: ReturnType<typeof requestIn>) {
  const { target, checksums } = scene.ports;
  const source = await scene.file('source', bytes);
  const upload = valueOf(await target.begin(request, never));
  const pieces = [];
  for (let first = 0; first < request.size; first += request.partSize) {
    const range = { first, last: Math.min(first + request.partSize, request.size) - 1 };
    pieces.push(valueOf(await target.sendPart({ upload, request, source, range }, quiet)));
  }
  return { upload, request, pieces, checksum: checksums.combine(pieces) };
}

export async function store(
  scene: PlaceScene,
  below?: string,
): Promise<Stored & { bytes: Buffer; checksum: Checksum }> {
  const wanted = requestIn(scene, below);
  const whole = await sendAll(scene, wanted);
  const stored = valueOf(await scene.ports.target.finish(whole, never));
  return { ...stored, bytes: wanted.bytes, checksum: whole.checksum };
}
