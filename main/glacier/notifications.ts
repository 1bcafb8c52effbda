import { z } from 'zod';
import type { Result } from '../../shared/result.ts';
import { parseAnswer } from './answer.ts';
import type { Client } from './client.ts';
import { list } from './fields.ts';
import { orNull } from './or-null.ts';

export type JobEvent = 'ArchiveRetrievalCompleted' | 'InventoryRetrievalCompleted';

/** Where a vault tells that its jobs have ended. */
export type Notifications = { snsTopic: string; events: JobEvent[] };

const answer = z
  .object({ SNSTopic: z.string(), Events: list(z.enum(['ArchiveRetrievalCompleted', 'InventoryRetrievalCompleted'])) })
  .transform(({ SNSTopic, Events }): Notifications => ({ snsTopic: SNSTopic, events: Events }));

const pathOf = (vault: string): string[] => ['vaults', vault, 'notification-configuration'];

/** Null when the vault tells nobody. */
export async function getNotifications(
  client: Client,
  vault: string,
  signal: AbortSignal,
): Promise<Result<Notifications | null>> {
  const found = await client.call({ method: 'GET', path: pathOf(vault), thing: 'The notification setting' }, signal);
  return orNull(found.ok ? parseAnswer(found.value, answer) : found);
}

/** Null: tell nobody any more. */
export function setNotifications(
  client: Client,
  vault: string,
  notifications: Notifications | null,
  signal: AbortSignal,
): Promise<Result<null>> {
  if (notifications === null) return client.command({ method: 'DELETE', path: pathOf(vault) }, signal);
  const json = { SNSTopic: notifications.snsTopic, Events: notifications.events };
  return client.command({ method: 'PUT', path: pathOf(vault), json }, signal);
}
