/**
 * Text of a JSON or YAML config that contains variables: `${env:NAME}`. Text from code is never a
 * template.
 */
export interface Template {
  readonly $template: string;
}

export const variable = /\$\{env:([A-Za-z_]\w*)\}/g;

/** The text with `lookUp(name)` in place of each variable. */
export function fillTemplate({ $template }: Template, lookUp: (name: string) => string): string {
  return $template.replace(variable, (_, name: string) => lookUp(name));
}
