import { printable } from '../../shared/failure.ts';
import { formatBytes } from '../../shared/units.ts';
import { formatCount, plural } from '../../shared/words.ts';
import { isoTime } from '../../shared/clamped-time.ts';
import type { ArchiveRecord } from '../store/archive-record.ts';
import { milliseconds } from './iso-time.ts';

/** A page to print and to keep on paper: all that is needed to fetch each archive, with any tool, and to prove it. */
export function* toPrintableRecord(records: Iterable<ArchiveRecord>, exportedAt: number): Generator<string> {
  yield opening(exportedAt);
  let count = 0;
  let bytes = 0;
  for (const record of records) {
    count += 1;
    bytes += record.size;
    yield article(record);
  }
  yield `<footer><p>End of the record: ${plural(count, 'archive')}, ${size(bytes)}.</p></footer>\n</body>\n</html>\n`;
}

const style = `
  @page { size: A4; margin: 18mm 16mm; @bottom-right { content: counter(page) " of " counter(pages); font: 8pt sans-serif; } }
  body { font: 9.5pt/1.4 sans-serif; color: #000; background: #fff; max-width: 178mm; margin: 0 auto; counter-reset: archive; }
  h1 { font-size: 16pt; margin: 0 0 2mm; }
  article { break-inside: avoid; border-top: 0.3mm solid #000; padding: 2mm 0 3mm; counter-increment: archive; }
  h2 { font-size: 10.5pt; margin: 0 0 1mm; overflow-wrap: anywhere; white-space: pre-wrap; }
  h2::before { content: counter(archive) ". "; }
  dl { display: grid; grid-template-columns: 32mm 1fr; gap: 0.5mm 3mm; margin: 0; }
  dt { color: #333; }
  dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
  code { font: 9.5pt/1.4 monospace; }
  footer { border-top: 0.3mm solid #000; padding-top: 2mm; }
`;

function opening(exportedAt: number): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Archives in Amazon Glacier</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Archives in Amazon Glacier</h1>
<p>Made by Firn on ${time(exportedAt)}. With region, vault and archive ID any tool for Amazon Glacier fetches an archive;
its SHA-256 tree hash proves that what came is what was stored.</p>
</header>
`;
}

function article(record: ArchiveRecord): string {
  const { path, description, vault, region, account, location, archiveId, treeHash, modifiedNs } = record;
  const number = /^\/(\d{12})\//.exec(location)?.[1];
  const rows: [string, string][] = [
    ['Vault', bidi(vault)],
    ['Region', text(region)],
    ['Account', bidi([account.name, number].filter(Boolean).join(', ') || account.id)],
    ['Archive ID', `<code>${text(archiveId)}</code>`],
    ['Tree hash', `<code>${text(treeHash)}</code>`],
    ['Size', size(record.size)],
    ['Stored', time(record.at)],
    ['File changed', modifiedNs === null ? 'not known' : time(milliseconds(modifiedNs))],
  ];
  if (path === null && description !== '') rows.push(['Description', `<code>${text(description)}</code>`]);
  const list = rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('\n');
  return `<article>\n<h2>${path === null ? 'Name not known' : bidi(path)}</h2>\n<dl>\n${list}\n</dl>\n</article>\n`;
}

function size(bytes: number): string {
  return bytes < 1024 ? formatBytes(bytes) : `${formatBytes(bytes)} (${formatCount(bytes)} bytes)`;
}

/** `2013-01-02 03:04:05 UTC`. */
function time(ms: number): string {
  return isoTime(ms)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
}

/** Text that cannot turn the text around it. */
function bidi(untrusted: string): string {
  return `<bdi>${text(untrusted)}</bdi>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function text(untrusted: string): string {
  return printable(untrusted).replace(/[&<>"']/g, (char) => entities[char] ?? '');
}
