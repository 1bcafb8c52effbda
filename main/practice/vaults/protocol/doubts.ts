import { assertNever } from '../../../../shared/assert.ts';
import { MINUTE } from '../../../../shared/units.ts';
import type { Doubt } from '../../signature/verify.ts';
import { type Rejection, rejections } from './rejections.ts';

/** What Glacier answers to a request that it does not take for its sender's. */
export function rejectionOf(doubt: Doubt): Rejection {
  switch (doubt.kind) {
    case 'unsigned':
      return rejections.noAuthentication();
    case 'authorization-malformed':
      return rejections.authorizationMalformed(doubt.header);
    case 'key-unknown':
    case 'token-wrong':
      return rejections.clientUnknown();
    case 'token-expired':
      return rejections.tokenExpired();
    case 'date-malformed':
      return rejections.dateMalformed();
    case 'too-late':
      return rejections.signatureExpired(doubt.date, doubt.limit, doubt.now, doubt.windowMs / MINUTE);
    case 'too-early':
      return rejections.signatureTooEarly(doubt.date, doubt.limit, doubt.now, doubt.windowMs / MINUTE);
    case 'scope-day':
      return rejections.scopeDay(doubt.day, doubt.date);
    case 'scope-region':
      return rejections.scopeRegion(doubt.region);
    case 'scope-service':
      return rejections.scopeService();
    case 'header-not-signed':
      return rejections.headerNotSigned(doubt.name);
    case 'signed-header-missing':
      return rejections.signedHeaderMissing(doubt.name);
    case 'signature-wrong':
      return rejections.signatureMismatch(doubt.canonical, doubt.toSign);
    default:
      return assertNever(doubt);
  }
}
