/** A piece of an XML document, as it will be sent. */
export type Xml = { readonly xml: string };

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

type Content = Xml | string | number | boolean | null | undefined;

/** An element; contents that are null or undefined are left out, and so are they all when `null` is the only one. */
export function element(name: string, ...contents: readonly Content[]): Xml {
  return { xml: `<${name}>${contents.map(render).join('')}</${name}>` };
}

/** An element only where there is something to say. */
export function optional(name: string, content: Content): Xml {
  return content === null || content === undefined ? nothing : element(name, content);
}

export const nothing: Xml = { xml: '' };

/** Several elements in a row. */
export function series(elements: Iterable<Xml>): Xml {
  return { xml: Array.from(elements, ({ xml }) => xml).join('') };
}

/** A whole document in S3's namespace. */
export function document(root: string, ...contents: readonly Content[]): string {
  return `${XML_DECLARATION}<${root} xmlns="${NAMESPACE}">${contents.map(render).join('')}</${root}>`;
}

/** Errors stand in no namespace. */
export function bareDocument(root: string, ...contents: readonly Content[]): string {
  return `${XML_DECLARATION}${element(root, ...contents).xml}`;
}

function render(content: Content): string {
  if (content === null || content === undefined) return '';
  return typeof content === 'object' ? content.xml : escape(String(content));
}

/** Control characters, which no XML 1.0 may have, go out as S3 sends them: as references that some parsers refuse. */
function escape(text: string): string {
  return text.replace(/[&<>"\u0000-\u001f\u007f]/g, (char) => named[char] ?? `&#x${char.charCodeAt(0).toString(16)};`);
}

const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
