import { decodeBase64, decodeUtf8 } from './base64.ts';
import { readCompactTime } from './compact-time.ts';
import { type Described, described } from './described.ts';
import { readObject, textIn } from './json-object.ts';

const marked = /^mt([12])\s+(\S+)$/;

/** mt-aws-glacier's descriptions: `mt2 ` and base64url of JSON; `mt1 ` is the same with the UTF-8 encoded twice. */
export function readMtAwsGlacier(text: string): Described | null {
  const [, version, encoded = ''] = marked.exec(text) ?? [];
  const bytes = decodeBase64(encoded);
  const json = bytes === null ? null : version === '1' ? decodeTwice(bytes) : decodeUtf8(bytes);
  const fields = json === null ? null : readObject(json);
  const path = fields && textIn(fields, 'filename');
  if (!path) return null;
  return described({
    path,
    by: 'mt-aws-glacier',
    modifiedAt: readCompactTime(textIn(fields, 'mtime')),
    isFolder: false,
  });
}

function decodeTwice(bytes: Uint8Array): string | null {
  const latin1 = decodeUtf8(bytes);
  if (latin1 === null || /[^\u0000-\u00ff]/.test(latin1)) return null;
  return decodeUtf8(Uint8Array.from(latin1, (char) => char.charCodeAt(0)));
}
