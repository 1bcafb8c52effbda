import type { Operation } from '../protocol/call.ts';
import type { OperationName } from '../protocol/routes.ts';
import { completeMultipartUpload } from './complete.ts';
import { getJobOutput } from './job-output.ts';
import { describeJob, initiateJob, listJobs } from './jobs.ts';
import { abortMultipartUpload, initiateMultipartUpload, listMultipartUploads, listParts } from './multipart.ts';
import { uploadMultipartPart } from './parts.ts';
import { createVault, deleteVault, describeVault, listVaults } from './vaults.ts';

export const operations: Record<OperationName, Operation> = {
  ListVaults: listVaults,
  CreateVault: createVault,
  DescribeVault: describeVault,
  DeleteVault: deleteVault,
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
};
