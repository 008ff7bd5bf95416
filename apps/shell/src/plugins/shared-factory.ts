/**
 * The way to a shared module's factory, as containers ask for it. Every plugin asks for its modules one after another,
 * and the browser takes its time over an import that it has done before: a module is fetched once. One that could not be
 * fetched is tried again.
 */
export function factoryOf(load: () => Promise<object>): () => Promise<() => object> {
  let factory: Promise<() => object> | undefined;
  return () =>
    (factory ??= load().then(
      (module) => () => module,
      (error: unknown) => {
        factory = undefined;
        throw error;
      },
    ));
}
