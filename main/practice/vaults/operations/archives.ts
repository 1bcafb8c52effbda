import { fail, ok } from '../../../../shared/result.ts';
import { looksLikeArchiveId } from '../../ids.ts';
import { doneAnswer } from '../protocol/answers.ts';
import { type Operation, findVault, vaultArn } from '../protocol/call.ts';
import { readArchiveDescription } from '../protocol/parameters.ts';
import { rejections } from '../protocol/rejections.ts';
import { addArchive, deleteArchive as remove, findArchive, isInOtherVault } from '../store/archives.ts';
import { completedAnswer } from './complete.ts';
import { checkData } from './parts.ts';

/** Not idempotent: each call makes an archive of its own. */
export const uploadArchive: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const description = readArchiveDescription(call.headers);
  if (!description.ok) return description;
  const size = call.body.length;
  if (size === 0) return fail(rejections.contentLength(size));
  const data = checkData(call);
  if (!data.ok) return data;
  const { file, treeHash } = data.value;
  const asked = { description: description.value, size, treeHash, createdAt: service.clock() };
  const archive = await addArchive(service.store, vault.value, file, asked);
  return ok(completedAnswer(service, call.route.vault, archive));
};

/** An archive that is gone, or never was, is deleted already; one of another vault is not touched. */
export const deleteArchive: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const { id } = call.route;
  if (isInOtherVault(service.store, vault.value, id)) {
    return fail(rejections.archiveOfOtherVault(vaultArn(service, call.route.vault)));
  }
  if (!looksLikeArchiveId(id)) return fail(rejections.archiveMissing(id));
  const archive = findArchive(vault.value, id);
  if (!archive) return ok({ ...doneAnswer(204), committed: false });
  await remove(archive, service.clock());
  return ok(doneAnswer(204));
};
