/**
 * A page with its generated parts replaced, each between `<!-- generated: {name} -->` and
 * `<!-- /generated -->`. `page` is its path, for the error when it has no place for one.
 */
export function fillPage(page: string, text: string, parts: ReadonlyMap<string, string>): string {
  let filled = text;
  for (const [name, part] of parts) {
    const begin = `<!-- generated: ${name} -->`;
    const [before, rest] = filled.split(begin);
    const end = rest?.indexOf("<!-- /generated -->") ?? -1;
    if (rest === undefined || end < 0) throw new Error(`${page} has no place "${begin}" … "<!-- /generated -->".`);
    filled = `${before}${begin}\n\n${part}\n\n${rest.slice(end)}`;
  }
  return filled;
}
