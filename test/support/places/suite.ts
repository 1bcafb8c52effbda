import { describe } from 'vitest';
import { censusSuite } from './censuses.ts';
import { adminSuite, nameSuite, removalSuite } from './others.ts';
import type { OpenPlace } from './scene.ts';
import { thawSuite } from './thaws.ts';
import { uploadSuite } from './uploads.ts';

/** What every kind of place does, port by port. Each adapter runs it against its service. */
export function placeSuite(open: OpenPlace): void {
  describe('taking archives in', () => {
    uploadSuite(open);
  });
  describe('listing them', () => {
    censusSuite(open);
  });
  describe('bringing them back', () => {
    thawSuite(open);
  });
  describe('deleting them', () => {
    removalSuite(open);
  });
  describe('names', () => {
    nameSuite(open);
  });
  describe('places', () => {
    adminSuite(open);
  });
}
