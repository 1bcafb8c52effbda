import { createHash } from 'node:crypto';
import { signatureOf } from '../../signature/canonical.ts';
import { type Claim } from '../../signature/verify.ts';
import { refusalOf } from './doubts.ts';
import type { Refusal } from './refusals.ts';

const EMPTY = createHash('sha256').digest('hex');

/** The chain of signatures that chunks carry, each over the one before it; the first is the request's own. */
export class ChunkSigner {
  readonly #claim: Claim;
  readonly #region: string;
  #previous: string;
  #toSign = '';
  #given = '';

  constructor(claim: Claim, region: string) {
    this.#claim = claim;
    this.#region = region;
    this.#previous = claim.authorization.signature;
  }

  /** `sha256` of the chunk's data in hexadecimal. */
  proves(sha256: string, signature: string): boolean {
    return this.#check(['AWS4-HMAC-SHA256-PAYLOAD', this.#previous, EMPTY, sha256], signature);
  }

  provesTrailer(text: string, signature: string): boolean {
    const sha256 = createHash('sha256').update(text, 'latin1').digest('hex');
    return this.#check(['AWS4-HMAC-SHA256-TRAILER', this.#previous, sha256], signature);
  }

  /** Of what was not proved. */
  refusal(): Refusal {
    const { accessKeyId } = this.#claim.authorization;
    const doubt = {
      kind: 'signature-wrong' as const,
      accessKeyId,
      signature: this.#given,
      canonical: '',
      toSign: this.#toSign,
    };
    return refusalOf(doubt, this.#region);
  }

  #check([algorithm = '', ...lines]: readonly string[], signature: string): boolean {
    const { authorization, credentials, amazonDate } = this.#claim;
    const { day, region, service } = authorization;
    this.#given = signature;
    this.#toSign = [algorithm, amazonDate, `${day}/${region}/${service}/aws4_request`, ...lines].join('\n');
    const expected = signatureOf(credentials.secretAccessKey, authorization, this.#toSign);
    this.#previous = expected;
    return expected === signature;
  }
}
