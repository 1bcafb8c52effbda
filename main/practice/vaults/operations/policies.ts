import { z } from 'zod';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import { KiB } from '../../../../shared/units.ts';
import { newId } from '../../ids.ts';
import { doneAnswer, jsonAnswer } from '../protocol/answers.ts';
import { type Call, type Operation, type Service, findVault } from '../protocol/call.ts';
import { readJson } from '../protocol/json-body.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';
import { isoTime } from '../../exchange/time.ts';
import type { Vault } from '../store/store.ts';
import { type Lock, currentLock, updateVault } from '../store/vaults.ts';

/** Documented. */
const MAX_POLICY_LENGTH = 20 * KiB;

const policyBody = z.object({ Policy: z.string().nullish() });

export const setVaultAccessPolicy: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const policy = readPolicy(call);
  if (!policy.ok) return policy;
  await updateVault(vault.value, { accessPolicy: policy.value });
  return ok(doneAnswer(204));
};

export const getVaultAccessPolicy: Operation = (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const { accessPolicy } = vault.value.record;
  return accessPolicy === null
    ? fail(rejections.nothingSet('vault access policy', call.route.vault))
    : ok(jsonAnswer({ Policy: accessPolicy }));
};

export const deleteVaultAccessPolicy: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  await updateVault(vault.value, { accessPolicy: null });
  return ok(doneAnswer(204));
};

export const initiateVaultLock: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const policy = readPolicy(call);
  if (!policy.ok) return policy;
  const existing = lockOf(service, vault.value);
  if (existing) return fail(rejections.denied(`The vault has a lock policy in the state ${existing.state}.`));
  const lockId = newId('lock');
  const lock: Lock = { lockId, policy: policy.value, state: 'InProgress', createdAt: service.clock() };
  await updateVault(vault.value, { lock });
  return ok(doneAnswer(201, { 'x-amz-lock-id': lockId }));
};

/** Idempotent with the right lock ID. A completed lock stays for as long as the vault. */
export const completeVaultLock: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const lock = lockOf(service, vault.value);
  if (!lock) return fail(rejections.nothingSet('vault lock policy', call.route.vault));
  if (lock.lockId !== call.route.id) {
    const wrongId = `The lock ID does not match: ${call.route.id}`;
    return fail(lock.state === 'Locked' ? rejections.denied(wrongId) : rejections.invalid(wrongId));
  }
  if (lock.state === 'Locked') return ok({ ...doneAnswer(204), committed: false });
  await updateVault(vault.value, { lock: { ...lock, state: 'Locked' } });
  return ok(doneAnswer(204));
};

export const abortVaultLock: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  if (lockOf(service, vault.value)?.state === 'Locked') return fail(rejections.denied('The vault is locked.'));
  await updateVault(vault.value, { lock: null });
  return ok(doneAnswer(204));
};

export const getVaultLock: Operation = (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const lock = lockOf(service, vault.value);
  if (!lock) return fail(rejections.nothingSet('vault lock policy', call.route.vault));
  const { policy, state, createdAt } = lock;
  const ExpirationDate = isoTime(state === 'Locked' ? null : createdAt + service.rules.lockWindowMs);
  return ok(jsonAnswer({ CreationDate: isoTime(createdAt), ExpirationDate, Policy: policy, State: state }));
};

function lockOf({ clock, rules }: Service, vault: Vault): Lock | null {
  return currentLock(vault, clock(), rules);
}

/** The text of a policy, which has to be a JSON object. */
function readPolicy({ body }: Call): Result<string, Rejection> {
  const read = readJson(body, policyBody);
  if (!read.ok) return read;
  const policy = read.value.Policy ?? '';
  if (policy === '') return fail(rejections.parameterMissing('Policy'));
  if (Buffer.byteLength(policy) > MAX_POLICY_LENGTH)
    return fail(rejections.invalid('The policy is longer than 20 KB.'));
  return isJsonObject(policy) ? ok(policy) : fail(rejections.invalid('The policy is not a JSON object.'));
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
