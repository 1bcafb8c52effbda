import { fail, ok } from '../../../../shared/result.ts';
import { committed, emptyAnswer, xmlAnswer } from '../protocol/answers.ts';
import { findBucket } from '../protocol/call.ts';
import { refusals } from '../protocol/refusals.ts';
import { readDocument } from '../protocol/xml-body.ts';
import { textOf } from '../xml/read.ts';
import { document, element, nothing } from '../xml/write.ts';
import { checked, simple } from './plans.ts';

/** Nothing is said where versions were never kept. */
export const getBucketVersioning = simple((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const { versioning } = bucket.value.settings;
  return ok(
    xmlAnswer(document('VersioningConfiguration', versioning === 'off' ? nothing : element('Status', versioning))),
  );
});

export const putBucketVersioning = checked((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const root = readDocument(call, 'VersioningConfiguration');
  if (!root.ok) return root;
  const status = textOf(root.value, 'Status');
  // Only the account's own root user may, with a device that the practice service has not.
  if (textOf(root.value, 'MfaDelete') === 'Enabled') return fail(refusals.denied());
  if (status !== 'Enabled' && status !== 'Suspended') return fail(refusals.malformedXml());
  if (status === 'Suspended' && bucket.value.settings.objectLock) {
    return fail(
      refusals.bucketState(
        'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      ),
    );
  }
  service.store.change(() => {
    service.store.buckets.update(bucket.value, { versioning: status });
  });
  return ok(committed(emptyAnswer(200)));
});
