const entities: Readonly<Record<string, string>> = {
  "&nbsp;": " ",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&apos;": "'",
  "&amp;": "&",
};

/**
 * The text of a message that may be an HTML page: core shows plain text, so that no page can run a
 * script.
 */
export function pageText(message: string | undefined): string | undefined {
  if (message === undefined || !/<[a-z!/]/i.test(message)) return message;
  return message
    .replace(/<(script|style|title)\b[^>]*>.*?<\/\1>/gis, "")
    .replace(/<\/?(?:a|b|code|em|i|small|span|strong|u)\b[^>]*>/gi, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&(?:nbsp|lt|gt|quot|#39|apos|amp);/g, (entity) => entities[entity] ?? entity)
    .replace(/\s+/g, " ")
    .trim();
}
