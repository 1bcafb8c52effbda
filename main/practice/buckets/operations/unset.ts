import { fail, ok } from '../../../../shared/result.ts';
import { canonicalId, xmlAnswer } from '../protocol/answers.ts';
import { type Operation, type Service, findBucket } from '../protocol/call.ts';
import { refusals } from '../protocol/refusals.ts';
import { type Xml, document, element } from '../xml/write.ts';
import { simple } from './plans.ts';
import { findObject } from './read-object.ts';

/**
 * What tools ask about that cannot be set here: it is told as S3 tells it of a bucket where nobody has set it.
 */
export const getBucketPolicy = missing('NoSuchBucketPolicy', 'The bucket policy does not exist');
export const getBucketCors = missing('NoSuchCORSConfiguration', 'The CORS configuration does not exist');
export const getBucketTagging = missing('NoSuchTagSet', 'The TagSet does not exist');
export const getBucketWebsite = missing(
  'NoSuchWebsiteConfiguration',
  'The specified bucket does not have a website configuration',
);

export const getBucketRequestPayment = simple(() =>
  ok(xmlAnswer(document('RequestPaymentConfiguration', element('Payer', 'BucketOwner')))),
);

export const getBucketLogging = simple(() => ok(xmlAnswer(document('BucketLoggingStatus'))));

/** Everything belongs to the account, which may do everything. */
export const getBucketAcl = simple((service) => ok(xmlAnswer(document('AccessControlPolicy', ownersList(service)))));

export const getObjectAcl = simple((service, call) => {
  const found = findObject(service, call);
  return found.ok ? ok(xmlAnswer(document('AccessControlPolicy', ownersList(service)))) : found;
});

function ownersList({ accountNumber }: Service): Xml {
  const id = element('ID', canonicalId(accountNumber)).xml;
  const grantee = `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">${id}</Grantee>`;
  const grant = element('Grant', { xml: grantee }, element('Permission', 'FULL_CONTROL'));
  return { xml: element('Owner', { xml: id }).xml + element('AccessControlList', grant).xml };
}

function missing(code: string, message: string): Operation {
  return simple((service, call) => {
    const bucket = findBucket(service, call);
    return bucket.ok ? fail(refusals.nothingSet(code, message, bucket.value.name)) : bucket;
  });
}
