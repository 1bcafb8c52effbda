import { refusalAnswer } from '../../../main/practice/buckets/protocol/answers.ts';
import { type Refusal, refusal, refusals } from '../../../main/practice/buckets/protocol/refusals.ts';
import type { Answer } from '../../../main/practice/exchange/answer.ts';
import { rejectionAnswer } from '../../../main/practice/vaults/protocol/answers.ts';
import { type Rejection, rejections } from '../../../main/practice/vaults/protocol/rejections.ts';
import type { Behaviour, bucketErrorCodes, errorCodes } from './faults.ts';

const html = '<html><head><title>503 Service Temporarily Unavailable</title></head><body>nginx</body></html>\r\n';

/** A service's error, a load balancer's page, or a bare status. */
export function errorAnswer({ code, body }: Extract<Behaviour, { kind: 'error' }>): Answer {
  const answer = rejectionAnswer(rejectionOf[code]);
  switch (body) {
    case 'json':
      return answer;
    case 'none':
      return { ...answer, headers: {}, body: null, code: null };
    case 'html':
      return { ...answer, headers: { 'Content-Type': 'text/html' }, body: Buffer.from(html), code: null };
  }
}

const server = (status: number, code: string, message: string): Rejection => ({
  ...rejections.serviceUnavailable(),
  status,
  code,
  message,
});

const rejectionOf: Record<(typeof errorCodes)[number], Rejection> = {
  AccessDeniedException: rejections.denied('You are not authorized to perform this operation.'),
  ExpiredTokenException: rejections.tokenExpired(),
  // The guide says 503; the API model says 400.
  InsufficientCapacityException: server(503, 'InsufficientCapacityException', 'There is no capacity for this request.'),
  NoLongerSupportedException: rejections.closedAccount(),
  PolicyEnforcedException: rejections.policyEnforced(),
  RequestTimeoutException: rejections.timedOut(),
  // A load balancer's, for a 503 of any body.
  ServiceUnavailable: server(503, 'ServiceUnavailable', 'Service Unavailable'),
  ServiceUnavailableException: rejections.serviceUnavailable(),
  ThrottlingException: rejections.throttled(),
};

/** The same of S3. `method` of the request: HEAD gets no body. */
export function bucketErrorAnswer(
  { code, body }: Pick<Extract<Behaviour, { kind: 'bucket-error' }>, 'code' | 'body'>,
  method: string,
): Answer {
  const answer = refusalAnswer(refusalOf[code], { method, requestId: '0123456789ABCDEF', hostId: 'aFault' });
  switch (body) {
    case 'xml':
      return answer;
    case 'none':
      return { ...answer, headers: {}, body: null, code: null };
    case 'html':
      return {
        ...answer,
        headers: { 'Content-Type': 'text/html' },
        body: method === 'HEAD' ? null : Buffer.from(html),
        code: null,
      };
  }
}

const refusalOf: Record<(typeof bucketErrorCodes)[number], Refusal> = {
  AccessDenied: refusals.denied(),
  ExpiredToken: refusal(400, 'ExpiredToken', 'The provided token has expired.'),
  GlacierExpeditedRetrievalNotAvailable: refusal(
    503,
    'GlacierExpeditedRetrievalNotAvailable',
    'Glacier expedited retrievals are currently not available. Try again later.',
  ),
  InternalError: refusals.internal(),
  InvalidAccessKeyId: refusal(
    403,
    'InvalidAccessKeyId',
    'The AWS Access Key Id you provided does not exist in our records.',
  ),
  NoSuchUpload: refusals.uploadMissing('unknown'),
  OperationAborted: refusal(
    409,
    'OperationAborted',
    'A conflicting conditional operation is currently in progress against this resource. Please try again.',
  ),
  RequestTimeout: refusals.timedOut(),
  RequestTimeTooSkewed: refusal(
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  ),
  ServiceUnavailable: refusal(503, 'ServiceUnavailable', 'Service is unable to handle request.'),
  SlowDown: refusal(503, 'SlowDown', 'Please reduce your request rate.'),
};
