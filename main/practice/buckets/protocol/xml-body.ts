import { type Result, fail, ok } from '../../../../shared/result.ts';
import { type XmlElement, readXml } from '../xml/read.ts';
import type { Call } from './call.ts';
import { type Refusal, refusals } from './refusals.ts';

/** The document of a body, whose root has that name. */
export function readDocument({ body }: Call, root: string): Result<XmlElement, Refusal> {
  const element = body.kind === 'small' ? readXml(body.bytes.toString('utf8')) : null;
  return element?.name === root ? ok(element) : fail(refusals.malformedXml());
}

export function hasBody({ body }: Call): boolean {
  return body.length > 0;
}
