import { type Described, MAX_DESCRIPTION_LENGTH, described } from './described.ts';
import { readFastGlacier } from './fast-glacier.ts';
import { readGrsync } from './grsync.ts';
import { readJsonDescription } from './json-description.ts';
import { readMtAwsGlacier } from './mt-aws-glacier.ts';

/** Exports wrap descriptions in quotes and escape those inside; nothing longer comes from Glacier. */
const LONGEST = 2 * MAX_DESCRIPTION_LENGTH + 2;

/** In the order in which Amazon's transfer solution recognises them. */
const readers = [readFastGlacier, readJsonDescription, readMtAwsGlacier, readGrsync];

/** What announces a format. If it then cannot be read, it is no name either. */
const marks = /^(?:<m>|<ArchiveMetadata>|\{\s*"|mt[12]\s+[\w-]+$|grsync\|)/;

/**
 * What an archive description says of its file, in the formats of FastGlacier 1 to 4 (ours, too), mt-aws-glacier 1 and 2,
 * CloudBerry, QNAP and glacier-rsync, also wrapped in quotes and blanks. Any other text is a plain name, as
 * glacier-cli, git-annex and scripts write it; SAGU's, too, though it deletes separators and blanks for good. Null for an
 * empty description and for one that announces a format and cannot be read: such a one is shown as it is.
 */
export function readDescription(description: string): Described | null {
  if (description.length > LONGEST) return null;
  const bare = description.trim();
  const variants = [bare, ...unwrapped(bare)];
  for (const variant of variants) {
    for (const read of readers) {
      const found = read(variant);
      if (found) return found;
    }
  }
  if (variants.some((variant) => marks.test(variant))) return null;
  return described({ path: variants[1] ?? bare, by: 'plain-name' });
}

/** What stands between quotes, and how it reads when quotes in it are doubled or escaped. */
function unwrapped(text: string): string[] {
  const inner = /^"(.*)"$/s.exec(text)?.[1] ?? /^'(.*)'$/s.exec(text)?.[1];
  if (inner === undefined) return [];
  const trimmed = inner.trim();
  return [trimmed, trimmed.replaceAll('""', '"'), trimmed.replace(/\\(["\\])/g, '$1')];
}
