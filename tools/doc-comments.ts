import type { Comment, Node } from "oxc-parser";

/** What a doc comment of a declaration lacks. */
export interface MissingDoc {
  /** `name`, or `name.member`. */
  readonly name: string;
  readonly problem: string;
}

/** The text of a declaration file. */
export interface DeclarationText {
  readonly source: string;
  readonly comments: readonly Comment[];
}

/**
 * Members that the language prescribes: what they do is known, and constructors are described by
 * their class.
 */
const selfEvident = /^(?:constructor|\[Symbol\.(?:asyncDispose|dispose)\])$/;

/** Errors of ours; a function that fails with one of them says with which codes. */
const ownErrors =
  /^(?:IdentityError|\w*Authentication\w*Error|CredentialUnavailableError|ConfigurationError|AbortError)$/;

export interface DocRules {
  /** The codes that an error can have; a comment that names another one is wrong. */
  readonly codes: ReadonlySet<string>;
  /** The function throws before it returns, which its declaration does not show. */
  readonly throwsAtOnce?: boolean;
}

/**
 * What the doc comments of one declaration lack. A type needs one, and so does each of its members.
 * What can fail, because it returns a promise or throws at once, says with `@throws` how, or that
 * it never rejects.
 */
export function missingDocs(name: string, node: Node, file: DeclarationText, rules: DocRules): MissingDoc[] {
  const check = (as: string, at: Node, throwsAtOnce = false): MissingDoc[] => {
    const canFail = throwsAtOnce || (isCalled(at) && returnsPromise(at, file.source));
    return problemsOf(docBefore(at, file), canFail, rules.codes).map((problem) => ({ name: as, problem }));
  };
  const members = membersOf(node).flatMap((member) => {
    const key = keyOf(member, file.source);
    return key === undefined ? [] : check(`${name}.${key}`, member);
  });
  return [...check(name, node, rules.throwsAtOnce), ...members];
}

/** The names of the members of a type that need a comment. */
export function memberNames(node: Node, { source }: DeclarationText): string[] {
  return membersOf(node).flatMap((member) => keyOf(member, source) ?? []);
}

function problemsOf(doc: string | undefined, canFail: boolean, codes: ReadonlySet<string>): string[] {
  if (doc === undefined) return ["has no doc comment"];
  const thrown = doc.split(/^@/m).filter((part) => part.startsWith("throws"));
  if (thrown.length === 0) return canFail && !/\bnever\s+rejects\b/i.test(doc) ? ["can fail, and has no @throws"] : [];
  return thrown.flatMap((part) => {
    if (!ownErrors.test(/^throws \{([^}]*)\}/.exec(part)?.[1] ?? "")) return [];
    const named = part.match(/(?<=`)[a-z]+(?:-[a-z]+)*(?=`)/g) ?? [];
    const unknown = named.filter((code) => !codes.has(code));
    if (named.length === 0 && !part.includes("docs/errors.md")) return ["has a @throws without codes"];
    return unknown.map((code) => `names the code ${code}, which no error has`);
  });
}

/** The doc comment that ends where the node begins, without its stars. */
export function docBefore(node: Node, { source, comments }: DeclarationText): string | undefined {
  const comment = comments.findLast(({ end }) => end <= node.start);
  if (comment?.type !== "Block" || !comment.value.startsWith("*")) return undefined;
  if (!/^\s*(?:(?:export|declare|default)\s+)*$/.test(source.slice(comment.end, node.start))) return undefined;
  return comment.value.replace(/^\s*\*+ ?/gm, "").trim();
}

/**
 * The members of a type: of an interface, of a class, of an alias of object types. The alternatives
 * of a union are described by the comment of the union.
 */
export function membersOf(node: Node): readonly Node[] {
  switch (node.type) {
    case "TSInterfaceDeclaration":
      return node.body.body;
    case "ClassDeclaration":
      return node.body.body.filter((member) => !("accessibility" in member) || member.accessibility !== "private");
    case "TSTypeAliasDeclaration":
      return membersOf(node.typeAnnotation);
    case "TSTypeLiteral":
      return node.members;
    case "TSIntersectionType":
      return node.types.flatMap(membersOf);
    default:
      return [];
  }
}

export function keyOf(member: Node, source: string): string | undefined {
  if (member.type === "TSCallSignatureDeclaration") return "()";
  if (!("key" in member) || member.key === null || member.key.type === "PrivateIdentifier") return undefined;
  const text = source.slice(member.key.start, member.key.end);
  const key = "computed" in member && member.computed ? `[${text}]` : text;
  return selfEvident.test(key) ? undefined : key;
}

/**
 * Whether it is a function or a method: what a program calls, as opposed to what it passes as an
 * option.
 */
export function isCalled({ type }: Node): boolean {
  return /^(?:TSDeclareFunction|FunctionDeclaration|TSMethodSignature|TSCallSignatureDeclaration|MethodDefinition|TSAbstractMethodDefinition)$/.test(
    type,
  );
}

/** Whether it returns a promise, as opposed to an object or a function that does. */
function returnsPromise(node: Node, source: string): boolean {
  const called = node.type === "MethodDefinition" || node.type === "TSAbstractMethodDefinition" ? node.value : node;
  const type = "returnType" in called ? called.returnType : undefined;
  return type != null && /^[^{(]*\bPromise(?:Like)?</.test(source.slice(type.start, type.end));
}
