import { z } from 'zod';
import { fail, ok } from '../../../../shared/result.ts';
import { doneAnswer, jsonAnswer } from '../protocol/answers.ts';
import { type Operation, findVault } from '../protocol/call.ts';
import { readJson } from '../protocol/json-body.ts';
import { rejections } from '../protocol/rejections.ts';
import { updateVault } from '../store/vaults.ts';

const configuration = z.object({ SNSTopic: z.string().nullish(), Events: z.array(z.string()).nullish() });
const knownEvents = ['ArchiveRetrievalCompleted', 'InventoryRetrievalCompleted'];

/** Kept and shown, but nothing is ever sent: there is no notification service to send it to. */
export const setVaultNotifications: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const body = readJson(call.body, configuration);
  if (!body.ok) return body;
  const [topic, events] = [body.value.SNSTopic ?? '', body.value.Events ?? []];
  if (!/^arn:[^:]+:sns:[^:]+:\d{12}:.+$/.test(topic)) return fail(rejections.parameter('SNSTopic', topic));
  const unknown = events.find((event) => !knownEvents.includes(event));
  if (unknown !== undefined) return fail(rejections.parameter('Events', unknown));
  if (events.length === 0) return fail(rejections.parameterMissing('Events'));
  await updateVault(vault.value, { notifications: { topic, events } });
  return ok(doneAnswer(204));
};

export const getVaultNotifications: Operation = (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const { notifications } = vault.value.record;
  if (!notifications) return fail(rejections.nothingSet('notification configuration', call.route.vault));
  return ok(jsonAnswer({ Events: notifications.events, SNSTopic: notifications.topic }));
};

export const deleteVaultNotifications: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  await updateVault(vault.value, { notifications: null });
  return ok(doneAnswer(204));
};
