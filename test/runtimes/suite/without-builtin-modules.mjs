/**
 * Makes this runtime one without `process.getBuiltinModule`, as Node.js before 22.3 is, before a
 * program starts.
 */
delete process.getBuiltinModule;
