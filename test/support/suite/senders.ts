import { expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../shared/units.ts';
import { PRACTICE_CREDENTIALS } from '../../../main/practice/server.ts';
import { leaves } from '../practice-data.ts';
import type { OpenScene } from './scene.ts';

export function senderSuite(open: OpenScene): void {
  test('with a wrong secret or an unknown key is refused, whatever is sent', async () => {
    for (const wrong of [{ secretAccessKey: 'wrong' }, { accessKeyId: 'AKIAUNKNOWN' }]) {
      const { glacier } = await open({}, { credentials: { ...PRACTICE_CREDENTIALS, ...wrong } });
      const rejected = { failure: { why: 'credentials-rejected' } };
      expect(await glacier.listVaults()).toMatchObject(rejected);
      expect(await glacier.createVault('photos')).toMatchObject(rejected);
      expect(await glacier.setRetrievalPolicy({ strategy: 'None' })).toMatchObject(rejected);
      expect(await glacier.uploadArchive('photos', '', leaves(5))).toMatchObject(rejected);
    }
  });

  test('for a while is heard for that while', async () => {
    const session = {
      accessKeyId: 'ASIASESSION',
      secretAccessKey: 'secret',
      sessionToken: 'token==',
      expiresAt: Date.UTC(2026, 10, 22, 13),
    };
    const { glacier, practice } = await open({ credentials: [session] }, { credentials: session });
    practice.wait(1 * HOUR - 1);
    expect(await glacier.listVaults()).toMatchObject({ ok: true });
    practice.wait(1);
    expect(await glacier.listVaults()).toMatchObject({ failure: { why: 'credentials-expired' } });
  });

  test('with a clock more than five minutes off is told so, and served within them', async () => {
    const noon = Date.UTC(2026, 10, 22, 12);
    for (const [offset, heard] of [
      [-5 * MINUTE - 10 * SECOND, false],
      [-5 * MINUTE + 10 * SECOND, true],
      [5 * MINUTE - 10 * SECOND, true],
      [5 * MINUTE + 10 * SECOND, false],
    ] as const) {
      const { glacier } = await open({}, { now: () => noon + offset });
      const answer = await glacier.listVaults();
      expect(answer).toMatchObject(heard ? { ok: true } : { failure: { why: 'clock-wrong' } });
    }
  });

  test('without vaults of old is told that Amazon has closed them', async () => {
    const { glacier } = await open({ rules: { closedAccount: true } });
    expect(await glacier.listVaults()).toMatchObject({ failure: { why: 'closed-account' } });
    expect(await glacier.uploadArchive('photos', '', leaves(5))).toMatchObject({ failure: { why: 'closed-account' } });
  });
}
