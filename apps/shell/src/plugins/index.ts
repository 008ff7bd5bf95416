export { createPluginRuntime, type PluginRuntime } from './plugin-runtime.js';
