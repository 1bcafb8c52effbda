import type { Operation } from '../protocol/call.ts';
import type { VaultOperation } from '../protocol/routes.ts';
import { deleteArchive, uploadArchive } from './archives.ts';
import { listProvisionedCapacity, purchaseProvisionedCapacity } from './capacity.ts';
import { completeMultipartUpload } from './complete.ts';
import { getJobOutput } from './job-output.ts';
import { describeJob, initiateJob, listJobs } from './jobs.ts';
import { abortMultipartUpload, initiateMultipartUpload, listMultipartUploads, listParts } from './multipart.ts';
import { deleteVaultNotifications, getVaultNotifications, setVaultNotifications } from './notifications.ts';
import { uploadMultipartPart } from './parts.ts';
import {
  abortVaultLock,
  completeVaultLock,
  deleteVaultAccessPolicy,
  getVaultAccessPolicy,
  getVaultLock,
  initiateVaultLock,
  setVaultAccessPolicy,
} from './policies.ts';
import { getDataRetrievalPolicy, setDataRetrievalPolicy } from './retrieval-policy.ts';
import { addTagsToVault, listTagsForVault, removeTagsFromVault } from './tags.ts';
import { createVault, deleteVault, describeVault, listVaults } from './vaults.ts';

export const operations: Record<VaultOperation, Operation> = {
  ListVaults: listVaults,
  CreateVault: createVault,
  DescribeVault: describeVault,
  DeleteVault: deleteVault,
  UploadArchive: uploadArchive,
  DeleteArchive: deleteArchive,
  InitiateMultipartUpload: initiateMultipartUpload,
  ListMultipartUploads: listMultipartUploads,
  UploadMultipartPart: uploadMultipartPart,
  ListParts: listParts,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  InitiateJob: initiateJob,
  ListJobs: listJobs,
  DescribeJob: describeJob,
  GetJobOutput: getJobOutput,
  ListTagsForVault: listTagsForVault,
  AddTagsToVault: addTagsToVault,
  RemoveTagsFromVault: removeTagsFromVault,
  SetVaultNotifications: setVaultNotifications,
  GetVaultNotifications: getVaultNotifications,
  DeleteVaultNotifications: deleteVaultNotifications,
  SetVaultAccessPolicy: setVaultAccessPolicy,
  GetVaultAccessPolicy: getVaultAccessPolicy,
  DeleteVaultAccessPolicy: deleteVaultAccessPolicy,
  InitiateVaultLock: initiateVaultLock,
  GetVaultLock: getVaultLock,
  AbortVaultLock: abortVaultLock,
  CompleteVaultLock: completeVaultLock,
  GetDataRetrievalPolicy: getDataRetrievalPolicy,
  SetDataRetrievalPolicy: setDataRetrievalPolicy,
  ListProvisionedCapacity: listProvisionedCapacity,
  PurchaseProvisionedCapacity: purchaseProvisionedCapacity,
};

/**
 * Whether an operation runs as a whole in turn with the others, so that what it has checked holds while it acts. Those
 * that only read need not, and InitiateJob, which may have to hash for long, takes its turn at the end by itself.
 */
export function takesTurns(operation: VaultOperation): boolean {
  return !/^(List|Describe|Get|InitiateJob)/.test(operation);
}
