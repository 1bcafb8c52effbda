import { minuteInUtc } from '../dates.ts';
import type { Words } from './wording.ts';

/** Of a whole vault, its inventory and its emptying. Times in milliseconds since 1970. */
export type VaultFailure =
  | { kind: 'vault-missing'; vault: string; isBucket?: true }
  /** The vault has archives, and Glacier has not listed them yet. */
  | { kind: 'no-inventory-yet'; vault: string; lookInMs: number }
  /** It is being downloaded or compared with the catalogue, on this computer. */
  | { kind: 'inventory-under-way'; vault: string; lookInMs: number }
  | { kind: 'inventory-unreadable'; detail: string }
  /** Nothing else is left in the inventory. `archiveIds`: of the first ones that have any. */
  | { kind: 'entries-unreadable'; vault: string; count: number; archiveIds: string[] }
  /** The archive ID belongs to another vault than the catalogue says. */
  | { kind: 'archive-elsewhere'; vault: string; message: string }
  /** `openUploads`: multipart uploads that stand open in it, which Firn leaves alone; null when nobody has asked. */
  | { kind: 'vault-not-yet-empty'; vault: string; openUploads: number | null }
  /** `newestAt`: when the newest of them was stored. */
  | { kind: 'vault-in-use'; vault: string; archives: number; newestAt: number }
  | { kind: 'archives-refused'; vault: string; archives: number }
  | { kind: 'vault-being-emptied'; vault: string };

export const vaultWords: Words<VaultFailure> = {
  'vault-missing': {
    title: ({ vault, isBucket }) =>
      isBucket ? `There is no bucket named "${vault}".` : `There is no vault named "${vault}" in this region.`,
    remedy: ({ isBucket }, { retry }) =>
      `Create the ${isBucket ? 'bucket or check its name' : 'vault or check the region'}, then ${retry}.`,
  },
  'no-inventory-yet': {
    title: ({ vault }) => `There is no inventory of "${vault}" yet.`,
    remedy: 'Amazon makes the first a day or two after the first archive.',
    meanwhile: 'Firn looks by itself and may be closed.',
  },
  'inventory-under-way': {
    title: ({ vault }) => `Firn is taking the inventory of "${vault}".`,
    meanwhile: 'When that is done, this goes on by itself.',
  },
  'inventory-unreadable': {
    title: ({ detail }) => `The inventory cannot be read (${detail}).`,
    remedy: (_, { surface, retry, takeInventory }) =>
      `Nothing was changed by it. To download it once more, ${surface === 'window' ? retry : takeInventory}.`,
  },
  'entries-unreadable': {
    title: ({ vault, count }) =>
      `The inventory of "${vault}" has ${count === 1 ? 'an entry that Firn cannot read and which' : `${count} entries that Firn cannot read and which`} cannot be deleted by it.`,
    remedy: ({ archiveIds }, { retry }) =>
      `All others are deleted. ${archiveIds.length === 0 ? 'They have no archive IDs' : `Delete these archives with another tool: ${archiveIds.join(', ')}`}; then ${retry}, or cancel, and the vault stays.`,
  },
  'archive-elsewhere': {
    title: ({ vault }) => `The archive is not in the vault "${vault}": its ID belongs to another.`,
    remedy: (_, { takeInventory }) =>
      `It was listed under the wrong vault. Deleting it here only takes it off the catalogue; to list it where it is, ${takeInventory}.`,
  },
  'vault-not-yet-empty': {
    title: ({ vault, openUploads }) =>
      `Glacier does not count the vault "${vault}" as empty yet${openUploadsIn(openUploads)}.`,
    remedy: 'Its inventory is taken about once a day, so this takes a day or two.',
    meanwhile: 'Firn looks again by itself; it may be closed meanwhile.',
  },
  'vault-in-use': {
    title: ({ vault, archives, newestAt }) =>
      `Something is still putting archives into the vault "${vault}": ${archives} since it was to be emptied, the newest ${minuteInUtc(newestAt)}.`,
    remedy: (_, { surface, cancel }) =>
      `They were not deleted. Stop the program that uploads them, then ${surface === 'window' ? 'choose "Delete also what came since"' : 'use "firn vault empty --also-new NAME"'}; or ${cancel}, and the vault stays.`,
  },
  'archives-refused': {
    title: ({ vault, archives }) => `Glacier refused to delete ${archives} of the archives in "${vault}".`,
    remedy: (_, { retry }) =>
      `A vault lock or a missing permission is the usual reason; each archive tells its own. Then ${retry}.`,
  },
  'vault-being-emptied': {
    title: ({ vault }) => `The vault "${vault}" is being emptied.`,
    remedy: (_, { surface }) =>
      `Choose another vault, or cancel the emptying first${surface === 'window' ? ' in Deletions' : ': "firn deletions" tells its ID'}.`,
  },
};

function openUploadsIn(count: number | null): string {
  if (count === null || count === 0) return '';
  return `; ${count} multipart ${count === 1 ? 'upload stands' : 'uploads stand'} open in it, which Firn leaves alone`;
}
