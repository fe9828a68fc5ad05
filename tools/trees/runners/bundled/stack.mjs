/** Prints where an error was thrown. */
import { createIdentity } from "@azidentity/core/in-code";

try {
  createIdentity("no options");
} catch ({ stack }) {
  console.log(stack);
}
