import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorText } from '../../shared/error-text.ts';
import { fail, ok } from '../../shared/result.ts';
import { KiB } from '../../shared/units.ts';
import type { InventoryOutputs } from './ports.ts';
import { GarbledOutput } from '../glacier/garbled-output.ts';
import { PRIVATE_FILE, makePrivateFolder } from '../files/private.ts';
import { inventoryEntry, inventoryHead } from '../glacier/inventory-entries.ts';
import { ListSplitter } from '../glacier/inventory-json.ts';
import { errorCode } from '../store/database.ts';

/** Some hundred archives: short enough to be cut into pieces without holding anything up. */
const CHUNK = 64 * KiB;

/** Keeps the outputs of inventory jobs in a folder while they are needed. */
export function inventoryOutputs(folder: string): InventoryOutputs {
  const fileOf = (name: string): string => join(folder, `${name}.json`);
  return {
    async append(name, after) {
      makePrivateFolder(folder);
      const handle = await open(fileOf(name), after === 0 ? 'w' : 'r+', PRIVATE_FILE).catch(orMissing);
      if (handle === null) return null;
      const { size } = await handle.stat();
      if (size < after) {
        await handle.close();
        return null;
      }
      await handle.truncate(after);
      let at = after;
      return {
        async write(bytes) {
          for (let from = 0; from < bytes.length;) {
            const { bytesWritten } = await handle.write(bytes, from, bytes.length - from, at);
            from += bytesWritten;
            at += bytesWritten;
          }
        },
        async close() {
          try {
            await handle.datasync();
          } finally {
            await handle.close();
          }
        },
      };
    },

    async head(name, signal) {
      let archives = 0;
      const splitter = new ListSplitter(() => {
        archives += 1;
      });
      try {
        for await (const chunk of chunksOf(fileOf(name), signal)) splitter.push(chunk);
        const head = inventoryHead(splitter.end());
        return head.ok ? ok({ ...head.value, archives }) : head;
      } catch (error) {
        if (error instanceof GarbledOutput) return fail(errorText(error));
        return orMissing(error);
      }
    },

    async *entries(name, skip, signal) {
      let passed = 0;
      let found: ReturnType<typeof inventoryEntry>[] = [];
      const splitter = new ListSplitter((json) => {
        passed += 1;
        if (passed > skip) found.push(inventoryEntry(json));
      });
      for await (const chunk of chunksOf(fileOf(name), signal)) {
        splitter.push(chunk);
        if (found.length > 0) yield found;
        found = [];
      }
    },

    names() {
      if (!existsSync(folder)) return [];
      return readdirSync(folder).map((file) => basename(file, '.json'));
    },

    remove: (name) => rm(fileOf(name), { force: true }),
  };
}

async function* chunksOf(file: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const stream = createReadStream(file, { highWaterMark: CHUNK });
  try {
    for await (const chunk of stream) {
      signal.throwIfAborted();
      yield chunk as Buffer;
    }
  } finally {
    stream.destroy();
  }
}

function orMissing(error: unknown): null {
  if (errorCode(error) === 'ENOENT') return null;
  throw error;
}
