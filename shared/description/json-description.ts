import { readCompactTime } from './compact-time.ts';
import { type Described, described } from './described.ts';
import { type JsonObject, numberIn, readObject, textIn } from './json-object.ts';
import { decodeUtf7 } from './utf7.ts';

/** Descriptions in JSON: CloudBerry's have `Path`, those of QNAP's Glacier app `path`. */
export function readJsonDescription(text: string): Described | null {
  const fields = readObject(text);
  return fields && (readCloudBerry(fields) ?? readQnap(fields));
}

const COMPRESSED = 1;
const ENCRYPTED = 2;

/** `{"Path":"c:\\a+AF8-b.txt","UTCDateModified":"20130102T030405Z","Flags":3}`, the path in UTF-7; any key but the first may be missing. */
function readCloudBerry(fields: JsonObject): Described | null {
  const path = textIn(fields, 'Path');
  if (path === null) return null;
  const flags = numberIn(fields, 'Flags');
  return described({
    path: decodeUtf7(path),
    by: 'cloudberry',
    modifiedAt: readCompactTime(textIn(fields, 'UTCDateModified')),
    compressed: flags === null ? null : (flags & COMPRESSED) !== 0,
    encrypted: flags === null ? null : (flags & ENCRYPTED) !== 0,
  });
}

/** `{"path":"/sample/1234.pdf","type":"file"}`. */
function readQnap(fields: JsonObject): Described | null {
  const path = textIn(fields, 'path');
  if (path === null) return null;
  const type = textIn(fields, 'type');
  return described({ path, by: 'qnap', isFolder: type === null ? null : type !== 'file' });
}
