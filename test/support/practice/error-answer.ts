import { type Answer, rejectionAnswer } from '../../../main/practice/protocol/answer.ts';
import { rejections } from '../../../main/practice/protocol/rejections.ts';
import type { Rejection } from '../../../main/practice/protocol/rejections.ts';
import type { Behaviour, errorCodes } from './faults.ts';

const html = '<html><head><title>503 Service Temporarily Unavailable</title></head><body>nginx</body></html>\r\n';

/** A service's error, a load balancer's page, or a bare status. */
export function errorAnswer({ code, body }: Extract<Behaviour, { kind: 'error' }>): Answer {
  const answer = rejectionAnswer(rejectionOf[code]);
  switch (body) {
    case 'json':
      return answer;
    case 'none':
      return { ...answer, headers: {}, body: null };
    case 'html':
      return { ...answer, headers: { 'Content-Type': 'text/html' }, body: Buffer.from(html) };
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
