export { buildPlugin, type BuildOptions, type BuildResult } from './build-plugin.js';
export { checkPackage } from './check-package.js';
export { BuildError } from './plugin-source.js';
