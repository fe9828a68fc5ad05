/** One element of ASN.1 in BER, of which DER is a subset. ITU-T X.690. */
export interface Element {
  /** The identifier octet, e.g. 0x30 for a sequence. */
  readonly tag: number;
  /** Contents of a primitive element. */
  readonly body: Buffer;
  /** Elements of a constructed element; empty for a primitive one. */
  readonly children: readonly Element[];
  /** The whole encoded element. */
  readonly raw: Buffer;
}

/** No certificate file nests deeper; a limit prevents stack overflow. */
const maxDepth = 32;

export class DerError extends Error {
  override readonly name = "DerError";
}

interface Head {
  readonly tag: number;
  readonly start: number;
  /** Bytes; `undefined`: up to an end-of-contents marker. */
  readonly length: number | undefined;
}

function readHead(bytes: Buffer, at: number): Head {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new DerError("no element");
  if (first < 0x80) return { tag, start: at + 2, length: first };
  if (first === 0x80) return { tag, start: at + 2, length: undefined };
  const octets = first & 0x7f;
  if (octets > 4 || at + 2 + octets > bytes.length) throw new DerError("no length");
  return { tag, start: at + 2 + octets, length: bytes.readUIntBE(at + 2, octets) };
}

const isConstructed = (tag: number) => (tag & 0x20) !== 0;

function readAt(bytes: Buffer, at: number, depth: number): { readonly element: Element; readonly end: number } {
  if (depth > maxDepth) throw new DerError("nested too deep");
  const { tag, start, length } = readHead(bytes, at);
  if (length === undefined) {
    const { children, end } = readChildren(bytes, start, undefined, depth);
    return { element: { tag, body: Buffer.alloc(0), children, raw: bytes.subarray(at, end) }, end };
  }
  const end = start + length;
  if (end > bytes.length) throw new DerError("cut off");
  const body = bytes.subarray(start, end);
  const children = isConstructed(tag) ? readChildren(bytes, start, end, depth).children : [];
  return { element: { tag, body, children, raw: bytes.subarray(at, end) }, end };
}

function readChildren(bytes: Buffer, start: number, stop: number | undefined, depth: number) {
  const children: Element[] = [];
  let at = start;
  while (stop === undefined ? bytes[at] !== 0 || bytes[at + 1] !== 0 : at < stop) {
    const { element, end } = readAt(bytes, at, depth + 1);
    if (stop !== undefined && end > stop) throw new DerError("cut off");
    children.push(element);
    at = end;
  }
  return { children, end: stop ?? at + 2 };
}

/** Reads the element at the start of these bytes. */
export function readDer(bytes: Buffer): Element {
  return readAt(bytes, 0, 0).element;
}

/** The child at that index; throws if there is none. */
export function child(parent: Element | undefined, index: number): Element {
  const found = parent?.children[index];
  if (found === undefined) throw new DerError("something is missing");
  return found;
}

/** The octets of an octet string, which BER may split into several. */
export function octets(element: Element): Buffer {
  return element.children.length === 0 ? element.body : Buffer.concat(element.children.map(octets));
}

/** A non-negative integer of at most six bytes. */
export function integer({ body }: Element): number {
  if (body.length === 0 || body.length > 6 || ((body[0] ?? 0) & 0x80) !== 0) throw new DerError("no such number");
  return body.readUIntBE(0, body.length);
}

/** An object identifier in dotted form. */
export function objectId({ tag, body }: Element): string {
  if (tag !== 0x06 || body.length === 0) throw new DerError("no object identifier");
  const parts: number[] = [];
  let part = 0;
  for (const octet of body) {
    part = part * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    if (parts.length === 0)
      parts.push(Math.min(2, Math.floor(part / 40)), part - 40 * Math.min(2, Math.floor(part / 40)));
    else parts.push(part);
    part = 0;
  }
  return parts.join(".");
}
