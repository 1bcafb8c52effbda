import { resolve } from 'node:path';
import { EXPORT_FORMATS } from '../../../shared/catalogue-exchange.ts';
import type { ByteRange } from '../../../shared/part-plan.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import { COPIES } from '../../../shared/retrieval-quote.ts';
import { EXISTING_ANSWERS } from '../../../shared/retrieval.ts';
import { TIERS } from '../../../shared/tier.ts';
import { readDeliberateFilter, readFilter } from '../filter.ts';
import { FILTERS, SPEED } from '../options.ts';
import type { CommandDefinition } from './definition.ts';

const ids = {
  name: 'ARCHIVE_ID',
  about: 'archive IDs, as --id; put -- before one that begins with a minus',
  many: true,
} as const;

/** Those that are about archives of the catalogue: all choose them alike. */
export const archiveCommands: readonly CommandDefinition[] = [
  {
    name: 'catalogue list',
    summary: 'lists the archives, newest first',
    details: ['"firn catalogue" alone does the same.'],
    options: FILTERS,
    filters: true,
    examples: ['catalogue', 'catalogue --vault photographs --search "2025 wedding"'],
    read: (values) => {
      const filter = readFilter(values);
      return filter.ok ? ok({ kind: 'catalogue', filter: filter.value }) : filter;
    },
  },
  {
    name: 'catalogue export',
    summary: 'writes archives as a table, as data, or as a record to print',
    details: ['Without --to they go to standard output. A file that is there already is never written over.'],
    options: ['format', 'to', ...FILTERS],
    about: { to: 'the new file' },
    filters: true,
    examples: ['catalogue export --format csv --to archives.csv', 'catalogue export --format html --vault photographs'],
    read: (values) => {
      const filter = readFilter(values);
      if (!filter.ok) return filter;
      const format = EXPORT_FORMATS.find((name) => name === values.format);
      if (format === undefined) return fail(`Say in which format: --format ${EXPORT_FORMATS.join(', ')}.`);
      const file = values.to === undefined ? null : resolve(values.to);
      return ok({ kind: 'catalogue-export', format, file, filter: filter.value });
    },
  },
  {
    name: 'retrieve',
    summary: 'tells the cost, asks, and fetches archives into a folder',
    details: [
      'Glacier takes hours to prepare what was asked for. The command may be interrupted and repeated: what is asked for is not asked for, or paid for, again.',
    ],
    operand: ids,
    options: ['to', 'tier', 'range', 'existing', 'copies', 'yes', 'noWait', 'dryRun', ...FILTERS, ...SPEED],
    about: { to: 'the folder that the files go into; it must be there' },
    filters: true,
    examples: [
      'retrieve --to ~/back --vault photographs --search 2025',
      'retrieve --to ~/back --tier Bulk --dry-run --all',
    ],
    read: (values, operands) => {
      if (values.to === undefined) return fail('Say into which folder: --to DIR.');
      const filter = readDeliberateFilter(values, operands);
      if (!filter.ok) return filter;
      const range = readRange(values.range);
      if (!range.ok) return range;
      if (range.value && filter.value.ids.length !== 1) return fail('--range is for one archive, by its ID.');
      return ok({
        kind: 'retrieve',
        folder: resolve(values.to),
        tier: TIERS.find((name) => name === values.tier) ?? 'Standard',
        range: range.value,
        onExisting: EXISTING_ANSWERS.find((answer) => answer === values.existing) ?? 'ask',
        copies: COPIES.find((name) => name === values.copies) ?? 'each',
        yes: values.yes ?? false,
        wait: values.wait ?? true,
        dryRun: values.dryRun ?? false,
        filter: filter.value,
      });
    },
  },
  {
    name: 'verify',
    summary: 'reads the local files of archives again and compares them',
    details: ['Says which local copies may safely be deleted. Nothing is asked of Amazon.'],
    operand: ids,
    options: [...FILTERS, 'gentle'],
    filters: true,
    examples: ['verify', 'verify --vault photographs --search 2025'],
    read: (values, operands) => {
      const filter = readFilter(values, operands);
      return filter.ok ? ok({ kind: 'verify', filter: filter.value }) : filter;
    },
  },
  {
    name: 'delete',
    summary: 'says what is lost, asks, and deletes archives from Glacier for good',
    details: [
      'Exactly what was shown is deleted, or nothing. The command may be interrupted and repeated. Amazon bills archives that are younger than 90 days until that age all the same.',
    ],
    operand: ids,
    options: ['yes', 'dryRun', ...FILTERS],
    filters: true,
    examples: ['delete --vault holiday --search IMG_2009', 'delete --dry-run --account work --region eu-west-1'],
    read: (values, operands) => {
      const filter = readDeliberateFilter(values, operands);
      if (!filter.ok) return filter;
      return ok({ kind: 'delete', filter: filter.value, yes: values.yes ?? false, dryRun: values.dryRun ?? false });
    },
  },
];

/** `FIRST-LAST`, both included, as Glacier counts. */
function readRange(text: string | undefined): Result<ByteRange | null, string> {
  if (text === undefined) return ok(null);
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  return match && first <= last
    ? ok({ first, last })
    : fail(`"${text}" is no range of bytes. Write it like 0-1048575.`);
}
