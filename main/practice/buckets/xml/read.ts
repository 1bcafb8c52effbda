/** An element of a request's body. `text` is what stands in it outside of its children. */
export type XmlElement = { name: string; children: XmlElement[]; text: string };

/**
 * Reads a small XML document: elements, text, the five named entities and numbered ones, comments, CDATA. Attributes are
 * checked for their form and dropped, prefixes of namespaces too. A document type is refused, whatever it says. Null when
 * the text is no such document.
 */
export function readXml(text: string): XmlElement | null {
  try {
    return new Reader(text).document();
  } catch (error) {
    if (error instanceof NotXml) return null;
    throw error;
  }
}

/** The only child of that name; null when there is none. */
export function childOf(element: XmlElement, name: string): XmlElement | null {
  return element.children.find((child) => child.name === name) ?? null;
}

/** The text of the only child of that name; null when there is none. */
export function textOf(element: XmlElement, name: string): string | null {
  return childOf(element, name)?.text.trim() ?? null;
}

class NotXml extends Error {}

/** Deeper than any request of S3. */
const MAX_DEPTH = 20;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  document(): XmlElement {
    this.#take(/<\?xml\s[^>]*\?>/y);
    this.#skipMisc();
    const root = this.#element(0);
    this.#skipMisc();
    if (this.#at !== this.#text.length) throw new NotXml();
    return root;
  }

  #element(depth: number): XmlElement {
    const tag = this.#take(/<([\w.-]+:)?([\w.-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y);
    if (!tag || depth > MAX_DEPTH) throw new NotXml();
    const [, prefix = '', name = '', , isEmpty = ''] = tag;
    const element: XmlElement = { name, children: [], text: '' };
    if (isEmpty === '') this.#contents(element, prefix + name, depth);
    return element;
  }

  #contents(element: XmlElement, tag: string, depth: number): void {
    const texts: string[] = [];
    for (;;) {
      const plain = this.#take(/[^<]+/y);
      const cdata = plain ? null : this.#take(/<!\[CDATA\[([\s\S]*?)\]\]>/y);
      if (plain) texts.push(unescape(plain[0]));
      else if (cdata) texts.push(cdata[1] ?? '');
      else if (this.#skipComment()) continue;
      else if (this.#text.startsWith('</', this.#at)) break;
      else element.children.push(this.#element(depth + 1));
    }
    if (this.#take(/<\/([\w.:-]+)\s*>/y)?.[1] !== tag) throw new NotXml();
    element.text = texts.join('');
  }

  #skipMisc(): void {
    while (this.#take(/\s+/y) ?? this.#skipComment());
  }

  #skipComment(): RegExpExecArray | null {
    return this.#take(/<!--(?:(?!--)[\s\S])*-->/y);
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w*));?/g,
    (all, hex?: string, decimal?: string, name = '') => {
      if (!all.endsWith(';')) throw new NotXml();
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      const char = Number.isNaN(code)
        ? entities[name as string]
        : code <= 0x10_ff_ff
          ? String.fromCodePoint(code)
          : undefined;
      if (char === undefined) throw new NotXml();
      return char;
    },
  );
}
