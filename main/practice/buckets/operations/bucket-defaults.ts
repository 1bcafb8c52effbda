import { fail, ok } from '../../../../shared/result.ts';
import { committed, emptyAnswer, xmlAnswer } from '../protocol/answers.ts';
import { type Operation, findBucket } from '../protocol/call.ts';
import { refusals } from '../protocol/refusals.ts';
import { readDocument } from '../protocol/xml-body.ts';
import { type BucketSettings, type Ownership, ownerships, publicAccessFlags } from '../store/records.ts';
import { childOf, textOf } from '../xml/read.ts';
import { document, element, series } from '../xml/write.ts';
import { checked, simple } from './plans.ts';

export const getPublicAccessBlock = simple((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const { publicAccessBlock } = bucket.value.settings;
  if (!publicAccessBlock) {
    return fail(
      refusals.nothingSet(
        'NoSuchPublicAccessBlockConfiguration',
        'The public access block configuration was not found',
        bucket.value.name,
      ),
    );
  }
  const flags = series(publicAccessFlags.map((flag) => element(flag, publicAccessBlock[flag])));
  return ok(xmlAnswer(document('PublicAccessBlockConfiguration', flags)));
});

/** What is not named is switched off. */
export const putPublicAccessBlock = checked((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const root = readDocument(call, 'PublicAccessBlockConfiguration');
  if (!root.ok) return root;
  const flags = publicAccessFlags.map((flag) => [flag, textOf(root.value, flag) ?? 'false'] as const);
  if (flags.some(([, text]) => text !== 'true' && text !== 'false')) return fail(refusals.malformedXml());
  const publicAccessBlock = Object.fromEntries(flags.map(([flag, text]) => [flag, text === 'true']));
  service.store.change(() => {
    service.store.buckets.update(bucket.value, {
      publicAccessBlock: publicAccessBlock as BucketSettings['publicAccessBlock'],
    });
  });
  return ok(committed(emptyAnswer(200)));
});

export const deletePublicAccessBlock = reset({ publicAccessBlock: null });

export const getBucketOwnershipControls = simple((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const { ownership } = bucket.value.settings;
  if (!ownership) {
    return fail(
      refusals.nothingSet(
        'OwnershipControlsNotFoundError',
        'The bucket ownership controls were not found',
        bucket.value.name,
      ),
    );
  }
  return ok(xmlAnswer(document('OwnershipControls', element('Rule', element('ObjectOwnership', ownership)))));
});

export const putBucketOwnershipControls = checked((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const root = readDocument(call, 'OwnershipControls');
  if (!root.ok) return root;
  const rule = childOf(root.value, 'Rule');
  const named = rule && textOf(rule, 'ObjectOwnership');
  const ownership = ownerships.find((known): known is Ownership => known === named);
  if (!ownership || root.value.children.length !== 1) return fail(refusals.malformedXml());
  service.store.change(() => {
    service.store.buckets.update(bucket.value, { ownership });
  });
  return ok(committed(emptyAnswer(200)));
});

export const deleteBucketOwnershipControls = reset({ ownership: null });

/** Every object is encrypted, by S3's own keys where nothing else is set. */
export const getBucketEncryption = simple((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const byDefault = element('ApplyServerSideEncryptionByDefault', element('SSEAlgorithm', 'AES256'));
  const rule = element('Rule', byDefault, element('BucketKeyEnabled', bucket.value.settings.bucketKey));
  return ok(xmlAnswer(document('ServerSideEncryptionConfiguration', rule)));
});

/** The practice service has no keys but S3's own. */
export const putBucketEncryption = checked((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const root = readDocument(call, 'ServerSideEncryptionConfiguration');
  if (!root.ok) return root;
  const rule = childOf(root.value, 'Rule');
  const byDefault = rule && childOf(rule, 'ApplyServerSideEncryptionByDefault');
  const algorithm = byDefault && textOf(byDefault, 'SSEAlgorithm');
  if (!rule || !algorithm) return fail(refusals.malformedXml());
  if (algorithm !== 'AES256') return fail(refusals.notImplemented('x-amz-server-side-encryption'));
  service.store.change(() => {
    service.store.buckets.update(bucket.value, { bucketKey: textOf(rule, 'BucketKeyEnabled') === 'true' });
  });
  return ok(committed(emptyAnswer(200)));
});

export const deleteBucketEncryption = reset({ bucketKey: false });

function reset(change: Partial<BucketSettings>): Operation {
  return simple((service, call) => {
    const bucket = findBucket(service, call);
    if (!bucket.ok) return bucket;
    service.store.change(() => {
      service.store.buckets.update(bucket.value, change);
    });
    return ok(committed(emptyAnswer(204)));
  });
}
