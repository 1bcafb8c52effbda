import type { PlaceName } from '../../../shared/place.ts';
import type { Result } from '../../../shared/result.ts';

/** What the service tells of a place. `listedAt`: of which date the counts are; null where it keeps none. Sizes in bytes. */
export type PlaceFacts = PlaceName & {
  createdAt: number;
  archives: number | null;
  bytes: number | null;
  listedAt: number | null;
};

/** The places of an account at one service. */
export interface PlaceAdmin {
  list(signal: AbortSignal): Promise<Result<PlaceFacts[]>>;
  /** Creating one that exists and is this account's succeeds and changes nothing. */
  create(name: string, signal: AbortSignal): Promise<Result<null>>;
  /** `vault-missing` when there is none. */
  describe(name: string, signal: AbortSignal): Promise<Result<PlaceFacts>>;
  /** Only one that is empty; `rejected` while the service is not sure of that. One that is gone already counts as deleted. */
  remove(name: string, signal: AbortSignal): Promise<Result<null>>;
  /** Multipart uploads that are open in it. */
  countOpenUploads(name: string, signal: AbortSignal): Promise<Result<number>>;
}
