import { type Separator, fieldSplitter } from './csv-rows.ts';

/** What a column is for, by the names that Firn, Glacier's inventories, FastGlacier and scripts give it. */
const names = {
  archiveId: ['archiveid', 'glacierarchiveid', 'id'],
  path: ['path', 'filename', 'filepath', 'fullpath', 'file', 'name', 'key'],
  size: ['size', 'sizeinbytes', 'sizebytes', 'archivesize', 'filesize', 'bytes'],
  treeHash: ['treehash', 'sha256treehash', 'archivesha256treehash', 'archivetreehash'],
  storedAt: [
    'storedat',
    'creationdate',
    'archivecreationdate',
    'created',
    'createdat',
    'uploaded',
    'uploaddate',
    'uploadedat',
  ],
  modifiedAt: ['modifiedat', 'modified', 'lastmodified', 'lastmodifieddate', 'modificationdate', 'mtime'],
  description: ['description', 'archivedescription'],
  vault: ['vault', 'vaultname'],
  region: ['region'],
  location: ['location'],
  accountId: ['accountid'],
  accountName: ['accountname'],
  credentials: ['credentials'],
  endpointUrl: ['endpointurl'],
} as const;

export type ListColumn = keyof typeof names;

/** How a list of archives in CSV is to be read. */
export type ListLayout = {
  separator: Separator;
  /** Where each column stands that the list has. */
  places: ReadonlyMap<ListColumn, number>;
  /** Rows before the first archive. */
  headerRows: number;
  /** Lists of Firn say whose archives they are, and mark text that looks like a formula. */
  isOurs: boolean;
};

const separators = [',', ';', '\t'] as const satisfies Separator[];

/** The layout by how a file begins; null when no first line names a column of archive IDs and another one. */
export function readLayout(beginning: string): ListLayout | null {
  const [first = '', second = ''] = beginning.split('\n', 2).map((line) => line.trim());
  // Spreadsheets take it for a setting, and the next line for the first.
  const told = separators.find((separator) => first.toLowerCase() === `sep=${separator}`);
  const header = first.toLowerCase().startsWith('sep=') ? second : first;
  for (const separator of told === undefined ? separators : [told]) {
    const fields = fieldSplitter(separator)(header);
    const places = fields && findColumns(fields);
    if (!places?.has('archiveId') || places.size < 2) continue;
    return { separator, places, headerRows: header === first ? 1 : 2, isOurs: places.has('accountId') };
  }
  return null;
}

function findColumns(fields: readonly string[]): Map<ListColumn, number> {
  const known = fields.map((field) => field.toLowerCase().replace(/[^a-z0-9]/g, ''));
  const places = new Map<ListColumn, number>();
  for (const column of Object.keys(names) as ListColumn[]) {
    const place = names[column].map((name) => known.indexOf(name)).find((index) => index >= 0);
    if (place !== undefined) places.set(column, place);
  }
  return places;
}
