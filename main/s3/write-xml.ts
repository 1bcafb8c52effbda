import { createHash } from 'node:crypto';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** What stands in an element: text, or elements in their order. */
export type XmlContent = string | number | boolean | readonly XmlField[];
export type XmlField = readonly [name: string, content: XmlContent];

type Sent = { body: Uint8Array; headers: Record<string, string> };

/** A document as S3 takes it, to be the body of a request. */
export function xmlBody(root: string, fields: readonly XmlField[]): Sent {
  const body = Buffer.from(`<${root} xmlns="${NAMESPACE}">${fields.map(element).join('')}</${root}>`);
  return { body, headers: { 'content-type': 'application/xml' } };
}

/** The same for requests that are refused without a digest of their body: the old one, and the one that some services do not know. */
export function digestedXmlBody(root: string, fields: readonly XmlField[]): Sent {
  const { body, headers } = xmlBody(root, fields);
  const digest = (algorithm: string): string => createHash(algorithm).update(body).digest('base64');
  return { body, headers: { ...headers, 'content-md5': digest('md5'), 'x-amz-checksum-sha256': digest('sha256') } };
}

function element([name, content]: XmlField): string {
  const inner = typeof content === 'object' ? content.map(element).join('') : escaped(String(content));
  return `<${name}>${inner}</${name}>`;
}

/** Line ends as numbers: parsers make all of them into one kind. */
function escaped(text: string): string {
  return text.replace(/[&<>"\r\n\t]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Whether XML 1.0 can hold the text at all: it has no way to write most control characters. */
export function isXmlText(text: string): boolean {
  return text.isWellFormed() && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text);
}
