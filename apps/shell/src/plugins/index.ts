export { PermissionError } from './client-ui.js';
export { createPluginRuntime, type PluginRuntime } from './plugin-runtime.js';
