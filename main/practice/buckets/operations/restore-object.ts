import { type Result, fail, ok } from '../../../../shared/result.ts';
import { committed, emptyAnswer } from '../protocol/answers.ts';
import type { Call } from '../protocol/call.ts';
import { type Refusal, refusals } from '../protocol/refusals.ts';
import { expiryOf, isArchiveClass, restoreState, restoreTimeMs } from '../protocol/restoring.ts';
import { readDocument } from '../protocol/xml-body.ts';
import { type Tier, tiers } from '../store/records.ts';
import { childOf, textOf } from '../xml/read.ts';
import { simple } from './plans.ts';
import { findObject } from './read-object.ts';

/** Begins to restore an object, hastens what is under way, or moves the end of what is restored. */
export const restoreObject = simple((service, call) => {
  const { store, clock, rules } = service;
  const found = findObject(service, call);
  if (!found.ok) return found;
  const { version } = found.value;
  const { object } = version;
  const asked = readRequest(call);
  if (!asked.ok) return asked;
  const { days, tier } = asked.value;
  const { storageClass } = object;
  if (!isArchiveClass(storageClass)) return fail(refusals.notRestorable(storageClass));
  const now = clock();
  const state = restoreState(object, now);
  if (state.kind === 'restored') {
    const restore = { ...state.restore, days, expiresAt: expiryOf(now, days) };
    store.change(() => {
      store.versions.update(version, { ...object, restore });
    });
    return ok(committed(emptyAnswer(200)));
  }
  const timeMs = restoreTimeMs(storageClass, tier, rules);
  if (timeMs === null) return fail(refusals.tierOfClass(tier));
  if (state.kind === 'ongoing') {
    const isFaster = tiers.indexOf(tier) > tiers.indexOf(state.restore.tier);
    if (!isFaster || days !== state.restore.days) return fail(refusals.restoring());
  }
  const readyAt = Math.min(now + timeMs, state.kind === 'ongoing' ? state.restore.readyAt : Infinity);
  const restore = { tier, days, readyAt, expiresAt: expiryOf(readyAt, days) };
  store.change(() => {
    store.versions.update(version, { ...object, restore });
  });
  return ok(committed(emptyAnswer(202)));
});

function readRequest(call: Call): Result<{ days: number; tier: Tier }, Refusal> {
  const root = readDocument(call, 'RestoreRequest');
  if (!root.ok) return root;
  const select = childOf(root.value, 'SelectParameters') ?? childOf(root.value, 'OutputLocation');
  if (select) return fail(refusals.method('POST', 'SELECT'));
  const text = textOf(root.value, 'Days') ?? '';
  if (!/^-?\d{1,9}$/.test(text)) return fail(refusals.malformedXml());
  if (Number(text) < 1) return fail(refusals.argument('restoration days should be at least 1', 'Days', text));
  const parameters = childOf(root.value, 'GlacierJobParameters');
  const named = (parameters && textOf(parameters, 'Tier')) ?? textOf(root.value, 'Tier') ?? 'Standard';
  const tier = tiers.find((known) => known === named);
  return tier ? ok({ days: Number(text), tier }) : fail(refusals.malformedXml());
}
