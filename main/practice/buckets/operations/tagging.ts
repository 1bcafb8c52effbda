import { ok } from '../../../../shared/result.ts';
import { xmlAnswer } from '../protocol/answers.ts';
import { versionHeader } from '../protocol/object-headers.ts';
import { document, element, series } from '../xml/write.ts';
import { simple } from './plans.ts';
import { findObject } from './read-object.ts';

/** The tags that came with the object. */
export const getObjectTagging = simple((service, call) => {
  const found = findObject(service, call);
  if (!found.ok) return found;
  const { bucket, version } = found.value;
  const tags = Object.entries(version.object.tags).map(([key, value]) =>
    element('Tag', element('Key', key), element('Value', value)),
  );
  const headers = versionHeader(bucket, version.versionId);
  return ok(xmlAnswer(document('Tagging', element('TagSet', series(tags))), headers));
});
