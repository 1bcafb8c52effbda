import { describe } from 'vitest';
import { PRACTICE_CREDENTIALS } from '../../main/practice/server.ts';
import { practiceBench } from './practice-bench.ts';
import { archiveSuite } from './suite/archives.ts';
import { inventorySuite } from './suite/inventories.ts';
import { multipartSuite } from './suite/multipart.ts';
import type { GlacierPort, Place, WholeGlacierPort } from './suite/port.ts';
import { retrievalSuite } from './suite/retrievals.ts';
import type { OpenScene } from './suite/scene.ts';
import { senderSuite } from './suite/senders.ts';
import { policySuite, settingsSuite } from './suite/settings.ts';
import { vaultSuite } from './suite/vaults.ts';

/**
 * How a Glacier service behaves, as any client sees it. It is run with clients that know nothing of each other, and all must
 * see the same.
 */
export function glacierSuite(open: (place: Place) => GlacierPort): void {
  const scene = scenesOf(open);
  describe('vaults', () => {
    vaultSuite(scene);
  });
  describe('multipart uploads', () => {
    multipartSuite(scene);
  });
  describe('archives', () => {
    archiveSuite(scene);
  });
  describe('inventories', () => {
    inventorySuite(scene);
  });
  describe('retrievals', () => {
    retrievalSuite(scene);
  });
  describe('settings', () => {
    policySuite(scene);
  });
  describe('whoever asks', () => {
    senderSuite(scene);
  });
}

/** The same of what Firn never asks for. */
export function glacierSettingsSuite(open: (place: Place) => WholeGlacierPort): void {
  settingsSuite(scenesOf(open));
}

function scenesOf<Port>(open: (place: Place) => Port): OpenScene<Port> {
  return async (options = {}, place = {}) => {
    const practice = await practiceBench(options);
    const { url } = practice.vault();
    return { practice, glacier: open({ url, now: practice.now, credentials: PRACTICE_CREDENTIALS, ...place }) };
  };
}
