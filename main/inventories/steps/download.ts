import type { InventoryPhase } from '../../../shared/inventory.ts';
import type { ByteRange } from '../../../shared/part-plan.ts';
import { MiB } from '../../../shared/units.ts';
import type { InventoryContext, Outcome } from './context.ts';
import type { Inventory } from '../ports.ts';

type Downloading = Extract<InventoryPhase, { kind: 'downloading' }>;

/** What a kill makes Firn fetch again at most. */
const RANGE_SIZE = 64 * MiB;

/** downloading, range after range, → reconciling. What was received is on disk before that is written down. */
export function download(inventory: Inventory, phase: Downloading, context: InventoryContext): Outcome {
  const isWhole = phase.size === null ? phase.received > 0 : phase.received === phase.size;
  return isWhole ? inspect(inventory, context) : fetchRange(inventory, phase, context);
}

async function fetchRange({ id, vault }: Inventory, phase: Downloading, context: InventoryContext): Outcome {
  const { inventories, outputs, live, clock, service, softSignal } = context;
  const { jobId, size, received } = phase;
  const file = await outputs.append(id, received);
  if (file === null) {
    inventories.apply(id, { kind: 'download-lost', at: clock.now() });
    return null;
  }
  let length = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    await file.write(bytes);
    length += bytes.length;
    live.set(id, received + length);
  };
  try {
    const range = rangeAfter(received, size);
    const output = await closing(file, () =>
      service.jobOutput({ vault, jobId, ...(range && { range }) }, { write, signal: softSignal }),
    );
    if (output.ok && length === 0) return { kind: 'answer-garbled', detail: 'the inventory is empty' };
    if (output.ok) inventories.apply(id, { kind: 'received', bytes: length, at: clock.now() });
    else if (output.failure.kind === 'not-found') inventories.apply(id, { kind: 'output-gone', at: clock.now() });
    else return output.failure;
    return null;
  } finally {
    live.delete(id);
  }
}

async function closing<T>(file: { close(): Promise<unknown> }, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } finally {
    await file.close();
  }
}

/** Null for all of it, when its length is not known. */
function rangeAfter(received: number, size: number | null): ByteRange | null {
  return size === null ? null : { first: received, last: Math.min(received + RANGE_SIZE, size) - 1 };
}

/** Glacier tells no tree hash of inventories: that it is whole shows by its length and in its structure. */
async function inspect(inventory: Inventory, context: InventoryContext): Outcome {
  const { inventories, outputs, clock, softSignal } = context;
  const { id, newestAt } = inventory;
  const head = await outputs.head(id, softSignal);
  const at = clock.now();
  if (!head?.ok) {
    inventories.apply(id, { kind: 'download-lost', at });
    return head && { kind: 'inventory-unreadable', detail: head.failure };
  }
  const { inventoryAt, archives } = head.value;
  inventories.apply(id, { kind: 'downloaded', inventoryAt, archives, at });
  if (newestAt === null || inventoryAt >= newestAt) return null;
  inventories.apply(id, { kind: 'outdated', at });
  await outputs.remove(id);
  return null;
}
