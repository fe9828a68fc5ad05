/**
 * How many of the last tokens are looked for, some hours of use: a server may repeat one that has
 * been renewed meanwhile.
 */
const maxTokens = 8;
/** Characters of the shortest token that is looked for: a shorter one stands in words by chance. */
const minLength = 16;

/**
 * The tokens that were sent to the server, which have no place in what it answers: a client shows
 * messages to a model, and keeps them in logs.
 */
export function createOwnTokens() {
  let sent: readonly string[] = [];
  return {
    /** Remembers a token, and returns it. */
    note(token: string): string {
      if (token.length >= minLength && !sent.includes(token)) sent = [...sent, token].slice(-maxTokens);
      return token;
    },
    /** The text with `[redacted]` in place of each of them. */
    removeFrom: (text: string): string => sent.reduce((left, token) => left.replaceAll(token, "[redacted]"), text),
  };
}
