import { fail, ok } from '../../../../shared/result.ts';
import { newId } from '../../ids.ts';
import { doneAnswer, jsonAnswer } from '../protocol/answers.ts';
import type { Operation } from '../protocol/call.ts';
import { rejections } from '../protocol/rejections.ts';
import { isoTime } from '../../exchange/time.ts';
import { updateAccount } from '../store/account.ts';

/** Documented: units that an account may have at once. */
const MAX_UNITS = 2;

export const listProvisionedCapacity: Operation = ({ store, clock }) => {
  const units = store.account.capacity.filter(({ endsAt }) => clock() < endsAt);
  return ok(
    jsonAnswer({
      ProvisionedCapacityList: units.map(({ capacityId, startsAt, endsAt }) => ({
        CapacityId: capacityId,
        ExpirationDate: isoTime(endsAt),
        StartDate: isoTime(startsAt),
      })),
    }),
  );
};

/** A unit lasts a month. */
export const purchaseProvisionedCapacity: Operation = async ({ store, clock }) => {
  const now = clock();
  const units = store.account.capacity.filter(({ endsAt }) => now < endsAt);
  if (units.length >= MAX_UNITS) {
    return fail(rejections.limitExceeded(`An account has at most ${MAX_UNITS} provisioned capacity units.`));
  }
  const capacityId = newId('capacity');
  const endsAt = new Date(now).setUTCMonth(new Date(now).getUTCMonth() + 1);
  await updateAccount(store, { capacity: [...units, { capacityId, startsAt: now, endsAt }] });
  return ok(doneAnswer(201, { 'x-amz-capacity-id': capacityId }));
};
