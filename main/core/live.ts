import type { LiveProgress, UploadId } from '../../shared/upload.ts';
import { RateMeter } from './rate-meter.ts';
import type { Upload } from './store-ports.ts';

type LiveUpload = { meter: RateMeter; inFlight: Map<number, number>; sentSinceTick: number };

/** What is on the wire. Only in memory: after a crash nothing of it is true. */
export class Live {
  readonly #uploads = new Map<UploadId, LiveUpload>();
  #total = new RateMeter();

  begin(id: UploadId): void {
    if (!this.#uploads.has(id))
      this.#uploads.set(id, { meter: new RateMeter(), inFlight: new Map(), sentSinceTick: 0 });
  }

  sent(id: UploadId, first: number, bytes: number): void {
    const upload = this.#uploads.get(id);
    if (!upload) return;
    upload.inFlight.set(first, (upload.inFlight.get(first) ?? 0) + bytes);
    upload.sentSinceTick += bytes;
  }

  partEnded(id: UploadId, first: number): void {
    this.#uploads.get(id)?.inFlight.delete(first);
  }

  end(id: UploadId): void {
    this.#uploads.delete(id);
    if (this.#uploads.size === 0) this.#total = new RateMeter();
  }

  /** One look at everything that runs; to be called a few times a second. */
  tick(now: number, get: (id: UploadId) => Upload | null): { uploads: LiveProgress[]; rate: number | null } {
    let sentBytes = 0;
    for (const upload of this.#uploads.values()) {
      sentBytes += upload.sentSinceTick;
      upload.meter.tick(upload.sentSinceTick, now);
      upload.sentSinceTick = 0;
    }
    this.#total.tick(sentBytes, now);
    const uploads = [...this.#uploads.keys()].map((id) => this.#progress(id, get(id))).filter((live) => live !== null);
    return { uploads, rate: this.#total.rate() };
  }

  #progress(id: UploadId, upload: Upload | null): LiveProgress | null {
    const live = this.#uploads.get(id);
    if (!live || !upload) return null;
    const onWire = [...live.inFlight.values()].reduce((sum, bytes) => sum + bytes, 0);
    const sentBytes = Math.min(upload.size, upload.uploadedBytes + onWire);
    return { id, sentBytes, rate: live.meter.rate(), remainingMs: live.meter.remainingMs(upload.size - sentBytes) };
  }
}
