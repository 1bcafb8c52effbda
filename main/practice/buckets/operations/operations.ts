import type { Operation } from '../protocol/call.ts';
import type { BucketOperation } from '../protocol/routes.ts';
import {
  deleteBucketEncryption,
  deleteBucketOwnershipControls,
  deletePublicAccessBlock,
  getBucketEncryption,
  getBucketOwnershipControls,
  getPublicAccessBlock,
  putBucketEncryption,
  putBucketOwnershipControls,
  putPublicAccessBlock,
} from './bucket-defaults.ts';
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from './buckets.ts';
import { completeMultipartUpload } from './complete.ts';
import { deleteObject, deleteObjects } from './delete-object.ts';
import {
  deleteBucketLifecycle,
  getBucketLifecycleConfiguration,
  putBucketLifecycleConfiguration,
} from './lifecycle.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';
import { listMultipartUploads, listParts } from './list-uploads.ts';
import { listObjectVersions } from './list-versions.ts';
import { abortMultipartUpload, createMultipartUpload, uploadPart } from './multipart.ts';
import { getObjectAttributes } from './object-attributes.ts';
import {
  getObjectLegalHold,
  getObjectLockConfiguration,
  getObjectRetention,
  putObjectLegalHold,
  putObjectLockConfiguration,
  putObjectRetention,
} from './object-lock.ts';
import { putObject } from './put-object.ts';
import { getObject, headObject } from './read-object.ts';
import { restoreObject } from './restore-object.ts';
import { getObjectTagging } from './tagging.ts';
import {
  getBucketAcl,
  getBucketCors,
  getBucketLogging,
  getBucketPolicy,
  getBucketRequestPayment,
  getBucketTagging,
  getBucketWebsite,
  getObjectAcl,
} from './unset.ts';
import { getBucketVersioning, putBucketVersioning } from './versioning.ts';

export const operations: Record<BucketOperation, Operation> = {
  ListBuckets: listBuckets,
  CreateBucket: createBucket,
  HeadBucket: headBucket,
  DeleteBucket: deleteBucket,
  GetBucketLocation: getBucketLocation,
  GetBucketVersioning: getBucketVersioning,
  PutBucketVersioning: putBucketVersioning,
  GetBucketLifecycleConfiguration: getBucketLifecycleConfiguration,
  PutBucketLifecycleConfiguration: putBucketLifecycleConfiguration,
  DeleteBucketLifecycle: deleteBucketLifecycle,
  GetPublicAccessBlock: getPublicAccessBlock,
  PutPublicAccessBlock: putPublicAccessBlock,
  DeletePublicAccessBlock: deletePublicAccessBlock,
  GetBucketOwnershipControls: getBucketOwnershipControls,
  PutBucketOwnershipControls: putBucketOwnershipControls,
  DeleteBucketOwnershipControls: deleteBucketOwnershipControls,
  GetBucketEncryption: getBucketEncryption,
  PutBucketEncryption: putBucketEncryption,
  DeleteBucketEncryption: deleteBucketEncryption,
  GetObjectLockConfiguration: getObjectLockConfiguration,
  PutObjectLockConfiguration: putObjectLockConfiguration,
  GetBucketAcl: getBucketAcl,
  GetBucketCors: getBucketCors,
  GetBucketLogging: getBucketLogging,
  GetBucketPolicy: getBucketPolicy,
  GetBucketRequestPayment: getBucketRequestPayment,
  GetBucketTagging: getBucketTagging,
  GetBucketWebsite: getBucketWebsite,
  ListMultipartUploads: listMultipartUploads,
  ListObjectVersions: listObjectVersions,
  ListObjectsV2: listObjectsV2,
  ListObjects: listObjects,
  DeleteObjects: deleteObjects,
  CreateMultipartUpload: createMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
  UploadPart: uploadPart,
  RestoreObject: restoreObject,
  GetObjectAttributes: getObjectAttributes,
  GetObjectRetention: getObjectRetention,
  PutObjectRetention: putObjectRetention,
  GetObjectLegalHold: getObjectLegalHold,
  PutObjectLegalHold: putObjectLegalHold,
  GetObjectTagging: getObjectTagging,
  GetObjectAcl: getObjectAcl,
  HeadObject: headObject,
  GetObject: getObject,
  PutObject: putObject,
  DeleteObject: deleteObject,
};
