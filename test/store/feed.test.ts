import { expect, test } from 'vitest';
import { Feed, inPieces } from '../../main/app/feed.ts';
import type { UploadView } from '../../shared/upload.ts';
import { newUpload, openStores } from '../support/store.ts';

test('a large queue is listed in pieces: one that fills a window, then the rest, in queue order and without gaps', () => {
  const { uploads } = openStores();
  const paths = Array.from({ length: 6000 }, (_, n) => `/photos/${n}.raw`);
  uploads.add(
    paths.map((path) => {
      const upload = newUpload();
      return { ...upload, source: { ...upload.source, path } };
    }),
    1,
  );
  const feed = new Feed(
    uploads,
    inPieces(uploads),
    () => undefined,
    (act) => {
      act();
    },
  );
  const pieces: UploadView[][] = [];
  for (let after: number | null = null, more = true; more;) {
    const { items, next } = feed.snapshot(after);
    pieces.push(items);
    after = next;
    more = next !== null;
  }
  feed.close();
  expect(pieces.map(({ length }) => length)).toEqual([200, 5000, 800]);
  expect(pieces.flat().map(({ path }) => path)).toEqual(paths);
});
