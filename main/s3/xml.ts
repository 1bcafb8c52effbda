import sax from 'sax';
import { errorText } from '../../shared/error-text.ts';
import { type Result, ok } from '../../shared/result.ts';
import { garbled } from '../aws/garbled.ts';

/** `text`: all that stands in it outside of its children. */
export type XmlElement = { name: string; text: string; children: XmlElement[] };

/** What an answer says is not in the form that was documented. The message says what. */
export class UnexpectedXml extends Error {
  override name = 'UnexpectedXml';
}

/**
 * The root of an XML document, after any white space. Strict: what was cut off, and everything that a document type could
 * declare, is an error. Entities are the five of XML and numbers, so that nothing can grow.
 * @throws UnexpectedXml
 */
export function parseXml(bytes: Uint8Array): XmlElement {
  // Its types know fewer options than it has.
  const parser = sax.parser(true, { strictEntities: true, position: false } as sax.SAXOptions);
  const open: XmlElement[] = [];
  const roots: XmlElement[] = [];
  const refuse = (what: string) => (): never => {
    throw new UnexpectedXml(what);
  };
  parser.onerror = refuse('it is not whole XML');
  parser.ondoctype = refuse('it has a document type');
  const addText = (text: string): void => {
    const element = open.at(-1);
    if (element) element.text += text;
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  parser.onopentag = ({ name }) => {
    const element: XmlElement = { name, text: '', children: [] };
    if (open.length === 0 && roots.length > 0) refuse('it has two roots')();
    (open.at(-1)?.children ?? roots).push(element);
    open.push(element);
  };
  parser.onclosetag = () => {
    open.pop();
  };
  parser.write(utf8(bytes).trimStart()).close();
  return roots[0] ?? refuse('it is empty')();
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnexpectedXml('it is not UTF-8');
  }
}

/** What `read` makes of a document with this root; `answer-garbled` when it is another one or lacks what `read` needs. */
export function readXml<T>(body: Uint8Array, root: string, read: (element: XmlElement) => T): Result<T> {
  try {
    const element = parseXml(body);
    if (element.name !== root) throw new UnexpectedXml(`it is a ${element.name}, not a ${root}`);
    return ok(read(element));
  } catch (error) {
    if (error instanceof UnexpectedXml) return garbled(errorText(error));
    throw error;
  }
}

export function elementsOf(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter((child) => child.name === name);
}

export function elementOf(parent: XmlElement, name: string): XmlElement | null {
  return parent.children.find((child) => child.name === name) ?? null;
}

/** Empty when it is absent. */
export function textOf(parent: XmlElement, name: string): string {
  return elementOf(parent, name)?.text ?? '';
}

/** Null when it is absent or empty. */
export function optionalText(parent: XmlElement, name: string): string | null {
  const text = textOf(parent, name);
  return text === '' ? null : text;
}

/** @throws UnexpectedXml when it is absent or empty, as all below do when what is there is of another form. */
export function neededText(parent: XmlElement, name: string): string {
  const text = textOf(parent, name);
  if (text === '') throw new UnexpectedXml(`${parent.name} lacks ${name}`);
  return text;
}

export function countOf(parent: XmlElement, name: string): number {
  const text = neededText(parent, name);
  if (!/^\d{1,15}$/.test(text)) throw new UnexpectedXml(`${name} is no number`);
  return Number(text);
}

/** Milliseconds since 1970. */
export function timeOf(parent: XmlElement, name: string): number {
  const ms = Date.parse(neededText(parent, name));
  if (Number.isNaN(ms)) throw new UnexpectedXml(`${name} is no time`);
  return ms;
}

export function isTrueIn(parent: XmlElement, name: string): boolean {
  return textOf(parent, name) === 'true';
}
