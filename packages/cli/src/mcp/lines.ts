/** One line of a stream, or that it was longer than allowed. */
export type Line = { readonly text: string } | { readonly tooLong: true };

const newline = 10;

/**
 * Splits bytes at line breaks. A line that is longer than `maxBytes` is dropped as it arrives, so
 * that it costs no memory, and reported once.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let size = 0;
  const add = (part: Uint8Array) => {
    size += part.length;
    if (size > maxBytes) parts = [];
    else parts.push(part);
  };
  const take = (): Line => {
    const line: Line = size > maxBytes ? { tooLong: true } : { text: Buffer.concat(parts).toString("utf8") };
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  }
  if (size > 0) yield take();
}
