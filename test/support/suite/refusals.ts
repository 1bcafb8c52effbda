import type { Why } from './port.ts';

const codes: Readonly<Record<string, Why>> = {
  InvalidParameterValueException: 'invalid',
  MissingParameterValueException: 'invalid',
  LimitExceededException: 'limit-exceeded',
  PolicyEnforcedException: 'policy-enforced',
  AccessDeniedException: 'access-denied',
  UnrecognizedClientException: 'credentials-rejected',
  ExpiredTokenException: 'credentials-expired',
  NoLongerSupportedException: 'closed-account',
};

/** What a code and message of Glacier mean; by itself, so that it can find fault with Firn's own reading. */
export function whyOf(code: string, message: string): Why {
  if (code === 'ResourceNotFoundException')
    return message.startsWith('Vault not found') ? 'vault-missing' : 'not-found';
  if (code === 'InvalidSignatureException') {
    return /^Signature (expired|not yet current)/.test(message) ? 'clock-wrong' : 'credentials-rejected';
  }
  return codes[code] ?? 'other';
}
