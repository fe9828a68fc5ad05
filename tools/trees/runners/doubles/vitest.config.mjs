export default { test: { include: ["*.vitest.mjs"], globals: false } };
