import type { SinkFor } from '../aws/http-answer.ts';
import type { S3Refusal } from './refusal.ts';

/** One request of the API. `F`: outcomes of its own, next to the failures that any request can have. */
export type Operation<F = never> = {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Null for requests of the account. */
  bucket: string | null;
  /** Decoded. */
  key?: string;
  /** A part of the API that has no value has an empty one: `uploads`. */
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array;
  /** The right that it needs: `s3:PutObject`. A refusal does not always say it. */
  action: string;
  /** What a 404 is about when the bucket is there, with its article as in "The object". */
  thing?: string;
  /** Doing twice what it asks for changes nothing and costs nothing. */
  isRepeatable: boolean;
  /** What it is refused for where nobody knows whose the bucket is: nothing that is absent may be taken for deleted. */
  destroys?: boolean;
  /** The bucket need not be anybody's yet. */
  isOfNobody?: boolean;
  /** The operation's own reading of a refusal; null leaves it to the common one. */
  ownOutcome?: (refusal: S3Refusal) => F | null;
  /** Where the body of a success goes instead of being kept. */
  sink?: SinkFor;
  limits?: { idleTimeoutMs?: number; maxAnswerBytes?: number };
};
