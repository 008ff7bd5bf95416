/** A document with this id exists already. */
export class DuplicateIdError extends Error {
  override readonly name = 'DuplicateIdError';
  constructor(collection: string, id: string) {
    super(`The collection "${collection}" already holds a document with the id "${id}". Use update() to change it.`);
  }
}

export class UnknownCollectionError extends Error {
  override readonly name = 'UnknownCollectionError';
  constructor(collection: string, registered: readonly string[]) {
    const known = registered.length > 0 ? `Registered so far: ${registered.join(', ')}.` : 'None is registered so far.';
    super(
      `There is no collection "${collection}". Add sodium.db.registerCollections(['${collection}']) to server.js. ${known}`,
    );
  }
}

/** A limit of the plugin's store. */
export class QuotaError extends Error {
  override readonly name = 'QuotaError';
}

/** The stored documents are damaged: nothing is loaded, and nothing is written over them. */
export class StoreCorruptError extends Error {
  override readonly name = 'StoreCorruptError';
  constructor(file: string, line: number, found: string) {
    super(
      `"${file}" is damaged at line ${line}: ${found}. Nothing was loaded, so that nothing is lost. ` +
        `Restore the plugin's folder of documents from a backup, or mend that line by hand.`,
    );
  }
}

/** The panel could not put writes on disk. They are undone; doing them again may succeed. */
export class StoreWriteFailedError extends Error {
  override readonly name = 'StoreWriteFailedError';
  constructor(
    readonly code: string,
    reason: string,
  ) {
    super(`Writes to sodium.db could not be stored and were undone. ${reason}`);
  }
}

/** Plugin code reaches the classes through what it catches, and must not change them for the rest of this process. */
export const DB_ERRORS = [
  DuplicateIdError,
  UnknownCollectionError,
  QuotaError,
  StoreCorruptError,
  StoreWriteFailedError,
] as const;
for (const error of DB_ERRORS) {
  Object.freeze(error.prototype);
  Object.freeze(error);
}
