/**
 * The text of a file, without a byte order mark: UTF-8, or UTF-16 as Windows PowerShell and Notepad
 * write it.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isBigEndian = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const isLittleEndian = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const encoding = isBigEndian ? "utf-16be" : isLittleEndian ? "utf-16le" : "utf-8";
  return bytes.length < 2 ? String.fromCharCode(...bytes) : new TextDecoder(encoding).decode(bytes);
}
