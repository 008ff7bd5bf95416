export { buildPlugin, type BuildOptions, type BuildResult } from './build-plugin.js';
