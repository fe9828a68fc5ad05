/** Characters of a path or a host in a message. */
const maxLength = 80;

/** A path or an address for a message: its end, which tells it apart from others. */
export function shorten(text: string): string {
  return text.length <= maxLength ? text : `…${text.slice(1 - maxLength)}`;
}
