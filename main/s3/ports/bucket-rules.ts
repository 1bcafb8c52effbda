import { STORAGE_CLASSES } from '../../../shared/place.ts';
import { GiB, MiB } from '../../../shared/units.ts';
import type { UploadRules } from '../../places/ports/upload-target.ts';
import type { Provider } from '../provider.ts';

/** S3 takes parts of 5 MiB to 5 GiB (user guide, "Multipart upload limits"): the powers of two between them, from 8 MiB to 4 GiB. */
const PART_SIZES: readonly number[] = Array.from({ length: 10 }, (_, n) => 8 * MiB * 2 ** n);

/** PutObject takes 5 GiB; what is lost on the way has to be sent again from the beginning, so that less is better. */
const LARGEST_IN_ONE_REQUEST = 5 * GiB;

export function bucketRules({ mostParts }: Provider): UploadRules {
  return {
    partSizes: PART_SIZES,
    mostParts,
    wholeUpTo: LARGEST_IN_ONE_REQUEST,
    sessionLifeMs: null,
    storageClasses: STORAGE_CLASSES,
  };
}
