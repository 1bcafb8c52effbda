import { readDescription, writeDescription } from '../../../shared/description.ts';
import type { NameCodec } from '../../places/ports/name-codec.ts';

/** Archive descriptions, in FastGlacier's format; those of other tools are read as well. */
export const vaultNames: NameCodec = {
  encode: ({ path, modifiedAt }) => writeDescription({ path, modifiedAt }),
  decode: readDescription,
};
