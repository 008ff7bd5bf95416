/** A failure that a plugin caused, named so that nobody blames the panel. */
export class PluginError extends Error {
  override readonly name = 'PluginError';
  constructor(
    readonly plugin: string,
    readonly code:
      | 'PLUGIN_FAILED'
      | 'PLUGIN_TIMEOUT'
      | 'PLUGIN_UNAVAILABLE'
      | 'PLUGIN_OVERLOADED'
      | 'PLUGIN_STORE_FAILED'
      | 'PERMISSION_DENIED'
      | 'METHOD_NOT_FOUND'
      | 'CALL_REFUSED',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
