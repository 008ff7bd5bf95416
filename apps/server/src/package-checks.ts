/** What the authors' command needs of the panel to say of a package, before it is installed, what the panel will say. */
export { inspectPackage } from './plugins/package/inspect.js';
export type { FolderFault } from './plugins/package/read-folder.js';
export { unpackZip, UnpackError } from './plugins/install/unpack-zip.js';
export { compileModule } from './plugins/sandbox/compile/compile-plugin.js';
export { tracePositions } from './plugins/sandbox/compile/trace-positions.js';
export { CompileError } from './plugins/sandbox/compile/compile-error.js';
export { SODIUM_VERSION } from './version.js';
