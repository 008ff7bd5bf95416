type OnError = (error: unknown) => void;

/** The boundaries whose code runs at this moment, innermost last. */
const running: OnError[] = [];

/**
 * Runs code of a plugin. Errors that it throws go to `onError`, and so do those that the browser reports instead of
 * throwing: an error in a custom element's constructor or connectedCallback while a template is being rendered.
 */
export function runInBoundary(work: () => void, onError: OnError): void {
  running.push(onError);
  try {
    work();
  } catch (error) {
    onError(error);
  } finally {
    running.pop();
  }
}

/** Finds the plugin whose code an error comes from, and lets it show the error. False: not a plugin's. */
export type Attribute = (error: unknown, file: string | undefined) => boolean;

/** Watches the window for errors that no boundary could catch: event handlers, timers, promises. Returns the way to stop. */
export function watchWindowErrors(attribute: Attribute): () => void {
  const onError = (event: ErrorEvent): void => {
    const boundary = running.at(-1);
    if (boundary) boundary(event.error ?? new Error(event.message));
    else attribute(event.error ?? new Error(event.message), event.filename);
  };
  const onRejection = (event: PromiseRejectionEvent): void => {
    attribute(event.reason, undefined);
  };
  window.addEventListener('error', onError);
  window.addEventListener('unhandledrejection', onRejection);
  return () => {
    window.removeEventListener('error', onError);
    window.removeEventListener('unhandledrejection', onRejection);
  };
}
