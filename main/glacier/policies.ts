import { z } from 'zod';
import { type Result, ok } from '../../shared/result.ts';
import { headerOf, parseAnswer } from './answer.ts';
import type { Client } from './client.ts';
import { optional, time } from './fields.ts';
import { orNull } from './or-null.ts';

/** The text of an IAM policy in JSON, at most 20 KB. */
export type PolicyText = string;

const accessPolicy = z.object({ Policy: z.string() }).transform(({ Policy }): PolicyText => Policy);

/** Null when the vault has none. */
export async function getAccessPolicy(
  client: Client,
  vault: string,
  signal: AbortSignal,
): Promise<Result<PolicyText | null>> {
  const path = ['vaults', vault, 'access-policy'];
  const found = await client.call({ method: 'GET', path, thing: 'The access policy' }, signal);
  return orNull(found.ok ? parseAnswer(found.value, accessPolicy) : found);
}

/** Null: none any more. Takes effect after a while. */
export function setAccessPolicy(
  client: Client,
  vault: string,
  policy: PolicyText | null,
  signal: AbortSignal,
): Promise<Result<null>> {
  const path = ['vaults', vault, 'access-policy'];
  if (policy === null) return client.command({ method: 'DELETE', path }, signal);
  return client.command({ method: 'PUT', path, json: { Policy: policy } }, signal);
}

export type VaultLock = {
  policy: PolicyText;
  state: 'InProgress' | 'Locked';
  createdAt: number;
  /** When a lock in progress vanishes; null once it is complete. */
  expiresAt: number | null;
};

const vaultLock = z
  .object({
    Policy: z.string(),
    State: z.enum(['InProgress', 'Locked']),
    CreationDate: time,
    ExpirationDate: optional(time),
  })
  .transform((answer): VaultLock => ({
    policy: answer.Policy,
    state: answer.State,
    createdAt: answer.CreationDate,
    expiresAt: answer.ExpirationDate,
  }));

const lockPath = (vault: string): string[] => ['vaults', vault, 'lock-policy'];

/** Null when the vault has none. */
export async function getVaultLock(
  client: Client,
  vault: string,
  signal: AbortSignal,
): Promise<Result<VaultLock | null>> {
  const found = await client.call({ method: 'GET', path: lockPath(vault), thing: 'The vault lock' }, signal);
  return orNull(found.ok ? parseAnswer(found.value, vaultLock) : found);
}

/** The policy takes effect at once and vanishes after 24 hours unless the lock is completed with the ID returned. */
export async function initiateVaultLock(
  client: Client,
  vault: string,
  policy: PolicyText,
  signal: AbortSignal,
): Promise<Result<{ lockId: string }>> {
  const operation = { method: 'POST', path: lockPath(vault), json: { Policy: policy } } as const;
  const answer = await client.call(operation, signal);
  if (!answer.ok) return answer;
  const lockId = headerOf(answer.value, 'x-amz-lock-id');
  return lockId.ok ? ok({ lockId: lockId.value }) : lockId;
}

/** For good: a complete lock can neither be changed nor removed. */
export function completeVaultLock(
  client: Client,
  vault: string,
  lockId: string,
  signal: AbortSignal,
): Promise<Result<null>> {
  return client.command({ method: 'POST', path: [...lockPath(vault), lockId], thing: 'The vault lock' }, signal);
}

/** Removes a lock in progress; `access-denied` once it is complete. */
export function abortVaultLock(client: Client, vault: string, signal: AbortSignal): Promise<Result<null>> {
  return client.command({ method: 'DELETE', path: lockPath(vault) }, signal);
}
