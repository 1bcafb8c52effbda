import type { Place } from '../../../shared/place.ts';
import type { Census } from './census.ts';
import type { Checksummer } from './checksummer.ts';
import type { NameCodec } from './name-codec.ts';
import type { PlaceAdmin } from './place-admin.ts';
import type { Remover } from './remover.ts';
import type { Thaw } from './thaw.ts';
import type { UploadTarget } from './upload-target.ts';

/** All that can be done with a place. A step takes the ports that it needs, and asks for no kind of place. */
export type PlacePorts = {
  target: UploadTarget;
  checksums: Checksummer;
  names: NameCodec;
  census: Census;
  thaw: Thaw;
  remover: Remover;
};

/** A place with all that can be done with it. `host`: whom that is asked of. */
export type ServedPlace = PlacePorts & { name: string; admin: PlaceAdmin; host: string };

/** An account at one service. */
export type PlaceAdapter = {
  /** Whom it speaks with: host and port. */
  readonly host: string;
  /** Of a place of this account at this service. */
  ports(place: Place): PlacePorts;
  readonly admin: PlaceAdmin;
};
