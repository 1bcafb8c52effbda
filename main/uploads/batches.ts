import type { Upload } from '../core/store-ports.ts';
import type { UploadStore } from '../store/uploads.ts';
import type { UploadEvent, UploadId } from '../../shared/upload.ts';

/** Many enough that commits cost little, few enough that nothing else has to wait for long. */
const BATCH = 100;

/**
 * Gives each upload the event that it shall take, in its state of that moment, or none. The first batch is committed when
 * the call returns; between two batches everything else gets its turn. `changed` hears of each batch after its commit.
 */
export async function applyInBatches(
  ids: readonly UploadId[],
  uploads: UploadStore,
  eventFor: (upload: Upload) => UploadEvent | null,
  changed: (ids: readonly UploadId[]) => void = () => undefined,
): Promise<void> {
  for (let at = 0; at < ids.length; at += BATCH) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    const events = ids.slice(at, at + BATCH).flatMap((id) => {
      const upload = uploads.get(id);
      const event = upload && eventFor(upload);
      return event ? [{ id, event }] : [];
    });
    uploads.applyAll(events);
    changed(events.map(({ id }) => id));
  }
}
