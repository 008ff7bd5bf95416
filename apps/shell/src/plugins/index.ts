export { createPluginRuntime, type PluginRuntime } from './plugin-runtime.js';
export { whenIdle } from './when-idle.js';
